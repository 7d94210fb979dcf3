"""What a worker does with a claimed delivery, whatever the network answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

import pytest

from somos_social.core.delivery import Move, decide
from somos_social.core.events import (
    Abandoned,
    Absent,
    Blocked,
    Cancelled,
    Event,
    NotReady,
    Overdue,
    Prepared,
    Published,
    Refused,
    Removed,
    Settled,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.core.model.delivery import Status, Upload
from somos_social.core.model.post import Variant
from somos_social.daemon import mend
from somos_social.errors import NetworkRefused
from somos_social.flows import App
from somos_social.flows.by_hand import cancel, retry
from somos_social.flows.delivery import UPLOAD_LIFE, work
from somos_social.flows.mending import reconcile, rescue
from somos_social.platforms import Failure, HandBack, Platform, Unfulfilled
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import Line, ScriptedPlatform, no, receipt_of
from tests.samples import (
    HOUR,
    MINUTE,
    NOW,
    POLICY,
    UPLOAD,
    a_comment,
    a_delivery,
    an_asset,
)

POST = a_delivery()
LATER = NOW + 30 * MINUTE


@pytest.fixture
def due(desk: Desk) -> None:
    desk.schedule(POST)


def attempt(desk: Desk) -> Status:
    work(desk.app, desk.claim())
    return desk.see(POST).status


# All goes well.


def test_what_is_due_is_published_once(due: None, desk: Desk, platform: ScriptedPlatform) -> None:
    assert attempt(desk) is Status.PUBLISHED
    assert platform.public == {POST.key: 1}
    assert platform.calls == ["prepare", "publish"]
    assert desk.see(POST).receipt == receipt_of(POST)
    assert desk.events(POST) == ["scheduled", "claimed", "prepared", "published"]


def test_the_intent_is_in_the_database_before_the_call(
    due: None, desk: Desk, platform: ScriptedPlatform
) -> None:
    seen: list[Any] = []
    platform.says("publish", Line(public=True, meanwhile=lambda: seen.append(desk.see(POST))))
    attempt(desk)
    assert [(d.status, d.asked_at) for d in seen] == [(Status.PUBLISHING, NOW)]


def test_what_is_prepared_early_is_published_on_its_second(
    due: None, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    clock.time = NOW - POLICY.ahead
    assert attempt(desk) is Status.SCHEDULED
    assert platform.calls == ["prepare"]
    clock.time = NOW
    assert attempt(desk) is Status.PUBLISHED
    assert platform.calls == ["prepare", "publish"]
    assert desk.see(POST).attempts == 1


def test_an_upload_that_the_network_may_have_dropped_is_looked_at_again(
    desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(replace(POST, grace=48 * HOUR, expires_at=NOW + 48 * HOUR))
    platform.says("publish", no(Throttled(NOW + UPLOAD_LIFE, "Slower.")))
    attempt(desk)
    clock.time = NOW + UPLOAD_LIFE
    assert attempt(desk) is Status.PUBLISHED
    assert platform.calls == ["prepare", "publish", "prepare", "publish"]


def test_an_upload_is_relied_on_for_twenty_of_the_hours_that_networks_keep_it() -> None:
    assert UPLOAD_LIFE == 20 * HOUR


def test_each_recorded_move_is_heard(due: None, app: App, desk: Desk) -> None:
    heard: list[Move] = []
    desk.app = replace(app, heard=heard.append)
    attempt(desk)
    assert [(move.event, move.after.status, move.after.version) for move in heard] == [
        ("prepared", Status.PUBLISHING, 2),
        ("published", Status.PUBLISHED, 3),
    ]


def test_a_comment_goes_out_under_its_post(desk: Desk, platform: ScriptedPlatform) -> None:
    comment = a_comment(POST)
    desk.schedule(POST, comment)
    attempt(desk)
    claimed = desk.claim()
    assert (claimed.key, claimed.parent_id) == (comment.key, receipt_of(POST).remote_id)
    work(desk.app, claimed)
    assert platform.public == {POST.key: 1, comment.key: 1}


# Preparing fails.

BEFORE_ANYTHING_IS_PUBLIC: dict[str, tuple[BaseException, Status, str | None]] = {
    "not ready": (
        Unfulfilled(NotReady(LATER, None)),
        Status.SCHEDULED,
        "The network is still processing what it was sent.",
    ),
    "refused": (Unfulfilled(Refused("Too long.")), Status.FAILED, "Too long."),
    "throttled": (Unfulfilled(Throttled(LATER, "Slower.")), Status.SCHEDULED, "Slower."),
    "blocked": (Unfulfilled(Blocked("No secret.")), Status.SCHEDULED, "No secret."),
    "unreachable": (Unfulfilled(Unreachable("No route.")), Status.SCHEDULED, "No route."),
    "unanswered": (Unfulfilled(Unanswered("502.")), Status.SCHEDULED, "502."),
    "suspected": (Unfulfilled(Suspected("It was used.")), Status.UNCONFIRMED, "It was used."),
    "a known error": (NetworkRefused("It says no."), Status.SCHEDULED, "It says no."),
    "an unknown error": (
        KeyError("id"),
        Status.SCHEDULED,
        "Preparing failed unexpectedly (KeyError).",
    ),
    "told to end": (HandBack(), Status.SCHEDULED, None),
}


@pytest.mark.parametrize("case", BEFORE_ANYTHING_IS_PUBLIC)
def test_whatever_preparing_meets_is_recorded_and_nothing_is_public(
    due: None, desk: Desk, platform: ScriptedPlatform, case: str
) -> None:
    ends, status, reason = BEFORE_ANYTHING_IS_PUBLIC[case]
    platform.says("prepare", Line(ends=ends))
    assert attempt(desk) is status
    assert desk.see(POST).reason == reason
    assert platform.calls == ["prepare"]
    assert platform.public == {}


@pytest.mark.parametrize(("asked_at", "kept"), [(None, {}), (NOW - HOUR, UPLOAD.parts)])
def test_what_preparing_stumbled_over_is_built_anew_unless_it_is_evidence_of_a_call(
    desk: Desk, platform: ScriptedPlatform, asked_at: datetime | None, kept: dict[str, str]
) -> None:
    desk.schedule(replace(POST, upload=UPLOAD, asked_at=asked_at))
    platform.says("prepare", Line(ends=KeyError("id")))
    assert attempt(desk) is Status.SCHEDULED
    after = desk.see(POST).upload
    assert after is not None
    assert after.parts == kept


def test_a_channel_without_its_settings_blocks_and_asks_for_a_person(
    due: None, desk: Desk, app: App
) -> None:
    def missing(channel: str) -> Any:
        raise NetworkRefused(f"{channel} has no token.")

    desk.app = replace(app, platform=missing)
    assert attempt(desk) is Status.SCHEDULED
    assert [d.reason for d in app.store.needs_a_person()] == [f"{POST.channel} has no token."]


def test_who_is_told_to_end_gives_back_what_was_not_begun(
    due: None, desk: Desk, app: App, platform: ScriptedPlatform
) -> None:
    desk.app = replace(app, stopping=lambda: True)
    assert attempt(desk) is Status.SCHEDULED
    assert platform.calls == []
    assert desk.see(POST).attempts == 0


def test_who_is_told_to_end_while_preparing_makes_no_visible_call(
    due: None, desk: Desk, app: App, platform: ScriptedPlatform
) -> None:
    told: list[bool] = []
    desk.app = replace(app, stopping=lambda: bool(told))
    platform.says("prepare", Line(meanwhile=lambda: told.append(True)))
    assert attempt(desk) is Status.SCHEDULED
    assert platform.calls == ["prepare"]


# The visible call fails.

AFTER_THE_CALL: dict[str, tuple[Failure, Status]] = {
    "refused": (Refused("Too long."), Status.FAILED),
    "throttled": (Throttled(LATER, "Slower."), Status.SCHEDULED),
    "blocked": (Blocked("No secret."), Status.SCHEDULED),
    "unreachable": (Unreachable("No route."), Status.SCHEDULED),
    "unanswered": (Unanswered("502."), Status.UNCONFIRMED),
    "not ready": (NotReady(LATER, None), Status.UNCONFIRMED),
    "suspected": (Suspected("It was used."), Status.UNCONFIRMED),
    "unread": (Unread("Cut off."), Status.UNCONFIRMED),
    "unknowable": (Unknowable("No plan."), Status.UNCONFIRMED),
}


@pytest.mark.parametrize("case", AFTER_THE_CALL)
def test_after_the_visible_call_only_a_documented_no_is_a_no(
    due: None, desk: Desk, platform: ScriptedPlatform, case: str
) -> None:
    event, status = AFTER_THE_CALL[case]
    platform.says("publish", no(event))
    assert attempt(desk) is status
    assert platform.calls == ["prepare", "publish"]


@pytest.mark.parametrize(
    "error",
    [KeyError("id"), OSError("reset"), TimeoutError(), ValueError("<html>"), NetworkRefused("?")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_that_nobody_knows_after_the_call_is_never_retried(
    due: None, desk: Desk, clock: Clock, platform: ScriptedPlatform, error: Exception
) -> None:
    platform.says("publish", Line(public=True, ends=error))
    assert attempt(desk) is Status.UNCONFIRMED
    assert desk.see(POST).reason
    platform.says("find", *[no(Unread("Cut off."))] * 12)
    for _ in range(12):
        clock.advance(5 * MINUTE)
        reconcile(desk.app)
        assert desk.app.store.claim(clock(), limit=9, lease=HOUR, actor="other") == []
    assert desk.see(POST).status is Status.UNCONFIRMED
    assert platform.calls.count("publish") == 1
    assert platform.public == {POST.key: 1}


def test_an_error_after_the_call_does_not_show_what_it_holds(
    due: None, desk: Desk, platform: ScriptedPlatform
) -> None:
    platform.says("publish", Line(ends=RuntimeError("token=EAAB123")))
    attempt(desk)
    assert "EAAB123" not in str(desk.app.store.log())


def test_a_throttled_call_is_repeated_with_what_was_prepared(
    due: None, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    platform.says("publish", no(Throttled(LATER, "Slower.")))
    attempt(desk)
    clock.time = LATER
    assert attempt(desk) is Status.PUBLISHED
    assert platform.calls == ["prepare", "publish", "publish"]
    assert desk.see(POST).asked_at == NOW


def test_a_network_that_is_away_is_asked_as_often_as_the_policy_says(
    due: None, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    platform.says("publish", *[no(Unreachable("No route."))] * 9)
    statuses = []
    for _ in range(POLICY.attempts):
        statuses.append(attempt(desk))
        clock.advance(HOUR / 4)
    assert statuses == [Status.SCHEDULED] * (POLICY.attempts - 1) + [Status.FAILED]
    assert platform.calls.count("publish") == POLICY.attempts
    assert platform.public == {}


# Files.


def media_file(app: App, content: bytes) -> str:
    path = app.media_root / "historias" / "carmen.jpg"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return sha256(content).hexdigest()


def with_picture(fingerprint: str) -> Variant:
    asset = an_asset(sha256=fingerprint, people=(), shows=("hands",))
    return Variant(text="Carmen", assets=(asset,))


def beside(app: App, words: str) -> None:
    path = app.media_root / "historias" / "carmen.jpg.toml"
    path.write_text(words, encoding="utf-8")


def test_a_file_that_is_what_was_scheduled_goes_out(desk: Desk, platform: ScriptedPlatform) -> None:
    fingerprint = media_file(desk.app, b"Carmen lee")
    beside(desk.app, 'alt = "Otra descripción."\nshows = ["Hands"]')
    desk.schedule(replace(POST, variant=with_picture(fingerprint)))
    assert attempt(desk) is Status.PUBLISHED


@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_file_that_is_not_what_was_scheduled_blocks(
    desk: Desk, platform: ScriptedPlatform, change: str
) -> None:
    fingerprint = media_file(desk.app, b"Carmen lee")
    beside(desk.app, 'shows = ["hands"]')
    desk.schedule(replace(POST, variant=with_picture(fingerprint)))
    if change == "changed":
        media_file(desk.app, b"Otra persona")
    else:
        (desk.app.media_root / "historias" / "carmen.jpg").unlink()
    assert attempt(desk) is Status.SCHEDULED
    assert platform.calls == []
    (blocked,) = desk.app.store.needs_a_person()
    assert blocked.blocked
    assert "carmen.jpg" in str(blocked.reason)


@pytest.mark.parametrize("is_prepared", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        'shows = ["hands"]\npeople = ["P-014"]',
        'shows = ["hands"]\npeople = ["P-014"]\nminors = ["P-014"]',
        'shows = ["face", "hands"]',
        'shows = "',
        "",
    ],
)
def test_who_is_named_anew_beside_a_file_stops_it(
    desk: Desk, clock: Clock, platform: ScriptedPlatform, words: str, is_prepared: bool
) -> None:
    fingerprint = media_file(desk.app, b"Carmen lee")
    beside(desk.app, 'shows = ["hands"]')
    desk.schedule(replace(POST, variant=with_picture(fingerprint)))
    if is_prepared:
        clock.time = POST.due_at - MINUTE
        assert attempt(desk) is Status.SCHEDULED
        assert desk.see(POST).prepared
        clock.time = POST.due_at
    beside(desk.app, words)
    assert attempt(desk) is Status.SCHEDULED
    assert "publish" not in platform.calls
    (blocked,) = desk.app.store.needs_a_person()
    assert "carmen.jpg" in str(blocked.reason)
    beside(desk.app, 'shows = ["hands"]')
    retry(desk.app, POST.key)
    assert attempt(desk) is Status.PUBLISHED


# Leases.


@pytest.mark.parametrize(
    ("frozen", "calls"),
    [
        (POLICY.lease - POLICY.timeout - timedelta(seconds=1), ["prepare", "publish"]),
        (POLICY.lease - POLICY.timeout, ["prepare"]),
        (POLICY.lease - timedelta(seconds=1), ["prepare"]),
        (10 * POLICY.lease, ["prepare"]),
    ],
)
def test_who_wakes_up_too_late_for_the_lease_makes_no_call(
    due: None,
    app: App,
    desk: Desk,
    clock: Clock,
    platform: ScriptedPlatform,
    frozen: timedelta,
    calls: list[str],
) -> None:
    def freeze(move: Move) -> None:
        if move.after.status is Status.PUBLISHING:
            clock.advance(frozen)

    desk.app = replace(app, heard=freeze)
    status = attempt(desk)
    assert platform.calls == calls
    expected = Status.PUBLISHED if "publish" in calls else Status.SCHEDULED
    assert status is expected
    assert platform.public == ({POST.key: 1} if "publish" in calls else {})


def test_who_lost_the_delivery_while_preparing_makes_no_call(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    def others_take_over() -> None:
        clock.advance(POLICY.lease)
        rescue(app)
        clock.advance(POLICY.backoff)
        work(app, desk.claim())

    platform.says("prepare", Line(meanwhile=others_take_over))
    assert attempt(desk) is Status.PUBLISHED
    assert platform.calls == ["prepare", "prepare", "publish"]
    assert platform.public == {POST.key: 1}


def test_who_comes_back_with_an_old_sight_makes_no_call(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    frozen = desk.claim()
    clock.advance(POLICY.lease)
    rescue(app)
    clock.advance(POLICY.backoff)
    assert attempt(desk) is Status.PUBLISHED
    work(app, frozen)
    assert platform.public == {POST.key: 1}


def test_what_is_cancelled_while_it_is_prepared_does_not_go_out(
    due: None, desk: Desk, platform: ScriptedPlatform
) -> None:
    platform.says("prepare", Line(meanwhile=lambda: void(cancel(desk.app, POST.key, "It is off."))))
    assert attempt(desk) is Status.CANCELLED
    assert platform.calls == ["prepare"]


def void(_: object) -> None:
    pass


# One visible call at a time.


def test_what_finds_its_channel_busy_waits_prepared_and_goes_next(
    desk: Desk, platform: ScriptedPlatform
) -> None:
    other = a_delivery("segunda")
    desk.schedule(POST, other)
    first, second = desk.claim(), desk.claim()
    seen: list[Any] = []

    def beside() -> None:
        work(desk.app, second)
        seen.append(desk.see(second))

    platform.says("publish", Line(public=True, meanwhile=beside))
    work(desk.app, first)
    (waiting,) = seen
    assert (waiting.status, waiting.prepared, waiting.attempts) == (Status.SCHEDULED, True, 0)
    assert desk.see(first).status is Status.PUBLISHED
    assert platform.calls == ["prepare", "publish", "prepare"]
    work(desk.app, desk.claim())
    assert platform.calls == ["prepare", "publish", "prepare", "publish"]
    assert platform.public == {first.key: 1, second.key: 1}
    assert "busy" in desk.events(second)


# A yes is never thrown away.


def test_a_receipt_that_arrives_after_the_rescuer_is_recorded(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    def late() -> None:
        clock.advance(POLICY.lease)
        rescue(app)
        assert desk.see(POST).status is Status.UNCONFIRMED

    platform.says("publish", Line(public=True, meanwhile=late))
    assert attempt(desk) is Status.PUBLISHED
    assert desk.see(POST).receipt == receipt_of(POST)
    assert desk.events(POST)[-2:] == ["abandoned", "published"]


def test_a_receipt_that_meets_the_reconciler_at_its_work_is_recorded(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    """The look of another process moves the delivery between our reading and our writing."""
    looks: list[Callable[[], object]] = []

    def now() -> Any:
        # The flow asks for the time after it read the delivery and before it writes.
        if desk.see(POST).status is Status.UNCONFIRMED and looks:
            looks.pop()()
        return clock()

    def late() -> None:
        clock.advance(POLICY.lease)
        rescue(app)
        clock.advance(POLICY.look_after / 2)
        platform.says("find", no(Unread("Cut off.")))
        # The first reading belongs to the write that loses against the rescuer.
        looks.extend([lambda: reconcile(app), lambda: None])

    desk.app = replace(app, now=now)
    platform.says("publish", Line(public=True, meanwhile=late))
    assert attempt(desk) is Status.PUBLISHED
    assert desk.events(POST)[-2:] == ["unread", "published"]


def test_a_receipt_of_what_was_found_meanwhile_changes_nothing(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    def late() -> None:
        clock.advance(POLICY.lease)
        rescue(app)
        clock.advance(POLICY.look_after)
        reconcile(app)

    platform.says("publish", Line(public=True, meanwhile=late))
    assert attempt(desk) is Status.PUBLISHED
    assert desk.events(POST)[-1] == "published"
    assert desk.events(POST).count("published") == 1


NOT_THERE = (Abandoned(), Absent(), Absent())

OTHERS_LEAVE: dict[Status, Sequence[Event | Literal["claimed"]]] = {
    Status.UNCONFIRMED: [Abandoned()],
    Status.SCHEDULED: NOT_THERE,
    Status.CLAIMED: [*NOT_THERE, "claimed"],
    Status.PUBLISHING: [*NOT_THERE, "claimed", Prepared(UPLOAD)],
    Status.FAILED: [Abandoned(), Settled(None)],
    Status.MISSED: [*NOT_THERE, Overdue()],
    Status.CANCELLED: [*NOT_THERE, Cancelled("It is off.")],
}
"""By the status that others leave it in: what happens while whoever called waits for the answer."""


@pytest.mark.parametrize("status", OTHERS_LEAVE)
def test_a_receipt_is_recorded_however_far_others_have_taken_it_meanwhile(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, status: Status
) -> None:
    def late() -> None:
        for happened in OTHERS_LEAVE[status]:
            clock.advance(POLICY.look_after)
            if happened == "claimed":
                desk.claim()
                continue
            move = decide(desk.see(post), happened, clock(), POLICY)
            app.store.apply(move, now=clock(), actor="others")
        assert desk.see(post).status is status

    post = replace(POST, grace=5 * HOUR, expires_at=NOW + 5 * HOUR)
    desk.schedule(post)
    platform.says("publish", Line(public=True, meanwhile=late))
    assert attempt(desk) is Status.PUBLISHED
    assert desk.see(post).receipt == receipt_of(post)


def test_a_receipt_of_what_was_found_and_taken_down_meanwhile_changes_nothing(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    def late() -> None:
        for happened in (Abandoned(), Published(receipt_of(POST)), Removed()):
            clock.advance(POLICY.look_after)
            move = decide(desk.see(POST), happened, clock(), POLICY)
            app.store.apply(move, now=clock(), actor="others")

    platform.says("publish", Line(public=True, meanwhile=late))
    assert attempt(desk) is Status.REMOVED
    assert desk.events(POST)[-1] == "removed"


def test_a_failure_that_arrives_after_the_rescuer_changes_nothing(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    def late() -> None:
        clock.advance(POLICY.lease)
        rescue(app)

    platform.says("publish", Line(meanwhile=late, ends=Unfulfilled(Refused("Too long."))))
    assert attempt(desk) is Status.UNCONFIRMED
    assert desk.events(POST)[-1] == "abandoned"


def test_what_lies_at_the_network_is_handed_to_the_next_attempt(
    due: None, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    part = Upload(begun_at=NOW, parts={"photo:0": "1"})
    platform.says("prepare", no(Unanswered("502.", part)))
    attempt(desk)
    assert (desk.see(POST).upload, desk.see(POST).prepared) == (part, False)


def test_a_worker_that_froze_after_its_intent_looks_again_before_it_calls(
    due: None, app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    def freezes(move: Move) -> None:
        if move.after.status is Status.PUBLISHING:
            clock.advance(POLICY.lease)
            mend(app)
            # The clock of the machine goes back: by it, the lease still holds.
            clock.time = NOW

    desk.app = replace(app, heard=freezes)
    work(desk.app, desk.claim())
    assert "publish" not in platform.calls
    assert desk.see(POST).status is Status.UNCONFIRMED


def test_what_is_half_prepared_is_prepared_to_its_end(
    due: None, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    half = Upload(begun_at=clock(), parts={"media": "half of it"})
    platform.says("prepare", no(NotReady(clock(), half)))
    assert attempt(desk) is Status.SCHEDULED
    assert attempt(desk) is Status.PUBLISHED
    assert platform.calls == ["prepare", "prepare", "publish"]


def test_a_channel_without_a_secret_at_the_last_moment_is_surely_not_public(
    due: None, app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    def platforms(channel: str) -> Platform:
        if desk.see(POST).status is Status.PUBLISHING:
            raise NetworkRefused(f"{channel} has no token.")
        return platform

    desk.app = replace(app, platform=platforms)
    assert attempt(desk) is Status.SCHEDULED
    (blocked,) = desk.app.store.needs_a_person()
    assert blocked.reason == f"{POST.channel} has no token."
    assert platform.public == {}
