"""A database put back from an old copy publishes nothing again that the networks already show."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert

from somos_social.core.delivery import decide
from somos_social.core.events import Cancelled, Unknowable
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import ANYONE, Pause
from somos_social.daemon import mend, once
from somos_social.flows import App
from somos_social.flows.attention import needs_a_person
from somos_social.flows.by_hand import cancel
from somos_social.flows.delivery import work
from somos_social.flows.recovery import recover
from somos_social.store.tables import snapshot
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform, no
from tests.samples import CONSENT, HOUR, MINUTE, NOW, POLICY, a_comment, a_delivery, standing

TAKEN = NOW - HOUR
SENT = a_delivery("sent", due_at=NOW - 30 * MINUTE)
DUE = a_delivery("due", due_at=NOW - 20 * MINUTE)
LATER = a_delivery("later", due_at=NOW + HOUR)
COMMENT = a_comment(SENT)


@pytest.fixture
def restored(app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform) -> None:
    """A copy taken an hour ago, when all still waited; SENT and its comment went out since."""
    clock.time = TAKEN
    desk.schedule(SENT, DUE, LATER, COMMENT)
    for delivery in (SENT, COMMENT):
        platform.public[delivery.key] = 1
        platform._since[delivery.key] = SENT.due_at
    is_a_copy(app)
    clock.time = NOW


def is_a_copy(app: App) -> None:
    engine = create_engine(app.store._engine.url)
    with engine.begin() as connection:
        connection.execute(insert(snapshot).values(taken_at=TAKEN))
    engine.dispose()


def put_back(app: App, clock: Clock, folder: Path, *, seal: str) -> None:
    """SENT goes out; then somebody puts the folder's database back as it was before, by hand."""
    app.store.close()
    old, its_seal = (folder / "somos.db").read_bytes(), json.loads(seal_of(folder).read_text())
    clock.time = SENT.due_at
    once(app, workers=1)
    app.store.close()
    for file in folder.glob("somos.db-*"):
        file.unlink()
    (folder / "somos.db").write_bytes(old)
    spoil(seal_of(folder), seal, its_seal)


def seal_of(folder: Path) -> Path:
    return folder / "somos.db.heads"


def spoil(file: Path, seal: str, was: dict[str, Any]) -> None:
    match seal:
        case "missing":
            file.unlink()
        case "empty":
            file.write_text("")
        case "put back":
            an_hour_ago = datetime.fromisoformat(was["written"]) - HOUR
            file.write_text(json.dumps(was | {"written": an_hour_ago.isoformat()}))
        case "left":
            pass


def runs(app: App, clock: Clock, *, until: timedelta) -> None:
    end = clock() + until
    while clock() < end:
        once(app, workers=1)
        clock.advance(MINUTE)


def test_nothing_is_claimed_from_a_copy_before_the_networks_were_asked(
    app: App, restored: None
) -> None:
    assert app.store.claim(NOW, limit=9, lease=POLICY.lease, actor="a") == []
    recover(app, beginning=False)
    assert app.store.snapshot_taken_at() is None
    assert app.store.claim(NOW, limit=9, lease=POLICY.lease, actor="a") == []
    assert [d.key for d in app.store.doubtful(NOW, limit=9)] == [SENT.key, DUE.key]


