"""The life of a delivery, as tables of examples: from each state, for each event, what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from somos_social.core.delivery import (
    BLOCKED_PAUSE,
    LONGEST_PAUSE,
    MOVES,
    UNKNOWABLE_PAUSE,
    Move,
    decide,
    follow,
    is_late_by_itself,
    is_looked_for,
)
from somos_social.core.events import (
    Abandoned,
    Absent,
    Accepted,
    Amended,
    Blocked,
    Busy,
    Cancelled,
    Duplicate,
    Event,
    Kept,
    NotReady,
    Overdue,
    PassedBy,
    Prepared,
    Published,
    Refused,
    Removed,
    Restored,
    Retried,
    Returned,
    Settled,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
    Withheld,
)
from somos_social.core.model.channel import Hold
from somos_social.core.model.delivery import Delivery, Policy, Receipt, Status, Upload
from somos_social.core.model.post import Variant
from somos_social.errors import NotAllowed
from tests.samples import HOUR, MINUTE, NOW, POLICY, RECEIPT, UPLOAD, X, a_comment, standing

SCHEDULED, CLAIMED, PUBLISHING, PUBLISHED, UNCONFIRMED, FAILED, MISSED, CANCELLED, REMOVED = Status

LATER = NOW + 30 * MINUTE
OTHER_UPLOAD = Upload(begun_at=NOW, parts={"photo:0": "1789", "photo:1": "1790"})
OTHER_VARIANT = Variant(text="Otra versión. #SomosLoMismo")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One event under one circumstance, and the statuses it leads to; elsewhere it is refused."""

    says: str
    event: Event
    leads: Mapping[Status, Status]
    now: datetime = NOW
    given: Mapping[str, Any] = field(default_factory=dict)

    def delivery(self, status: Status) -> Delivery:
        return standing(status, **self.given)


SPENT: dict[str, Any] = {"attempts": POLICY.attempts}
EARLY: dict[str, Any] = {"due_at": NOW + 5 * MINUTE, "expires_at": NOW + 2 * HOUR}
TOO_LATE = NOW + POLICY.grace
LOOKED_LATE: dict[str, Any] = {"absent_after": NOW}
LOOKED_ONCE: dict[str, Any] = {"absent_after": NOW, "looks": 1}

