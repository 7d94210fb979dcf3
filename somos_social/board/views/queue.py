"""The queue: posts by how they stand, a page of them at a time."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from somos_social.board.standing import OPEN, Posted, posted, standings
from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit
from somos_social.core.model.delivery import Status
from somos_social.store.pages import Wanted

ON_A_PAGE = 25
MOST_PAGES = 4000

STATES: Mapping[str, Sequence[Status]] = {
    "open": (*OPEN, Status.PUBLISHING, Status.UNCONFIRMED),
    "unapproved": OPEN,
    "stuck": (Status.FAILED, Status.MISSED, Status.UNCONFIRMED),
    "public": (Status.PUBLISHED,),
    "over": (Status.CANCELLED, Status.REMOVED),
    "all": (),
}
"""The filters by what they are called, and the states of which a post must have one."""

MOST_UNAPPROVED = 500
"""So many posts are looked through for those that lack a yes."""


def show(visit: Visit) -> Response:
    campaigns = campaigns_of(visit)
    state = visit.asked("state") if visit.asked("state") in STATES else "open"
    channels = visit.board.app.store.pages.channels()
    channel = visit.asked("channel") if visit.asked("channel") in channels else None
    wanted = Wanted(statuses=STATES[state], campaign=campaigns.chosen, channel=channel)
    page = _number(visit.asked("page"))
    if state == "unapproved":
        organisation = visit.person.organisation if visit.is_approver else None
        lacking = unapproved_posts(visit, organisation, wanted)
        found = lacking[page * ON_A_PAGE : (page + 1) * ON_A_PAGE + 1]
    else:
        found = _posts(visit, wanted, page, newest_first=state in ("public", "over"))
    return visit.page(
        "queue.html",
        campaigns=campaigns,
        channels=channels,
        channel=channel,
        states=list(STATES),
        state=state,
        posts=found[:ON_A_PAGE],
        page_number=page,
        has_more=len(found) > ON_A_PAGE,
    )


def unapproved_posts(
    visit: Visit, organisation: str | None, wanted: Wanted | None = None
) -> list[Posted]:
    """Posts that lack the yes of this organisation, or of any; the earliest first."""
    app = visit.board.app
    groups = app.store.pages.posts(wanted or Wanted(statuses=OPEN), limit=MOST_UNAPPROVED)
    found = posted(standings(app, [each for group in groups for each in group]))
    return [
        each
        for each in found
        if (each.missing if organisation is None else organisation in each.missing)
    ]


def _posts(visit: Visit, wanted: Wanted, page: int, *, newest_first: bool) -> list[Posted]:
    app = visit.board.app
    groups = app.store.pages.posts(
        wanted, limit=ON_A_PAGE + 1, offset=page * ON_A_PAGE, newest_first=newest_first
    )
    found = posted(standings(app, [each for group in groups for each in group]))
    return found[::-1] if newest_first else found


def _number(written: str) -> int:
    return min(int(written), MOST_PAGES) if written.isdecimal() and len(written) < 6 else 0
