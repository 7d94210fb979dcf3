"""One post as it will look, beside what was approved before; a yes to it, or a wish for changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from somos_social.board.comparing import Changed, Seen, changes
from somos_social.board.halting import Halt
from somos_social.board.standing import Posted, Standing, posted, standings
from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit
from somos_social.core.model.delivery import Delivery
from somos_social.core.people import Approver, ChangeRequest
from somos_social.errors import NotAllowed
from somos_social.flows import App, approval
from somos_social.preview import Look, described, looks

LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a channel shows of the post, and beside it what somebody said something of before.

    `before` is None where nobody did, or nothing differs. `is_asked` says that the guest may say
    yes to it now, and `is_given` that the guest's organisation has.
    """

    look: Look
    standing: Sequence[Standing]
    before: Look | None
    seen: Seen | None
    changed: Sequence[tuple[Delivery, Sequence[Changed]]]
    is_asked: bool
    is_given: bool


def show(visit: Visit, *, problem: str = "", comment: str = "") -> Response:
    found = _found(visit)
    name = found[0].campaign
    campaigns = campaigns_of(visit)
    shown = _shown(visit, found)
    app = visit.board.app
    required = app.store.said_of(found).required.get(name, ())
    return visit.page(
        "post.html",
        status=400 if problem else 200,
        campaigns=campaigns,
        zone=campaigns.zone_of(name),
        path=_path(found),
        post=_posted(app, found),
        shown=shown,
        described=described([each.look for each in shown]),
        required=required,
        marks=[mark(each) for each in found],
        may_speak=visit.is_approver and any(each.is_asked or each.is_given for each in shown),
        may_approve=visit.is_approver and any(each.is_asked for each in shown),
        requests=_requests(app, found),
        words=_words(app, found),
        problem=problem,
        comment=comment,
    )


def state(visit: Visit) -> Response:
    """How it stands now, for a page that stays open."""
    found = _found(visit)
    return visit.page("post_state.html", path=_path(found), post=_posted(visit.board.app, found))


def approve(visit: Visit) -> Response:
    """The organisation's yes to what was shown, and to nothing that was changed since."""
    approver = visit.approver()
    app = visit.app
    chosen = _chosen(visit, approver)
    given = approval.approve(app, approver, [each.delivery for each in chosen if not each.is_given])
    return visit.go(_path([each.delivery for each in chosen]), done="approved" if given else "")