def test_what_went_out_since_the_copy_is_found_and_not_sent_again(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    runs(app, clock, until=2 * HOUR)
    assert platform.public == {d.key: 1 for d in (SENT, COMMENT, DUE, LATER)}
    assert all(desk.see(d).status is Status.PUBLISHED for d in (SENT, COMMENT, DUE, LATER))


@pytest.mark.parametrize("status", [Status.CLAIMED, Status.PUBLISHING, Status.MISSED])
def test_what_had_not_ended_in_the_copy_and_went_out_since_is_not_sent_again(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, status: Status
) -> None:
    clock.time = TAKEN
    held = standing(status, "en-mano")
    desk.schedule(held)
    platform.public[held.key] = 1
    platform._since[held.key] = TAKEN
    is_a_copy(app)
    clock.time = NOW
    recover(app, beginning=False)
    assert desk.see(held).suspect
    runs(app, clock, until=HOUR)
    assert platform.public == {held.key: 1}


def test_the_first_run_already_finds_what_is_public(
    app: App, desk: Desk, platform: ScriptedPlatform, restored: None
) -> None:
    once(app, workers=1)
    assert desk.see(SENT).status is Status.PUBLISHED
    assert desk.see(DUE).status is Status.UNCONFIRMED
    assert "publish" not in platform.calls


def test_what_was_brought_forward_since_the_copy_is_found_before_its_old_time(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    platform.public[LATER.key] = 1
    platform._since[LATER.key] = NOW - MINUTE
    runs(app, clock, until=2 * HOUR)
    assert platform.public[LATER.key] == 1
    assert desk.see(LATER).status is Status.PUBLISHED


def test_what_went_out_since_the_copy_is_found_even_when_nothing_ran_beyond_its_grace(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    platform.public[LATER.key] = 1
    platform._since[LATER.key] = NOW - MINUTE
    recover(app, beginning=False)
    clock.time = LATER.expires_at + HOUR
    for _ in range(9):
        mend(app)
        clock.advance(POLICY.look_after)
    assert desk.see(LATER).status is Status.PUBLISHED
    assert desk.see(DUE).status is Status.MISSED


def test_what_cannot_be_looked_for_waits_for_a_person(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    platform.says("find", *[no(Unknowable("No plan."))] * 99)
    runs(app, clock, until=HOUR)
    assert "publish" not in platform.calls
    assert {desk.see(d).status for d in (SENT, DUE)} == {Status.UNCONFIRMED}


def test_a_recovery_that_is_cut_short_begins_anew(
    app: App, desk: Desk, clock: Clock, restored: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_now: datetime) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(app.store, "forget_snapshot", dies)
        with pytest.raises(KeyboardInterrupt):
            recover(app, beginning=False)
    assert app.store.claim(NOW, limit=9, lease=POLICY.lease, actor="a") == []
    assert recover(app, beginning=False) == 4
    assert app.store.broken_links() == []


def test_an_older_file_put_in_place_by_hand_is_taken_for_the_copy_it_is(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, tmp_path: Path
) -> None:
    clock.time = TAKEN
    desk.schedule(SENT, LATER)
    put_back(app, clock, tmp_path, seal="left")
    assert desk.see(SENT).status is Status.SCHEDULED
    runs(app, clock, until=2 * HOUR)
    assert platform.public == {SENT.key: 1, LATER.key: 1}
    assert desk.see(SENT).status is Status.PUBLISHED


def test_a_database_that_is_no_copy_is_left_as_it_is(app: App, desk: Desk) -> None:
    desk.schedule(SENT)
    assert recover(app, beginning=False) == 0
    assert desk.events(SENT) == ["scheduled"]


def test_a_suspect_delivery_in_hand_is_put_in_doubt_before_anything_else(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    recover(app, beginning=False)
    clock.time = LATER.due_at - POLICY.ahead
    (claimed,) = app.store.claim(clock(), limit=9, lease=POLICY.lease, actor="a")
    work(app, claimed)
    assert desk.see(LATER).status is Status.UNCONFIRMED
    assert platform.calls == []


def test_whoever_cancels_a_post_in_doubt_leaves_its_comment_to_what_is_found(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    comment = a_comment(LATER)
    desk.schedule(comment)
    for each in (LATER, comment):
        platform.public[each.key] = 1
        platform._since[each.key] = NOW - MINUTE
    recover(app, beginning=False)
    assert [it.key for it in cancel(app, LATER.key, "It is off.")] == [LATER.key]
    runs(app, clock, until=HOUR)
    assert [desk.see(each).status for each in (LATER, comment)] == [Status.PUBLISHED] * 2
    assert (platform.public[LATER.key], platform.public[comment.key]) == (1, 1)


def test_what_had_ended_and_was_not_sent_since_ends_as_before(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    ended = [standing(state, state.value) for state in (Status.FAILED, Status.CANCELLED)]
    desk.schedule(*ended)
    recover(app, beginning=False)
    assert {desk.see(each).status for each in ended} == {Status.UNCONFIRMED}
    assert not {it.key for it in needs_a_person(app)} & {each.key for each in ended}
    runs(app, clock, until=HOUR)
    for each in ended:
        assert (desk.see(each).status, desk.see(each).reason) == (each.status, each.reason)
        assert platform.public[each.key] == 0


def test_what_is_scheduled_anew_after_a_restore_is_looked_for_before_it_goes_out(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    recover(app, beginning=False)
    since = app.store.unknown_since(clock() - timedelta(days=30))
    assert since == TAKEN
    assert app.store.unknown_since(clock()) is None
    added = a_delivery("añadida", due_at=NOW + HOUR, suspect=True, asked_at=since)
    desk.schedule(added)
    platform.public[added.key] = 1
    platform._since[added.key] = TAKEN + MINUTE
    runs(app, clock, until=2 * HOUR)
    assert platform.public[added.key] == 1
    assert desk.see(added).status is Status.PUBLISHED


def test_what_had_failed_and_was_sent_since_is_not_sent_again(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, restored: None
) -> None:
    failed = standing(Status.FAILED, "failed", due_at=NOW - 40 * MINUTE)
    desk.schedule(failed)
    platform.public[failed.key] = 1
    platform._since[failed.key] = NOW - 30 * MINUTE
    runs(app, clock, until=HOUR)
    assert platform.public[failed.key] == 1
    assert desk.see(failed).status is Status.PUBLISHED


SEALS = ["missing", "empty", "put back"]


@pytest.mark.parametrize("seal", SEALS)
def test_an_older_file_whose_seal_does_not_belie_it_is_taken_for_a_copy_by_whoever_begins(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, tmp_path: Path, seal: str
) -> None:
    clock.time = TAKEN
    desk.schedule(SENT, LATER)
    put_back(app, clock, tmp_path, seal=seal)
    runs(app, clock, until=2 * HOUR)
    assert platform.public == {SENT.key: 1, LATER.key: 1}
    assert desk.see(SENT).status is Status.PUBLISHED


@pytest.mark.parametrize("seal", SEALS)
def test_a_seal_that_is_lost_or_touched_while_a_daemon_runs_puts_nothing_in_doubt(
    app: App, desk: Desk, clock: Clock, tmp_path: Path, seal: str
) -> None:
    desk.schedule(LATER)
    once(app, workers=1)
    spoil(seal_of(tmp_path), seal, json.loads(seal_of(tmp_path).read_text()))
    mend(app)
    assert not desk.see(LATER).suspect


def test_an_older_file_is_known_while_a_daemon_runs(
    app: App, desk: Desk, clock: Clock, platform: ScriptedPlatform, tmp_path: Path
) -> None:
    clock.time = TAKEN
    desk.schedule(SENT, LATER)
    put_back(app, clock, tmp_path, seal="left")
    mend(app)
    assert desk.see(SENT).status is Status.PUBLISHED
    assert desk.see(LATER).suspect


def test_what_is_moved_while_a_recovery_looks_is_looked_at_again(
    app: App, desk: Desk, restored: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = app.store.listed

    def moved_meanwhile(**asked: Any) -> list[Delivery]:
        monkeypatch.undo()
        found = listed(**asked)
        move = decide(desk.see(LATER), Cancelled("No."), NOW, POLICY)
        app.store.apply(move, now=NOW, actor="ana")
        return found

    monkeypatch.setattr(app.store, "listed", moved_meanwhile)
    assert recover(app, beginning=False) == 4
    assert desk.see(LATER).suspect


def test_where_nobody_is_known_to_be_seen_nobody_has_to_look(app: App, restored: None) -> None:
    recover(app, beginning=False)
    assert app.store.pauses.in_force() == []


def test_whoever_is_seen_waits_for_one_look_of_a_person(app: App, restored: None) -> None:
    app.store.consents.grant(CONSENT)
    app.store.pauses.begin(Pause(reason="Duelo.", since=NOW, person="P-015", by="ana"))
    recover(app, beginning=False)
    recover_again(app)
    assert [it.person for it in app.store.pauses.in_force()] == ["P-015", ANYONE]


def recover_again(app: App) -> None:
    is_a_copy(app)
    recover(app, beginning=False)
