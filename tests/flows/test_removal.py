"""A person takes down what is public: with what follows it, and never on hearsay."""

import pytest

from somos_social.core.delivery import decide
from somos_social.core.events import Kept
from somos_social.core.model.delivery import Status
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.flows.by_hand import remove, settle
from somos_social.flows.delivery import work
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform
from tests.samples import NOW, POLICY, a_comment, a_delivery, standing

POST = a_delivery()
COMMENT = a_comment(POST)
REPLY = a_comment(COMMENT, key=f"{POST.key}#reply")


def publishes(desk: Desk) -> None:
    while claimed := desk.app.store.claim(desk.app.now(), limit=1, lease=POLICY.lease, actor="a"):
        work(desk.app, claimed[0])


def test_what_is_seen_to_be_gone_is_removed(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    publishes(desk)
    (gone,) = remove(app, POST.key)
    assert gone.status is desk.see(POST).status is Status.REMOVED
    assert desk.see(POST).receipt is not None
    assert desk.events(POST)[-1] == "removed"
    assert app.store.broken_links() == []


def test_what_follows_is_taken_down_first_and_what_waits_is_withdrawn(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST, COMMENT)
    publishes(desk)
    desk.schedule(standing(Status.FAILED, key=REPLY.key, after=COMMENT.key))
    remove(app, POST.key)
    assert platform.removed == [COMMENT.key, POST.key]
    assert [desk.see(d).status for d in (POST, COMMENT)] == [Status.REMOVED] * 2
    assert desk.see(REPLY).status is Status.CANCELLED


def test_what_is_kept_stays_published_and_is_shown_to_a_person_with_the_reason(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    publishes(desk)
    platform.kept = Kept("This token may not delete.")
    (kept,) = remove(app, POST.key)
    assert (kept.status, kept.reason) == (Status.PUBLISHED, "This token may not delete.")
    assert [d.key for d in app.store.needs_a_person()] == [POST.key]
    platform.kept = None
    assert remove(app, POST.key)[0].status is Status.REMOVED
    assert app.store.needs_a_person() == []


def test_a_person_who_deleted_it_by_hand_says_so(
    app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    publishes(desk)
    with pytest.raises(NotAllowed):
        settle(app, POST.key, None)
    platform.kept = Kept("This token may not delete.")
    remove(app, POST.key)
    assert settle(app, POST.key, None).status is Status.REMOVED
    assert desk.events(POST)[-2:] == ["kept", "settled"]


def test_what_is_kept_does_not_wake_what_waited_for_it_again(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST, COMMENT)
    (claimed,) = app.store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
    work(app, claimed)
    before = desk.see(COMMENT)
    app.store.apply(
        decide(desk.see(POST), Kept("It stays."), NOW, POLICY), now=clock(), actor="ana"
    )
    assert desk.see(COMMENT) == before


@pytest.mark.parametrize(
    "status", [s for s in Status if s is not Status.PUBLISHED], ids=lambda s: str(s)
)
def test_only_what_is_known_to_be_public_can_be_taken_down(
    status: Status, app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(standing(status))
    with pytest.raises(NotAllowed, match=f"is {status}"):
        remove(app, POST.key)
    assert platform.calls == []


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_what_waits_below_is_withdrawn_and_what_may_be_public_is_left_to_be_looked_for(
    status: Status, app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    publishes(desk)
    below = standing(status, key=COMMENT.key, after=POST.key)
    desk.schedule(below)
    remove(app, POST.key)
    waits = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)
    expected = Status.CANCELLED if status in waits else status
    if status is Status.PUBLISHED:
        expected = Status.REMOVED
    assert desk.see(below).status is expected


@pytest.mark.parametrize("status", [Status.REMOVED, Status.CANCELLED, Status.UNCONFIRMED])
def test_what_is_public_below_what_is_gone_or_in_doubt_is_taken_down_too(
    status: Status, app: App, desk: Desk, platform: ScriptedPlatform
) -> None:
    desk.schedule(POST)
    publishes(desk)
    desk.schedule(standing(status, key=COMMENT.key, after=POST.key))
    desk.schedule(standing(Status.PUBLISHED, key=REPLY.key, after=COMMENT.key))
    told = {each.key: each.status for each in remove(app, POST.key)}
    assert platform.removed == [REPLY.key, POST.key]
    assert (COMMENT.key in told) is (status is Status.UNCONFIRMED)
