"""What influencers are asked to post, as the database has it now."""

from dataclasses import replace

from starlette.responses import Response

from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit
from somos_social.core.handoff import is_late


def show(visit: Visit) -> Response:
    """Never with a contact: how to reach someone is for the desk."""
    campaigns, app = campaigns_of(visit), visit.board.app
    now = app.now()
    found = [
        (replace(handoff, contact=""), is_late(handoff, now))
        for handoff in app.store.handoffs(campaigns.chosen)
    ]
    return visit.page("handoffs.html", campaigns=campaigns, handoffs=found)
