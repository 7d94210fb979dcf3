"""What influencers are asked to post, as the database has it now."""

from starlette.responses import Response

from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit


def show(visit: Visit) -> Response:
    """Never with a contact: how to reach someone is for the desk."""
    campaigns, app = campaigns_of(visit), visit.board.app
    now = app.now()
    found = [
        {
            **{name: row[name] for name in row if name != "contact"},
            "is_late": row["url"] is None and row["live_due"] < now,
        }
        for row in app.store.handoffs(campaigns.chosen)
    ]
    return visit.page("handoffs.html", campaigns=campaigns, handoffs=found)
