"""`somos status`: what needs a person, how it is settled, and what goes out next."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import asked
from somos_social.errors import NeedsPerson

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from somos_social.core.foresight import Foreseen
    from somos_social.core.model.channel import Hold
    from somos_social.core.model.delivery import Delivery
    from somos_social.core.model.handoff import Handoff
    from somos_social.flows.attention import ApprovalWanted
    from somos_social.flows.hearing import Noted
    from somos_social.store.approvers import Lock

NEXT = 5


Strict = Annotated[
    bool, typer.Option("--strict", help="End with 6 also where there are only warnings.")
]


def status(ctx: typer.Context, strict: Strict = False) -> None:
    """Show what needs a person, now or soon, and what goes out next. Ends with 6 if anything does.

    What will keep posts from going out is told by what `somos channel verify` learnt last. Late
    hand-offs, approvals wanted soon and messages that reached nobody are told, too.
    """
    from dataclasses import replace

    from somos_social.cli import deliveries, documents, people, rendering
    from somos_social.cli.opening import opened
    from somos_social.core.model.delivery import Status
    from somos_social.flows.attention import (
        approvals_wanted,
        changes_wanted,
        foreseen,
        lacking,
        late_handoffs,
        needs_a_person,
        waits_for_people,
    )
    from somos_social.flows.hearing import untold
    from somos_social.flows.withdrawal import still_public

    call = asked(ctx)
    with opened(call) as app:
        is_copy = app.store.snapshot_taken_at() is not None or app.store.is_behind_its_seal()
        holds = app.store.holds(app.now())
        stuck = needs_a_person(app)
        waits = waits_for_people(app)
        wishes = changes_wanted(app)
        pauses = app.store.pauses.in_force()
        requests = app.store.requests.known(open_only=True)
        seen = still_public(app)
        warnings = foreseen(app)
        late, unheard, wanted = late_handoffs(app), untold(app), approvals_wanted(app)
        now = app.now()
        tried = app.store.approvers.wrongly_tried()
        counts = app.store.counts()
        waiting = app.store.listed(statuses=[Status.SCHEDULED], limit=NEXT + len(stuck))
        whose = lacking(app, waiting)
    if call.json:
        held = {"channels": [documents.hold(hold) for hold in holds.values()]} if holds else {}
        held_back = [replace(each, reason="; ".join(whose)) for each, whose in waits]
        told = {
            "needs_a_person": [documents.delivery(each) for each in (*stuck, *held_back)],
            "counts": counts,
        }
        said = {
            "pauses": [documents.pause(each) for each in pauses],
            "withdrawn_and_public": [documents.still(each) for each in seen],
            "requests": [documents.request(each) for each in requests],
            "changes_requested": [documents.change_request(each) for _, each in wishes],
        }
        soon = {
            "warnings": [documents.warning(it) for it in warnings],
            "approvals_wanted": [documents.approval_wanted(it) for it in wanted],
            "late_handoffs": [documents.handoff(it, now) for it in late],
            "untold": [documents.noted(it) for it in unheard],
            "wrong_keys": [documents.lock(it) for it in tried],
        }
        more = {name: it for name, it in (said | soon).items() if it}
        rendering.document(told | held | more)
    if is_copy:
        rendering.note(
            "This database is an older copy: it does not know what went out since. Before anything "
            "is published, `somos run` asks the networks."
        )
    if not call.json:
        people.tell_of_pauses(pauses)
        people.tell_of_withdrawn(seen)
        people.tell_of_requests(requests)
        people.tell_of_wishes(wishes)
        people.tell_of_missing(waits)
        named = {each.key for each in stuck}
        coming = [each for each in waiting if each.key not in named][:NEXT]
        _show(stuck, holds, counts, bool(waits or requests or wishes or seen), now)
        if coming:
            rendering.say("", "Next:")
            deliveries.table(coming, whose)
        _tell_of_late(late)
        # Those due within a day stand above, with what else they lack.
        _tell_of_wanted(wanted, {(each.campaign, each.post) for each, _ in waits})
        _tell_of_unheard(unheard)
        _tell_of_wrong_keys(tried, now)
        warn(warnings)
    stopped = any(hold.stopped for hold in holds.values())
    if any((is_copy, stuck, waits, seen, requests, wishes, stopped, strict and warnings)):
        raise typer.Exit(NeedsPerson.exit_code)


def _show(
    stuck: "Sequence[Delivery]",
    holds: "Mapping[str, Hold]",
    counts: "Mapping[str, int]",
    waits: bool,
    now: "datetime",
) -> None:
    from somos_social.cli import rendering

    for hold in holds.values():
        _tell_of_channel(hold, [each for each in stuck if _is_kept_back(each, hold)])
    for each in stuck:
        if not _is_kept_back(each, holds.get(each.channel)):
            _tell(each, now)
    number = rendering.counted(len(stuck), "delivery needs", "deliveries need")
    if stuck or not (waits or any(hold.stopped for hold in holds.values())):
        rendering.say(f"{number} a person." if stuck else "Nothing needs a person.")
    if counts:
        rendering.say(", ".join(f"{number:,} {status}" for status, number in counts.items()) + ".")


def _tell_of_late(late: "Sequence[Handoff]") -> None:
    from somos_social.cli import rendering

    if late:
        rendering.say("", "Late hand-offs:")
    for each in late:
        state = each.status.replace("_", " ")
        due = rendering.local_time(each.live_due)
        name = shlex.quote(each.name)
        rendering.say(f"  {each.name}: {state}, to be live {due}. somos handoff show {name}")


def _tell_of_wanted(
    wanted: "Sequence[ApprovalWanted]", told: "Collection[tuple[str, str]]"
) -> None:
    from somos_social.cli import rendering

    left = [each for each in wanted if (each.campaign, each.post) not in told]
    if left:
        rendering.say("", "Approvals wanted soon:")
    for each in left:
        due, whose = rendering.local_time(each.due_at), ", ".join(each.organisations)
        rendering.say(f"  {each.campaign}/{each.post}, due {due}: {whose}")


def _tell_of_unheard(unheard: "Sequence[Noted]") -> None:
    from somos_social.cli import rendering

    if not unheard:
        return
    number = rendering.counted(len(unheard), "message", "messages")
    rendering.say("", f"{number} could not be told. See: somos notify list, somos notify test")
    for each in unheard[:NEXT]:
        why = each.reason or "It is not known whether it went out."
        rendering.say(f"  {each.about} of {each.subject}, to {each.to}: {why}")


def _tell_of_wrong_keys(tried: "Sequence[Lock]", now: "datetime") -> None:
    from somos_social.cli import rendering

    if tried:
        rendering.say("", "Somebody tried wrong keys:")
    for lock in tried:
        until = ""
        if lock.until is not None and lock.until > now:
            until = f" No key of theirs is taken until {rendering.local_time(lock.until)}."
        rendering.say(f"  for {lock.approver}, since their last right one.{until}")


def warn(warnings: "Sequence[Foreseen]") -> None:
    """What will keep posts from going out, and what to do while there is time."""
    from somos_social.cli import rendering

    if warnings:
        rendering.say("", "Before it is too late:")
    for warning in warnings:
        rendering.say(f"  {warning.channel}: {warning.message}")


def _is_kept_back(delivery: "Delivery", hold: "Hold | None") -> bool:
    """Whether all there is to say of it is said of its channel."""
    from somos_social.core.model.delivery import Status

    return hold is not None and hold.stopped and delivery.status is Status.SCHEDULED


def _tell_of_channel(hold: "Hold", kept_back: "Sequence[Delivery]") -> None:
    from somos_social.cli import rendering

    if not hold.stopped:
        until = rendering.local_time(hold.until)
        rendering.say(f"{hold.channel} publishes nothing until {until}. {hold.reason}", "")
        return
    rendering.heading(hold.channel, "stopped")
    number = rendering.counted(len(kept_back), "delivery", "deliveries")
    rendering.facts(
        [
            ("Since", rendering.local_time(hold.since)),
            ("Why", hold.reason),
            ("Waiting for it", ", ".join([number, *(each.key for each in kept_back[:NEXT])])),
            ("Once that is mended", f"somos channel verify {shlex.quote(hold.channel)}"),
        ]
    )
    rendering.say("")


def _tell(delivery: "Delivery", now: "datetime") -> None:
    from somos_social.cli import deliveries, rendering

    state = "blocked" if delivery.blocked else delivery.status.value
    waits = not delivery.blocked and delivery.run_at is not None and delivery.run_at > now
    rendering.heading(delivery.key, state)
    rendering.facts(
        [
            ("Due", rendering.local_time(delivery.due_at)),
            ("Why", delivery.reason),
            ("Look at", deliveries.page(delivery)),
            *_by_itself(delivery, waits),
            *deliveries.ways_out(delivery, waits=waits),
        ]
    )
    rendering.say("")


def _by_itself(delivery: "Delivery", waits: bool) -> list[tuple[str, str]]:
    from somos_social.cli import rendering
    from somos_social.core.model.delivery import Status

    if delivery.run_at is None:
        return []
    at = rendering.local_time(delivery.run_at)
    match delivery.status:
        case Status.UNCONFIRMED:
            return [("The program looks again at", at)]
        case Status.SCHEDULED if waits and delivery.run_at >= delivery.expires_at:
            return [("It is given up at", rendering.local_time(delivery.expires_at))]
        case Status.SCHEDULED if waits:
            return [("The program tries again at", at)]
        case _:
            return []