def ask_for_changes(visit: Visit) -> Response:
    """The organisation wants it otherwise; a yes it gave to it is none any more."""
    approver = visit.approver()
    comment = str(visit.form.get("comment", "")).replace("\r\n", "\n").strip()
    is_text = all(line.isprintable() for line in comment.split("\n"))
    if not 0 < len(comment) <= LONGEST_COMMENT or not is_text:
        return show(visit, problem="comment-needed", comment=comment[:LONGEST_COMMENT])
    chosen = _chosen(visit, approver)
    approval.ask_for_changes(visit.app, approver, [each.delivery for each in chosen], comment)
    return visit.go(_path([each.delivery for each in chosen]), done="changes-requested")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said of the post in one breath, and `on` which channels."""

    at: datetime
    by: str
    event: str
    reason: str | None
    on: Sequence[str]


def _words(app: App, found: Sequence[Delivery]) -> list[Word]:
    """All that organisations have said of it, the oldest first."""
    said = app.store.pages.words_on([each.key for each in found])

    def breath(entry: Mapping[str, Any]) -> tuple[Any, ...]:
        return entry["at"], entry["actor"], entry["event"], entry["reason"]

    return [
        Word(at=at, by=by, event=event, reason=reason, on=_channels(group))
        for (at, by, event, reason), group in groupby(said, breath)
    ]


def _channels(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    names = (entry["delivery"].partition("@")[2].partition("#")[0] for entry in entries)
    return list(dict.fromkeys(names))


def _requests(app: App, found: Sequence[Delivery]) -> list[ChangeRequest]:
    """What is to be changed, each wish once, however many channels it is about."""
    wishes = app.store.approvals.change_requests([each.key for each in found])
    return list({(it.organisation, it.at, it.comment): it for it in wishes}.values())


def mark(delivery: Delivery) -> str:
    """What of a delivery its reader saw; it differs once the content or the time does."""
    return f"{delivery.variant.digest}/{delivery.due_at:%Y%m%d%H%M%S} {delivery.key}"


def _found(visit: Visit) -> list[Delivery]:
    """The deliveries of the post. Raises Halt where there is none."""
    asked = visit.request.path_params
    found = visit.board.app.store.pages.of_post(asked["campaign"], asked["post"])
    if not found:
        raise Halt(404)
    return found


def _path(found: Collection[Delivery]) -> str:
    first = next(iter(found))
    return f"/post/{quote(first.campaign)}/{quote(first.post)}"


def _posted(app: App, found: Collection[Delivery]) -> Posted:
    return posted(standings(app, found))[0]


def _chosen(visit: Visit, approver: Approver) -> list[approval.Asked]:
    """What the form names, as it stands now. Raises Halt where that is not what was seen."""
    found = _found(visit)
    channels = visit.form.getlist("channel")  # type: ignore[attr-defined]  # Starlette's own mapping
    seen = set(visit.form.getlist("seen"))  # type: ignore[attr-defined]
    asked = [it for it in _asked(visit.app, approver, found) if it.delivery.channel in channels]
    if not asked:
        raise Halt(409, "nothing-to-say")
    if any(mark(each.delivery) not in seen for each in asked):
        raise Halt(409, "changed-since")
    return asked


def _asked(app: App, approver: Approver, found: Sequence[Delivery]) -> list[approval.Asked]:
    """What of it awaits a word of the organisation, or has its yes; of one not asked, nothing."""
    required = app.store.said_of(found).required.get(found[0].campaign, ())
    try:
        return approval.asked(app, found, approver.organisation, required=required)
    except NotAllowed:
        return []


def _shown(visit: Visit, found: Sequence[Delivery]) -> list[Shown]:
    app, pictures = visit.board.app, visit.board.pictures
    standing = {each.delivery.key: each for each in standings(app, found)}
    asked = _asked_of(visit, found)
    seen = _seen_before(visit, found)
    shown = []
    for look in looks(found, pictures.shows):
        keys = [each.key for each in look.deliveries]
        theirs = [asked[key] for key in keys if key in asked]
        changed = [
            (each, differences)
            for each in look.deliveries
            if each.key in seen and (differences := changes(seen[each.key], each))
        ]
        old = _as_seen(found, look.delivery.channel, seen)
        before = looks(old, pictures.shows) if changed and old else []
        shown.append(
            Shown(
                look=look,
                standing=[standing[key] for key in keys],
                before=before[0] if before else None,
                seen=seen[changed[0][0].key] if changed else None,
                changed=changed,
                is_asked=any(not each.is_given for each in theirs),
                is_given=bool(theirs) and all(each.is_given for each in theirs),
            )
        )
    return shown


def _asked_of(visit: Visit, found: Sequence[Delivery]) -> dict[str, approval.Asked]:
    if not visit.is_approver:
        return {}
    try:
        approver = visit.approver()
    except Halt:
        return {}
    return {each.delivery.key: each for each in _asked(visit.board.app, approver, found)}


def _seen_before(visit: Visit, found: Sequence[Delivery]) -> dict[str, Seen]:
    """By key, what was said last of it: by the guest's own organisation where it said anything."""
    approvals = visit.board.app.store.approvals
    keys = [each.key for each in found]
    said = [
        *((it.delivery, _seen(it)) for it in approvals.given(keys)),
        *((it.delivery, _seen(it, it.comment)) for it in approvals.change_requests(keys)),
    ]
    own = visit.person.organisation
    ordered = sorted(said, key=lambda each: (each[1].organisation == own, each[1].at))
    return dict(ordered)


def _seen(word: Any, comment: str | None = None) -> Seen:
    names = ("organisation", "person", "at", "variant", "due_at")
    return Seen(**{name: getattr(word, name) for name in names}, comment=comment)


def _as_seen(found: Sequence[Delivery], channel: str, seen: Mapping[str, Seen]) -> list[Delivery]:
    """The channel's deliveries with what was seen of them; without those that nobody saw."""
    return [
        replace(each, variant=seen[each.key].variant, due_at=seen[each.key].due_at)
        for each in found
        if each.channel == channel and each.key in seen
    ]
