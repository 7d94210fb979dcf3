"""What is paused, and by whom; an approver pauses and lets go on."""

from starlette.responses import Response

from somos_social.board.halting import Halt
from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit
from somos_social.core.people import Pause
from somos_social.flows import pause as flow

LONGEST_REASON = 300


def show(visit: Visit, *, problem: str = "") -> Response:
    app = visit.board.app
    found = app.store.pauses.in_force()
    return visit.page(
        "pauses.html",
        status=400 if problem else 200,
        campaigns=campaigns_of(visit),
        channels=sorted(app.channels),
        pauses=[(each, _may_end(visit, each)) for each in found],
        kept_back={each.number: flow.kept_back(app, each) for each in found},
        problem=problem,
        fallen=_number(visit.asked("fallen")),
        leaving=_number(visit.asked("leaving")),
    )


def pause(visit: Visit) -> Response:
    """Everything, a channel or a campaign, from now on."""
    visit.approver()
    reason = " ".join(str(visit.form.get("reason", "")).split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        return show(visit, problem="reason-needed")
    app = visit.app
    kind, _, name = str(visit.form.get("of", "")).partition(" ")
    channel = name if kind == "channel" else None
    campaign = name if kind == "campaign" else None
    is_known = (
        kind == "everything" or channel in app.channels or campaign in app.store.pages.campaigns()
    )
    if not is_known:
        return show(visit, problem="scope-needed")
    wanted = Pause(reason=reason, since=app.now(), channel=channel, campaign=campaign)
    _, leaving = flow.pause(app, wanted)
    return visit.go("/pauses", done="paused", leaving=str(len(leaving) or ""))


def resume(visit: Visit) -> Response:
    """Ends one pause; what fell due meanwhile is missed until it gets a new time."""
    visit.approver()
    app = visit.app
    number = visit.request.path_params["number"]
    ended = [each for each in app.store.pauses.in_force() if each.number == number]
    if not ended:
        raise Halt(404)
    if not _may_end(visit, ended[0]):
        raise Halt(403, "not-this-pause")
    passed = flow.resume(app, ended)
    return visit.go("/pauses", done="resumed", fallen=str(len(passed) or ""))


def _number(written: str) -> int:
    """Of an address anybody may write: nothing but a number is shown."""
    return int(written) if written.isdecimal() and len(written) < 7 else 0


def _may_end(visit: Visit, pause: Pause) -> bool:
    """Not a blackout, which its campaign file ends, nor what protects a person."""
    return visit.is_approver and pause.until is None and pause.person is None