TABLE = [
    Case(
        says="prepared before its time",
        event=Prepared(UPLOAD),
        given=EARLY,
        leads={CLAIMED: SCHEDULED},
    ),
    Case(says="prepared at its time", event=Prepared(UPLOAD), leads={CLAIMED: PUBLISHING}),
    Case(
        says="prepared when its grace is over",
        event=Prepared(UPLOAD),
        now=TOO_LATE,
        leads={CLAIMED: MISSED},
    ),
    Case(says="not ready", event=NotReady(LATER, UPLOAD), leads={CLAIMED: SCHEDULED}),
    Case(says="busy", event=Busy(UPLOAD), leads={CLAIMED: SCHEDULED}),
    Case(says="returned", event=Returned(None), leads={CLAIMED: SCHEDULED}),
    Case(says="suspected", event=Suspected("It was used already."), leads={CLAIMED: UNCONFIRMED}),
    Case(
        says="blocked",
        event=Blocked("No secret."),
        leads={CLAIMED: SCHEDULED, PUBLISHING: SCHEDULED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="blocked when its grace is over",
        event=Blocked("No secret."),
        now=TOO_LATE,
        leads={CLAIMED: MISSED, PUBLISHING: MISSED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="published",
        event=Published(RECEIPT),
        leads=dict.fromkeys(
            [SCHEDULED, CLAIMED, PUBLISHING, UNCONFIRMED, FAILED, MISSED, CANCELLED], PUBLISHED
        ),
    ),
    Case(
        says="refused as a duplicate",
        event=Duplicate("It is there."),
        leads={PUBLISHING: UNCONFIRMED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="accepted, to be seen later",
        event=Accepted(RECEIPT, "It is being processed."),
        leads={PUBLISHING: UNCONFIRMED},
    ),
    Case(
        says="refused",
        event=Refused("Too long."),
        leads={CLAIMED: FAILED, PUBLISHING: FAILED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="throttled",
        event=Throttled(LATER, "Slower."),
        leads={CLAIMED: SCHEDULED, PUBLISHING: SCHEDULED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="throttled on its last attempt",
        event=Throttled(LATER, "Slower."),
        given=SPENT,
        leads={CLAIMED: SCHEDULED, PUBLISHING: SCHEDULED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="unreachable",
        event=Unreachable("No route."),
        leads={CLAIMED: SCHEDULED, PUBLISHING: SCHEDULED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="unreachable on its last attempt",
        event=Unreachable("No route."),
        given=SPENT,
        leads={CLAIMED: FAILED, PUBLISHING: FAILED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="unanswered",
        event=Unanswered("502."),
        leads={CLAIMED: SCHEDULED, PUBLISHING: UNCONFIRMED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(
        says="unanswered on its last attempt",
        event=Unanswered("502."),
        given=SPENT,
        leads={CLAIMED: FAILED, PUBLISHING: UNCONFIRMED, UNCONFIRMED: UNCONFIRMED},
    ),
    Case(says="abandoned", event=Abandoned(), leads={CLAIMED: SCHEDULED, PUBLISHING: UNCONFIRMED}),
    Case(
        says="abandoned on its last attempt",
        event=Abandoned(),
        given=SPENT,
        leads={CLAIMED: FAILED, PUBLISHING: UNCONFIRMED},
    ),
    Case(says="absent too early", event=Absent(), leads={UNCONFIRMED: UNCONFIRMED}),
    Case(
        says="absent once",
        event=Absent(),
        given=LOOKED_LATE,
        leads={UNCONFIRMED: UNCONFIRMED},
    ),
    Case(says="absent twice", event=Absent(), given=LOOKED_ONCE, leads={UNCONFIRMED: SCHEDULED}),
    Case(
        says="absent twice after the last attempt",
        event=Absent(),
        given=LOOKED_ONCE | SPENT,
        leads={UNCONFIRMED: FAILED},
    ),
    Case(says="unread", event=Unread("Cut off."), leads={UNCONFIRMED: UNCONFIRMED}),
    Case(says="unknowable", event=Unknowable("No plan."), leads={UNCONFIRMED: UNCONFIRMED}),
    Case(says="overdue", event=Overdue(), leads={SCHEDULED: MISSED, CLAIMED: MISSED}),
    Case(
        says="overdue while it may be public unknown to us",
        event=Overdue(),
        given={"suspect": True},
        leads={SCHEDULED: UNCONFIRMED, CLAIMED: UNCONFIRMED},
    ),
    Case(
        says="passed by in a pause",
        event=PassedBy("An election."),
        leads={SCHEDULED: MISSED, CLAIMED: MISSED},
    ),
    Case(
        says="passed by in a pause while it may be public unknown to us",
        event=PassedBy("An election."),
        given={"suspect": True},
        leads={SCHEDULED: UNCONFIRMED, CLAIMED: UNCONFIRMED},
    ),
    Case(
        says="withheld by people",
        event=Withheld("Paused.", UPLOAD),
        leads={CLAIMED: SCHEDULED},
    ),
    Case(
        says="found in a restored database, its time past",
        event=Restored(NOW - HOUR),
        leads=dict.fromkeys(
            [SCHEDULED, CLAIMED, PUBLISHING, UNCONFIRMED, FAILED, MISSED, CANCELLED], UNCONFIRMED
        ),
    ),
    Case(
        says="found in a restored database before its time",
        event=Restored(NOW - HOUR),
        given=EARLY,
        leads={
            SCHEDULED: SCHEDULED,
            CLAIMED: SCHEDULED,
            PUBLISHING: UNCONFIRMED,
            UNCONFIRMED: UNCONFIRMED,
            FAILED: UNCONFIRMED,
            MISSED: UNCONFIRMED,
            CANCELLED: UNCONFIRMED,
        },
    ),
    Case(
        says="found in a restored database below a post that is not known",
        event=Restored(NOW - HOUR),
        given={"after": "a/b@x:c"},
        leads={
            SCHEDULED: SCHEDULED,
            CLAIMED: SCHEDULED,
            PUBLISHING: UNCONFIRMED,
            UNCONFIRMED: UNCONFIRMED,
            FAILED: FAILED,
            MISSED: MISSED,
            CANCELLED: CANCELLED,
        },
    ),
    *(
        Case(
            says=f"absent for the last time, to rest as {resting}",
            event=Absent(),
            given=LOOKED_ONCE | {"resting": resting},
            leads={UNCONFIRMED: resting},
        )
        for resting in (FAILED, MISSED, CANCELLED, UNCONFIRMED)
    ),
    Case(
        says="amended",
        event=Amended(OTHER_VARIANT, LATER, HOUR),
        leads=dict.fromkeys([SCHEDULED, CLAIMED, FAILED, MISSED, CANCELLED], SCHEDULED),
    ),
    Case(
        says="cancelled",
        event=Cancelled("Not now."),
        leads=dict.fromkeys([SCHEDULED, CLAIMED, FAILED, MISSED], CANCELLED),
    ),
    Case(
        says="cancelled while it may be public unknown to us",
        event=Cancelled("Not now."),
        given={"suspect": True},
        leads=dict.fromkeys([SCHEDULED, CLAIMED, FAILED, MISSED], UNCONFIRMED),
    ),
    Case(says="retried", event=Retried(), leads={FAILED: SCHEDULED, MISSED: SCHEDULED}),
    Case(
        says="retried while blocked",
        event=Retried(),
        given={"blocked": True},
        leads={SCHEDULED: SCHEDULED, FAILED: SCHEDULED, MISSED: SCHEDULED},
    ),
    Case(
        says="settled as public",
        event=Settled(RECEIPT),
        leads=dict.fromkeys([UNCONFIRMED, FAILED, MISSED], PUBLISHED),
    ),
    Case(says="seen to be gone", event=Removed(), leads={PUBLISHED: REMOVED}),
    Case(says="not seen to be gone", event=Kept("Not allowed."), leads={PUBLISHED: PUBLISHED}),
    Case(
        says="settled as gone after it could not be taken down",
        event=Settled(None),
        given={"blocked": True} | LOOKED_LATE,
        leads={PUBLISHED: REMOVED, UNCONFIRMED: FAILED},
    ),
    Case(
        says="settled as not there",
        event=Settled(None),
        given=LOOKED_LATE,
        leads={UNCONFIRMED: FAILED},
    ),
]

BY_A_CLAIM = {(SCHEDULED, CLAIMED)}
"""The store makes this one move itself, in the statement that chooses what is claimed."""


def decided(delivery: Delivery, event: Event, now: datetime = NOW) -> Delivery:
    return decide(delivery, event, now, POLICY).after


def _pairs() -> Iterator[Any]:
    for case in TABLE:
        for status in Status:
            where = case.leads.get(status)
            name = f"{status}, {case.says}: {where or 'refused'}"
            yield pytest.param(case, status, where, id=name)


@pytest.mark.parametrize(("case", "status", "where"), list(_pairs()))
def test_from_each_state_each_event_leads_where_the_table_says(
    case: Case, status: Status, where: Status | None
) -> None:
    before = case.delivery(status)
    if where is None:
        with pytest.raises(NotAllowed) as refused:
            decide(before, case.event, case.now, POLICY)
        assert refused.value.exit_code == 4
        assert before.key in str(refused.value)
        assert f"is {status}" in str(refused.value)
    else:
        move = decide(before, case.event, case.now, POLICY)
        assert move.after.status is where
        assert move.before is before
        assert move.event == type(case.event).__name__.lower()


def test_the_table_speaks_of_every_event() -> None:
    assert {type(case.event) for case in TABLE} == set(get_args(Event))


def test_the_legal_moves_are_exactly_those_that_something_can_make() -> None:
    made = {(status, to) for case in TABLE for status, to in case.leads.items()}
    legal = {(status, to) for status, targets in MOVES.items() for to in targets}
    assert legal == made | BY_A_CLAIM


def test_every_status_has_its_legal_moves() -> None:
    assert set(MOVES) == set(Status)


def test_a_move_that_is_not_legal_cannot_be_made_by_hand() -> None:
    public = standing(PUBLISHED)
    with pytest.raises(NotAllowed, match="It is public"):
        Move(before=public, after=replace(public, status=SCHEDULED), event="retried")


@pytest.mark.parametrize("status", Status)
def test_a_refusal_names_the_way_out(status: Status) -> None:
    event = Returned(None) if status is not CLAIMED else Retried()
    with pytest.raises(NotAllowed, match=r"is not possible now\. [A-Z].+\.$"):
        decide(standing(status), event, NOW, POLICY)


@pytest.mark.parametrize("status", [CLAIMED, PUBLISHING])
@pytest.mark.parametrize("case", TABLE, ids=lambda case: str(case.says))
def test_what_leaves_the_hand_leaves_its_lease(case: Case, status: Status) -> None:
    if (where := case.leads.get(status)) and where is not PUBLISHING:
        after = decided(case.delivery(status), case.event, case.now)
        assert (after.lease, after.lease_until) == (None, None)


# Preparing.


def test_what_is_prepared_early_keeps_its_upload_and_waits_for_its_second() -> None:
    after = decided(standing(CLAIMED, **EARLY, attempts=2), Prepared(UPLOAD))
    assert after.run_at == EARLY["due_at"]
    assert (after.upload, after.prepared, after.attempts) == (UPLOAD, True, 1)


def test_the_intent_is_written_with_its_time_and_a_new_lease() -> None:
    late = NOW + 3 * MINUTE
    after = decided(standing(CLAIMED, blocked=True, reason="It was so."), Prepared(UPLOAD), late)
    assert after.asked_at == late
    assert after.lease_until == late + POLICY.lease
    assert after.lease == "worker#1"
    assert (after.upload, after.prepared) == (UPLOAD, True)
    assert (after.blocked, after.reason) == (False, None)


def test_a_second_asking_keeps_the_time_of_the_first() -> None:
    first = NOW - HOUR
    assert decided(standing(CLAIMED, asked_at=first), Prepared(UPLOAD)).asked_at == first


def test_the_last_moment_of_the_grace_is_already_too_late() -> None:
    claimed = standing(CLAIMED)
    just_before = claimed.expires_at - timedelta(microseconds=1)
    assert decided(claimed, Prepared(UPLOAD), just_before).status is PUBLISHING
    assert decided(claimed, Prepared(UPLOAD), claimed.expires_at).status is MISSED


@pytest.mark.parametrize(
    "event",
    [
        NotReady(LATER, UPLOAD),
        Busy(UPLOAD),
        Returned(None),
        Blocked("No secret."),
        Throttled(LATER, "Slower."),
    ],
    ids=lambda event: type(event).__name__,
)
@pytest.mark.parametrize(("attempts", "left"), [(3, 2), (1, 0), (0, 0)])
def test_what_was_not_our_fault_gives_the_attempt_back(
    event: Event, attempts: int, left: int
) -> None:
    assert decided(standing(CLAIMED, attempts=attempts), event).attempts == left


@pytest.mark.parametrize(
    "event",
    [Unreachable("No route."), Unanswered("502."), Abandoned()],
    ids=lambda event: type(event).__name__,
)
def test_what_went_wrong_keeps_the_attempt_counted(event: Event) -> None:
    assert decided(standing(CLAIMED, attempts=2), event).attempts == 2


def test_what_is_not_ready_comes_back_when_the_platform_said() -> None:
    after = decided(standing(CLAIMED, upload=UPLOAD, prepared=True), NotReady(LATER, OTHER_UPLOAD))
    assert (after.run_at, after.upload, after.prepared) == (LATER, OTHER_UPLOAD, False)


def test_what_finds_its_channel_busy_stays_prepared_and_comes_back_at_once() -> None:
    after = decided(standing(CLAIMED), Busy(OTHER_UPLOAD))
    assert (after.run_at, after.upload, after.prepared) == (NOW, OTHER_UPLOAD, True)
    assert after.asked_at is None


def test_what_is_returned_comes_back_at_once_as_it_was() -> None:
    after = decided(standing(CLAIMED, upload=UPLOAD, prepared=True), Returned(None))
    assert (after.run_at, after.upload, after.prepared) == (NOW, UPLOAD, True)
    assert after.reason is None


def test_what_was_uploaded_before_it_is_returned_is_kept() -> None:
    assert decided(standing(CLAIMED, upload=UPLOAD), Returned(OTHER_UPLOAD)).upload == OTHER_UPLOAD


def test_what_is_suspected_to_be_public_is_looked_for() -> None:
    after = decided(standing(CLAIMED, looks=1), Suspected("The container was used."))
    assert after.reason == "The container was used."
    assert after.absent_after == NOW + POLICY.look_after
    assert after.looks == 0


# Failing.


@pytest.mark.parametrize(
    ("attempts", "pause"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (30, 60)]
)
@pytest.mark.parametrize(
    "event",
    [Unreachable("No route."), Unanswered("502."), Abandoned()],
    ids=lambda event: type(event).__name__,
)
def test_the_pause_doubles_up_to_an_hour(event: Event, attempts: int, pause: int) -> None:
    patient = Policy(attempts=99)
    after = decide(standing(CLAIMED, attempts=attempts), event, NOW, patient).after
    assert after.run_at == NOW + pause * MINUTE


def test_the_pauses_are_an_hour_and_five_minutes() -> None:
    assert LONGEST_PAUSE == UNKNOWABLE_PAUSE == HOUR
    assert BLOCKED_PAUSE == 5 * MINUTE


def test_a_throttled_one_asks_again_when_the_platform_said() -> None:
    after = decided(standing(PUBLISHING, attempts=2), Throttled(LATER, "Slower."))
    assert (after.run_at, after.attempts, after.reason) == (LATER, 1, "Slower.")


@pytest.mark.parametrize(
    "event",
    [
        Throttled(LATER, "Slower.", OTHER_UPLOAD),
        Unreachable("No route.", OTHER_UPLOAD),
        Unanswered("502.", OTHER_UPLOAD),
    ],
    ids=lambda event: type(event).__name__,
)
@pytest.mark.parametrize("status", [CLAIMED, PUBLISHING])
def test_a_failure_that_brings_an_upload_asks_to_look_at_what_lies_there(
    status: Status, event: Event
) -> None:
    after = decided(standing(status, upload=UPLOAD, prepared=True), event)
    assert (after.upload, after.prepared) == (OTHER_UPLOAD, False)


def test_a_failure_without_an_upload_keeps_what_is_prepared() -> None:
    after = decided(standing(PUBLISHING), Throttled(LATER, "Slower."))
    assert (after.upload, after.prepared) == (UPLOAD, True)


def test_what_is_blocked_says_so_and_looks_again_soon() -> None:
    after = decided(standing(CLAIMED), Blocked("The secret ended."))
    assert after.blocked
    assert after.reason == "The secret ended."
    assert after.run_at == NOW + BLOCKED_PAUSE


def test_what_is_missed_while_blocked_keeps_the_reason_of_the_block() -> None:
    after = decided(standing(CLAIMED), Blocked("The secret ended."), TOO_LATE)
    assert (after.reason, after.blocked) == ("The secret ended.", False)


def test_a_refusal_keeps_the_words_of_the_platform() -> None:
    assert decided(standing(PUBLISHING), Refused("Too long.")).reason == "Too long."


# In doubt.


@pytest.mark.parametrize("event", [Unanswered("502."), Abandoned()], ids=["unanswered", "dead"])
def test_an_unclear_call_is_looked_for_soon_and_believed_absent_only_late(event: Event) -> None:
    after = decided(standing(PUBLISHING), event)
    assert after.run_at == NOW + POLICY.look_after / 12
    assert after.absent_after == NOW + POLICY.look_after
    assert (after.looks, after.asked_at) == (0, NOW)


def test_an_early_look_that_finds_nothing_does_not_count() -> None:
    unclear = standing(UNCONFIRMED, looks=1)
    early = NOW + POLICY.look_after - timedelta(microseconds=1)
    after = decided(unclear, Absent(), early)
    assert (after.status, after.looks) == (UNCONFIRMED, 1)
    assert after.run_at == early + POLICY.look_after / 3


def test_a_look_counts_only_where_a_time_for_it_is_known() -> None:
    after = decided(standing(UNCONFIRMED, absent_after=None, looks=1), Absent(), NOW + HOUR)
    assert (after.status, after.looks) == (UNCONFIRMED, 1)


def test_two_late_looks_are_needed_to_believe_that_it_is_not_there() -> None:
    late = NOW + POLICY.look_after
    once = decided(standing(UNCONFIRMED), Absent(), late)
    assert (once.status, once.looks) == (UNCONFIRMED, 1)
    assert once.run_at == late + POLICY.look_after / 3
    twice = decided(once, Absent(), once.run_at)
    assert twice.status is SCHEDULED


def test_what_was_not_there_is_prepared_anew_and_keeps_the_time_of_its_first_asking() -> None:
    given: dict[str, Any] = LOOKED_ONCE | {"asked_at": NOW - HOUR, "blocked": True}
    after = decided(standing(UNCONFIRMED, **given), Absent())
    assert (after.prepared, after.blocked, after.looks) == (False, False, 0)
    assert (after.upload, after.asked_at) == (UPLOAD, NOW - HOUR)
    assert after.run_at == NOW + POLICY.backoff


@pytest.mark.parametrize(
    "event",
    [Unread("Cut off."), Refused("No."), Unreachable("No route."), Unanswered("502.")],
    ids=lambda event: type(event).__name__,
)
def test_a_look_that_failed_says_nothing_and_is_repeated(event: Event) -> None:
    after = decided(standing(UNCONFIRMED, **LOOKED_ONCE), event)
    assert (after.status, after.looks) == (UNCONFIRMED, 1)
    assert after.run_at == NOW + POLICY.look_after / 3
    assert after.reason is not None
    assert after.reason.startswith("Could not look: ")


def test_a_throttled_look_waits_as_long_as_the_platform_says_but_never_less_than_a_look() -> None:
    unclear = standing(UNCONFIRMED)
    assert decided(unclear, Throttled(LATER, "Slower.")).run_at == LATER
    assert decided(unclear, Throttled(NOW, "Slower.")).run_at == NOW + POLICY.look_after / 3


@pytest.mark.parametrize(
    "event", [Unknowable("No plan."), Blocked("No secret.")], ids=["unknowable", "blocked"]
)
def test_what_cannot_be_looked_for_asks_for_a_person(event: Event) -> None:
    after = decided(standing(UNCONFIRMED), event)
    assert after.blocked
    assert after.run_at == NOW + UNKNOWABLE_PAUSE
    assert after.reason in ("Could not look: No plan.", "Could not look: No secret.")


@pytest.mark.parametrize("status", [PUBLISHING, UNCONFIRMED])
def test_what_is_public_keeps_its_receipt_and_is_never_looked_at_again(status: Status) -> None:
    after = decided(standing(status, blocked=True, reason="It was so."), Published(RECEIPT))
    assert (after.receipt, after.run_at, after.reason) == (RECEIPT, None, None)
    assert not after.blocked


# What the clock and people do.


def test_what_is_missed_says_that_someone_must_ask_for_it() -> None:
    after = decided(standing(SCHEDULED), Overdue(), TOO_LATE)
    assert after.reason is not None
    assert "only if someone asks" in after.reason


@pytest.mark.parametrize("status", [FAILED, MISSED])
def test_a_retry_is_due_at_once_with_all_attempts_and_a_new_grace(status: Status) -> None:
    long_after = NOW + 9 * HOUR
    stopped = standing(status, upload=UPLOAD, prepared=True, asked_at=NOW, attempts=4)
    after = decided(stopped, Retried(), long_after)
    assert after.run_at == long_after
    assert after.expires_at == long_after + POLICY.grace
    assert (after.attempts, after.reason, after.prepared) == (0, None, False)
    assert (after.upload, after.asked_at, after.due_at) == (UPLOAD, NOW, NOW)


def test_a_retry_before_its_time_keeps_the_grace_of_the_promise() -> None:
    failed = standing(FAILED, due_at=NOW + HOUR, expires_at=NOW + 3 * HOUR)
    after = decided(failed, Retried())
    assert (after.run_at, after.expires_at) == (NOW, NOW + 3 * HOUR)


def test_a_retry_clears_the_block() -> None:
    after = decided(standing(SCHEDULED, blocked=True, reason="No secret."), Retried())
    assert (after.blocked, after.reason, after.run_at) == (False, None, NOW)


def test_a_retried_comment_waits_for_what_it_follows() -> None:
    comment = a_comment(standing(SCHEDULED), status=MISSED)
    assert decided(comment, Retried()).run_at is None
    assert decided(replace(comment, parent_id="1234"), Retried()).run_at == NOW


def test_an_amendment_starts_anew_with_the_new_content_and_time() -> None:
    failed = standing(FAILED, upload=UPLOAD, prepared=True, asked_at=NOW, attempts=4, blocked=True)
    after = decided(failed, Amended(OTHER_VARIANT, LATER, HOUR))
    assert (after.variant, after.due_at, after.grace) == (OTHER_VARIANT, LATER, HOUR)
    assert (after.run_at, after.expires_at) == (LATER - POLICY.ahead, LATER + HOUR)
    assert (after.upload, after.prepared, after.asked_at) == (None, False, None)
    assert (after.attempts, after.reason, after.blocked) == (0, None, False)


def test_an_amended_comment_waits_for_what_it_follows() -> None:
    comment = a_comment(standing(SCHEDULED))
    assert decided(comment, Amended(OTHER_VARIANT, LATER, HOUR)).run_at is None


def test_a_cancellation_keeps_its_reason() -> None:
    after = decided(standing(SCHEDULED, blocked=True), Cancelled("The march is off."))
    assert (after.reason, after.blocked) == ("The march is off.", False)


def test_what_a_person_found_keeps_the_receipt_of_the_person() -> None:
    seen = Receipt(remote_id="99", url=None)
    after = decided(standing(UNCONFIRMED), Settled(seen))
    assert (after.receipt, after.run_at) == (seen, None)


def test_not_even_a_person_can_say_too_early_that_it_is_not_there() -> None:
    early = NOW + POLICY.look_after - timedelta(microseconds=1)
    with pytest.raises(NotAllowed, match=r"may still appear\. Look again after 14:03:00 UTC"):
        decided(standing(UNCONFIRMED), Settled(None), early)
    late = NOW + POLICY.look_after
    assert decided(standing(UNCONFIRMED), Settled(None), late).status is FAILED


def test_a_person_cannot_say_that_a_video_is_not_there_while_its_network_may_work_on_it() -> None:
    accepted = standing(UNCONFIRMED, receipt=RECEIPT)
    late = NOW + POLICY.look_after + 30 * MINUTE
    with pytest.raises(NotAllowed, match=r"Look again after 14:33:00 UTC"):
        decided(accepted, Settled(None), late - timedelta(microseconds=1))
    assert decided(accepted, Settled(None), late).status is FAILED
    nowhere = standing(UNCONFIRMED, receipt=RECEIPT, absent_after=None)
    assert decided(nowhere, Settled(None)).status is FAILED


def test_what_a_person_found_early_is_believed_at_once() -> None:
    assert decided(standing(UNCONFIRMED), Settled(RECEIPT), NOW).status is PUBLISHED


def test_what_a_person_did_not_find_stops_until_it_is_retried() -> None:
    after = decided(standing(UNCONFIRMED, **LOOKED_LATE), Settled(None))
    assert after.reason == "A person looked: it is not public."


# What follows another.


def test_a_comment_is_due_at_once_when_what_it_follows_is_public() -> None:
    comment = a_comment(standing(SCHEDULED))
    late = NOW + 5 * HOUR
    after = follow(comment, RECEIPT, late)
    assert (after.parent_id, after.run_at) == (RECEIPT.remote_id, late)
    assert after.expires_at == late + comment.grace
    assert after.due_at == NOW


def test_a_comment_under_an_early_post_keeps_the_grace_of_its_promise() -> None:
    comment = a_comment(standing(SCHEDULED))
    after = follow(comment, RECEIPT, NOW - HOUR)
    assert (after.run_at, after.expires_at) == (NOW - HOUR, NOW + comment.grace)


@pytest.mark.parametrize("attempts", [1, POLICY.attempts])
@pytest.mark.parametrize("status", [CLAIMED, PUBLISHING])
@pytest.mark.parametrize(
    "event",
    [Unreachable("No route."), Unanswered("502."), Refused("No."), Abandoned()],
    ids=lambda event: type(event).__name__,
)
def test_no_failure_leaves_a_person_without_a_reason(
    status: Status, event: Event, attempts: int
) -> None:
    assert decided(standing(status, attempts=attempts), event).reason


# What holds a whole channel.


@pytest.mark.parametrize("status", [CLAIMED, PUBLISHING, UNCONFIRMED])
def test_a_secret_that_is_refused_stops_its_channel_until_it_is_asked_again(status: Status) -> None:
    move = decide(standing(status), Blocked("Expired.", whole_channel=True), NOW, POLICY)
    assert move.hold == Hold(
        channel=X, reason="Expired.", since=NOW, until=NOW + POLICY.backoff, stopped=True
    )


def test_a_stopped_channel_is_asked_again_after_five_minutes_at_most() -> None:
    patient = replace(POLICY, backoff=HOUR)
    move = decide(standing(CLAIMED), Blocked("Expired.", whole_channel=True), NOW, patient)
    assert move.hold is not None
    assert move.hold.until == NOW + BLOCKED_PAUSE


def test_what_stopped_its_channel_goes_on_as_soon_as_the_channel_does() -> None:
    stopped = decided(standing(CLAIMED, attempts=2), Blocked("Expired.", whole_channel=True))
    assert (stopped.run_at, stopped.attempts, stopped.blocked) == (NOW, 1, False)
    alone = decided(standing(CLAIMED), Blocked("It changed."))
    assert (alone.run_at, alone.blocked) == (NOW + BLOCKED_PAUSE, True)


def test_what_is_in_doubt_is_looked_for_soon_after_its_channel_goes_on() -> None:
    stopped = decided(standing(UNCONFIRMED), Blocked("Expired.", whole_channel=True))
    assert stopped.run_at == NOW + POLICY.look_after / 3


@pytest.mark.parametrize("status", [CLAIMED, PUBLISHING])
def test_a_network_that_counts_what_a_channel_does_is_left_alone_by_all_of_it(
    status: Status,
) -> None:
    move = decide(standing(status), Throttled(LATER, "Slower.", whole_channel=True), NOW, POLICY)
    assert move.hold == Hold(channel=X, reason="Slower.", since=NOW, until=LATER, stopped=False)


def test_a_limit_on_looks_holds_nothing_else_up() -> None:
    event = Throttled(LATER, "Slower.", whole_channel=True)
    assert decide(standing(UNCONFIRMED), event, NOW, POLICY).hold is None


@pytest.mark.parametrize(
    "event", [Blocked("It changed."), Throttled(LATER, "Slower."), Refused("Too long.")]
)
def test_what_concerns_one_delivery_holds_no_channel(event: Event) -> None:
    assert decide(standing(CLAIMED), event, NOW, POLICY).hold is None


def test_what_is_missed_because_of_its_channel_says_why() -> None:
    assert str(decided(standing(SCHEDULED), Overdue("Expired.")).reason).endswith(
        "for it again. Expired."
    )
    assert str(decided(standing(SCHEDULED), Overdue()).reason).endswith("for it again.")


def test_what_people_keep_back_waits_unprepared_so_that_it_is_in_nobodys_way() -> None:
    claimed = standing(CLAIMED, prepared=True, attempts=2)
    after = decided(claimed, Withheld("An election.", UPLOAD), NOW)
    assert (after.status, after.prepared, after.upload) == (SCHEDULED, False, UPLOAD)
    assert (after.run_at, after.attempts, after.reason) == (NOW, 1, "An election.")


def test_what_a_pause_passed_by_says_so() -> None:
    assert decided(standing(SCHEDULED), PassedBy("An election.")).reason == "An election."


# A restored database.

TAKEN = NOW - HOUR


@pytest.mark.parametrize("status", [SCHEDULED, CLAIMED, PUBLISHING, UNCONFIRMED])
def test_what_was_due_since_the_backup_is_looked_for_at_once_and_believed_absent_only_later(
    status: Status,
) -> None:
    after = decided(standing(status, asked_at=None), Restored(TAKEN))
    assert (after.asked_at, after.run_at) == (TAKEN, NOW)
    assert after.absent_after == NOW + POLICY.look_after
    assert (after.lease, after.prepared, after.suspect, after.outdated) == (None, False, True, True)


def test_an_asking_before_the_backup_is_not_forgotten() -> None:
    before = TAKEN - HOUR
    assert decided(standing(UNCONFIRMED, asked_at=before), Restored(TAKEN)).asked_at == before
    assert decided(standing(UNCONFIRMED, asked_at=NOW), Restored(TAKEN)).asked_at == TAKEN


def test_what_is_due_later_waits_for_its_time_and_stays_suspect() -> None:
    waiting = standing(SCHEDULED, **EARLY, prepared=True, upload=UPLOAD)
    after = decided(waiting, Restored(TAKEN))
    assert (after.run_at, after.suspect, after.prepared) == (waiting.run_at, True, False)
    assert (after.upload, after.asked_at) == (UPLOAD, TAKEN)


def test_a_comment_is_suspect_until_its_post_is_known_to_be_public() -> None:
    comment = a_comment(standing(SCHEDULED))
    after = decided(comment, Restored(TAKEN))
    assert (after.status, after.run_at, after.suspect) == (SCHEDULED, None, True)
    joined = replace(comment, parent_id="1", run_at=NOW)
    assert decided(joined, Restored(TAKEN)).status is UNCONFIRMED


@pytest.mark.parametrize("status", [SCHEDULED, CLAIMED, FAILED, MISSED])
def test_what_is_cancelled_while_suspect_is_looked_for_and_never_sent(status: Status) -> None:
    suspect = standing(status, suspect=True, asked_at=TAKEN)
    after = decided(suspect, Cancelled("Not now."))
    assert (after.status, after.run_at) == (UNCONFIRMED, NOW)
    assert after.reason == "It may be public already. Not now."
    late = after.absent_after
    assert late is not None
    ended = decided(decided(after, Absent(), late), Absent(), late)
    assert (ended.status, ended.reason, ended.resting) == (CANCELLED, "Not now.", None)
    assert decided(after, Published(RECEIPT)).status is PUBLISHED


def test_what_is_suspect_is_not_edited_before_it_was_looked_for() -> None:
    suspect = standing(SCHEDULED, suspect=True, asked_at=TAKEN)
    with pytest.raises(NotAllowed, match="cancel it first"):
        decided(suspect, Amended(OTHER_VARIANT, LATER, HOUR))


def test_a_suspect_comment_is_not_cancelled_before_its_post_is_known() -> None:
    comment = replace(a_comment(standing(SCHEDULED)), suspect=True)
    with pytest.raises(NotAllowed, match="may be public already"):
        decided(comment, Cancelled("Not now."))


@pytest.mark.parametrize("end", [Published(RECEIPT), Settled(None), Settled(RECEIPT)])
def test_what_a_look_or_a_person_settled_comes_to_rest_nowhere_else(end: Event) -> None:
    doubtful = standing(UNCONFIRMED, **LOOKED_LATE, resting=UNCONFIRMED, suspect=True)
    after = decided(doubtful, end)
    assert (after.resting, after.suspect) == (None, False)


def test_what_a_person_did_not_find_counts_as_never_asked_for() -> None:
    assert decided(standing(UNCONFIRMED, **LOOKED_LATE), Settled(None)).asked_at is None


@pytest.mark.parametrize("event", [Overdue(), PassedBy("An election.")])
def test_what_is_late_and_in_doubt_says_why_it_is_in_doubt(event: Event) -> None:
    doubtful = standing(SCHEDULED, suspect=True)
    assert decided(doubtful, event).reason == "It may be public already."
    assert decided(replace(doubtful, reason="Restored."), event).reason == "Restored."


def test_a_copy_knows_neither_the_moment_of_the_asking_nor_when_a_look_is_late_enough() -> None:
    waiting = standing(SCHEDULED, **EARLY, asked_tick="boot:1", absent_after=NOW - HOUR)
    after = decided(waiting, Restored(TAKEN))
    assert (after.status, after.asked_tick, after.absent_after) == (SCHEDULED, None, None)


@pytest.mark.parametrize("end", [Absent(), Published(RECEIPT), Settled(None), Settled(RECEIPT)])
def test_what_was_looked_for_is_suspect_no_more(end: Event) -> None:
    claimed = standing(CLAIMED, suspect=True, outdated=True, asked_at=TAKEN)
    doubtful = decided(claimed, Suspected("It was restored."))
    assert (doubtful.suspect, doubtful.outdated) == (True, True)
    late = doubtful.absent_after
    assert late is not None
    after = decided(replace(doubtful, looks=1), end, late)
    assert (after.suspect, after.outdated, after.resting) == (False, False, None)


def test_a_look_that_is_refused_with_the_secret_is_repeated_as_soon_as_any() -> None:
    after = decided(standing(UNCONFIRMED), Blocked("No secret.", whole_channel=True))
    assert (after.blocked, after.reason) == (True, "Could not look: No secret.")
    assert after.run_at == NOW + POLICY.look_after / 3


def test_what_is_not_due_yet_in_a_copy_waits_without_an_old_reason() -> None:
    waiting = standing(SCHEDULED, **EARLY, reason="Slower.")
    assert decided(waiting, Restored(NOW - HOUR)).reason is None


def test_new_content_is_not_held_to_the_digest_of_the_old() -> None:
    failed = standing(FAILED, digest="of the old content")
    assert decided(failed, Amended(OTHER_VARIANT, LATER, HOUR)).is_intact


def test_what_a_person_did_not_find_is_looked_for_anew_the_next_time() -> None:
    after = decided(standing(UNCONFIRMED, absent_after=NOW, looks=1, blocked=True), Settled(None))
    assert (after.blocked, after.looks) == (False, 0)


def test_a_person_is_believed_where_no_time_to_wait_for_is_known() -> None:
    assert decided(standing(UNCONFIRMED, absent_after=None), Settled(None)).status is FAILED


def test_what_could_not_be_taken_down_needs_a_person_who_learns_why() -> None:
    after = decided(standing(PUBLISHED), Kept("Not allowed."))
    assert (after.blocked, after.reason) == (True, "Not allowed.")


def test_what_a_person_saw_to_be_gone_says_so_and_needs_nobody_any_more() -> None:
    after = decided(standing(PUBLISHED, blocked=True, reason="Not allowed."), Settled(None))
    assert (after.blocked, after.reason) == (False, "A person looked: it is not public any more.")


# A refusal as a duplicate.


@pytest.mark.parametrize(
    ("asked_at", "rests"),
    [(None, FAILED), (NOW, FAILED), (NOW - MINUTE, UNCONFIRMED), (NOW - HOUR, UNCONFIRMED)],
)
def test_what_is_refused_as_a_duplicate_is_looked_for_and_never_sent_again(
    asked_at: datetime | None, rests: Status
) -> None:
    doubtful = decided(standing(PUBLISHING, asked_at=asked_at), Duplicate("It is there."))
    assert (doubtful.status, doubtful.resting) == (UNCONFIRMED, rests)
    late = doubtful.absent_after
    assert late is not None
    after = decided(decided(doubtful, Absent(), late), Absent(), late)
    assert after.status is rests
    assert after.reason == "It is there. We looked: it is not there."
    assert after.blocked is (rests is UNCONFIRMED)
    if rests is UNCONFIRMED:
        assert after.run_at == late + HOUR


def test_what_was_refused_as_a_duplicate_before_a_copy_was_taken_says_why_it_was_looked_for() -> (
    None
):
    doubtful = decided(standing(PUBLISHING), Duplicate("It is there."))
    restored = decided(doubtful, Restored(TAKEN))
    late = restored.absent_after
    assert late is not None
    after = decided(decided(restored, Absent(), late), Absent(), late)
    assert after.status is FAILED
    assert after.reason is not None
    assert after.reason.startswith("The database was restored from a backup")
    assert after.reason.endswith("We looked: it is not there.")


@pytest.mark.parametrize("suspect", [False, True])
@pytest.mark.parametrize("resting", [FAILED, MISSED, CANCELLED])
def test_what_comes_to_rest_after_its_looks_needs_nobody_and_begins_its_next_looks_anew(
    resting: Status, suspect: bool
) -> None:
    given: dict[str, Any] = {"resting": resting, "suspect": suspect, "blocked": True}
    after = decided(standing(UNCONFIRMED, **LOOKED_ONCE, **given), Absent())
    assert (after.status, after.looks, after.blocked) == (resting, 0, False)


# A refusal that may have been wrong, and a yes that comes late.


def test_a_refused_try_is_looked_for_before_the_next_one() -> None:
    failed = standing(FAILED, asked_at=NOW - HOUR)
    again = decided(failed, Retried())
    assert (again.suspect, again.outdated) == (True, False)
    assert again.absent_after == NOW - HOUR + POLICY.look_after
    assert not decided(standing(FAILED, asked_at=None), Retried()).suspect
    assert not decided(standing(MISSED, asked_at=NOW), Retried()).suspect


def test_who_is_about_to_ask_has_looked_and_notes_the_moment_on_both_clocks() -> None:
    claimed = standing(CLAIMED, suspect=True, asked_tick="boot:1")
    after = decided(claimed, Prepared(UPLOAD, "boot:7"))
    assert (after.status, after.suspect, after.asked_tick) == (PUBLISHING, False, "boot:7")


@pytest.mark.parametrize("seconds", [0, 179])
def test_a_time_of_day_that_jumps_makes_nothing_absent(seconds: int) -> None:
    doubtful = standing(UNCONFIRMED, **LOOKED_ONCE)
    early = decided(doubtful, Absent(timedelta(seconds=seconds)))
    assert (early.status, early.looks) == (UNCONFIRMED, 1)
    for late in (timedelta(seconds=180), None):
        assert decided(doubtful, Absent(late)).status is SCHEDULED


def test_a_network_that_is_wary_of_the_account_is_left_alone() -> None:
    move = decide(standing(PUBLISHING), Unanswered("Spam?", rest_until=LATER), NOW, POLICY)
    assert move.after.status is UNCONFIRMED
    assert move.hold == Hold(channel=X, reason="Spam?", since=NOW, until=LATER, stopped=False)
    assert decide(standing(PUBLISHING), Unanswered("502."), NOW, POLICY).hold is None


def test_a_visible_call_that_a_person_must_allow_is_not_repeated_soon() -> None:
    assert decided(standing(PUBLISHING), Blocked("No role.")).run_at == NOW + HOUR


def test_what_was_accepted_and_is_not_there_leaves_no_receipt_behind() -> None:
    accepted = decided(standing(PUBLISHING), Accepted(RECEIPT, "Processing."))
    assert (accepted.receipt, accepted.reason) == (RECEIPT, "Processing.")
    assert accepted.absent_after is not None
    late = accepted.absent_after + 30 * MINUTE
    for after in (
        decided(decided(accepted, Absent(), late), Absent(), late),
        decided(accepted, Settled(None), late),
    ):
        assert (after.status in (SCHEDULED, FAILED), after.receipt) == (True, None)


def test_what_was_accepted_is_not_missed_before_its_network_had_the_time_to_show_it() -> None:
    accepted = decided(standing(PUBLISHING), Accepted(RECEIPT, "Processing."))
    assert accepted.absent_after is not None
    early = accepted.absent_after + 30 * MINUTE - timedelta(microseconds=1)
    again = decided(accepted, Absent(), early)
    assert (again.status, again.looks, again.receipt) == (UNCONFIRMED, 0, RECEIPT)


@pytest.mark.parametrize("status", [FAILED, MISSED, CANCELLED])
def test_why_it_had_ended_outlives_all_looks_for_it(status: Status) -> None:
    ended = standing(status, reason="UNHCR asked us to stop.")
    doubtful = decided(ended, Restored(NOW))
    for trouble in (Unread("No answer."), Unknowable("No plan."), Unread("Cut off.")):
        doubtful = decided(doubtful, trouble)
        told = doubtful.reason or ""
        assert "UNHCR asked us to stop." in told
        assert told.count("Could not look: ") == 1
        assert trouble.reason in told
    late = doubtful.absent_after
    assert late is not None
    after = decided(decided(doubtful, Absent(), late), Absent(), late)
    assert (after.status, after.reason) == (status, "UNHCR asked us to stop.")


def test_a_repeat_is_known_as_one_however_soon_it_may_come() -> None:
    hasty = replace(POLICY, look_after=timedelta(seconds=20))
    repeated = standing(PUBLISHING, asked_at=NOW - timedelta(seconds=20))
    move = decide(repeated, Duplicate("It is there already."), NOW, hasty)
    assert move.after.resting is UNCONFIRMED


def test_what_is_looked_for_again_and_again_says_once_that_it_is_not_there() -> None:
    asked = standing(PUBLISHING, asked_at=NOW - HOUR)
    doubtful = decided(asked, Duplicate("It is there already."))
    late = doubtful.absent_after
    assert late is not None
    for _ in range(9):
        doubtful = decided(doubtful, Absent(), late)
    assert doubtful.status is UNCONFIRMED
    assert doubtful.reason == "It is there already. We looked: it is not there."


def test_nobody_need_look_while_the_program_gives_a_network_time() -> None:
    accepted = standing(UNCONFIRMED, receipt=RECEIPT)
    late = accepted.absent_after
    assert late is not None
    assert is_looked_for(accepted, late)
    assert not is_looked_for(accepted, late + timedelta(minutes=30))
    assert not is_looked_for(replace(accepted, blocked=True), late)
    assert not is_looked_for(standing(UNCONFIRMED), late)
    assert not is_looked_for(standing(UNCONFIRMED, absent_after=None, receipt=RECEIPT), late)
    assert not is_looked_for(standing(PUBLISHED), late)
    assert not is_looked_for(standing(PUBLISHED, absent_after=late), late)
    assert is_looked_for(standing(UNCONFIRMED, resting=CANCELLED), late)
    assert not is_looked_for(standing(UNCONFIRMED, resting=UNCONFIRMED), late)


def test_an_hour_that_passed_unseen_is_told_from_one_that_was_kept_back() -> None:
    missed = decide(standing(SCHEDULED), Overdue(), NOW, POLICY).after
    assert missed.status is MISSED
    assert is_late_by_itself(missed.reason)
    assert not is_late_by_itself(f"{missed.reason} UNHCR has not approved it.")
    assert not is_late_by_itself(None)


# What gets further.


@pytest.mark.parametrize("event", [Unanswered, Unreachable])
def test_an_attempt_that_brought_the_upload_further_is_not_counted(
    event: type[Unanswered | Unreachable],
) -> None:
    spent = standing(CLAIMED, upload=UPLOAD, **SPENT)
    further = decided(spent, event("Cut off.", OTHER_UPLOAD))
    assert (further.status, further.attempts) == (SCHEDULED, POLICY.attempts - 1)
    assert (further.upload, further.run_at) == (OTHER_UPLOAD, NOW + POLICY.backoff)
    for no_further in (UPLOAD, None, UPLOAD.without("photo:0")):
        assert decided(spent, event("Cut off.", no_further)).status is FAILED


def test_what_is_looked_for_in_vain_keeps_why_it_was_looked_for() -> None:
    doubtful = standing(UNCONFIRMED, **LOOKED_ONCE, **SPENT, reason="X gave no clear answer.")
    reason = decided(doubtful, Absent()).reason
    assert reason == "X gave no clear answer. We looked: it is not there."


@pytest.mark.parametrize("status", [FAILED, MISSED, CANCELLED])
@pytest.mark.parametrize("ask", [Retried(), Amended(OTHER_VARIANT, LATER, HOUR)])
def test_what_had_ended_before_the_backup_is_looked_for_and_ends_as_it_had(
    status: Status, ask: Event
) -> None:
    restored = decided(standing(status), Restored(TAKEN))
    assert (restored.status, restored.resting, restored.asked_at) == (UNCONFIRMED, status, TAKEN)
    assert restored.run_at == NOW
    with pytest.raises(NotAllowed):
        decided(restored, ask)
    late = restored.absent_after
    assert late is not None
    ended = decided(decided(restored, Absent(), late), Absent(), late)
    assert (ended.status, ended.reason) == (status, standing(status).reason)
    assert decided(restored, Published(RECEIPT)).status is PUBLISHED


@pytest.mark.parametrize("status", [FAILED, MISSED, CANCELLED])
def test_a_comment_that_had_ended_is_suspect_when_it_is_asked_for_again(status: Status) -> None:
    comment = replace(standing(status), after="a/b@x:c")
    restored = decided(comment, Restored(TAKEN))
    assert (restored.status, restored.suspect, restored.resting) == (status, True, None)
    if status is not CANCELLED:
        again = decided(restored, Retried())
        assert (again.status, again.suspect) == (SCHEDULED, True)


def test_a_suspect_comment_whose_post_is_known_is_looked_for_when_it_is_cancelled() -> None:
    comment = replace(a_comment(standing(SCHEDULED)), suspect=True, parent_id="1", run_at=NOW)
    assert decided(comment, Cancelled("Not now.")).status is UNCONFIRMED


def test_the_first_part_of_an_upload_is_progress_too() -> None:
    after = decided(standing(CLAIMED, **SPENT), Unanswered("Cut off.", UPLOAD))
    assert (after.status, after.upload) == (SCHEDULED, UPLOAD)
