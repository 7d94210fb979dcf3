"""What had become of posts and hand-offs is not forgotten when an older database is put back."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from somos_social.core.delivery import decide
from somos_social.core.events import Absent, Amended, PassedBy, Restored
from somos_social.core.handoff import (
    Accepted,
    Approved,
    Cancelled,
    Event,
    Offered,
    Submitted,
    WentLive,
)
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.handoff import HandoffStatus
from somos_social.core.model.post import Variant
from somos_social.core.people import ANYONE, Approver, Pause
from somos_social.flows import App
from somos_social.flows.carrying import carry_over
from somos_social.flows.handoff import act, known
from somos_social.flows.telling import tell_of
from somos_social.notify import Apprise
from somos_social.store import Store
from tests.conftest import Clock
from tests.handoffs import ASKED, DRAFT, TO_LIVE, URL
from tests.receivers import a_post_office
from tests.samples import CONSENT, HOUR, NOW, POLICY, a_delivery, a_wish, standing

OTHER = replace(ASKED, key="otra")
Taken = Callable[[], None]


@pytest.fixture
def take(app: App, tmp_path: Path) -> Taken:
    """Takes the copy that is later put back."""
    app.store.schedule((), (), (ASKED, OTHER), now=NOW, actor="ana")

    def taken() -> None:
        with (
            closing(sqlite3.connect(tmp_path / "copy.db")) as new,
            closing(sqlite3.connect(tmp_path / "somos.db")) as old,
        ):
            old.backup(new)

    return taken


@contextmanager
def put_back(app: App, tmp_path: Path) -> Iterator[App]:
    """The program on the copy, in which the database so far is carried over."""
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copy(tmp_path / "copy.db", folder / "somos.db")
    store = Store(f"sqlite:///{folder / 'somos.db'}")
    store.take_for_a_copy(NOW)
    restored = replace(app, store=store)
    try:
        carry_over(restored, app.store)
        yield restored
    finally:
        store.close()


def happen(app: App, clock: Clock, *events: Event, name: str = ASKED.name) -> None:
    for event in events:
        clock.advance(HOUR)
        act(app, known(app, name), event)


def test_a_post_that_went_live_since_is_known_with_its_address_and_its_times(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    happen(app, clock, Accepted())
    take()
    happen(app, clock, *TO_LIVE[1:])
    before = known(app, ASKED.name)
    with put_back(app, tmp_path) as restored:
        after = known(restored, ASKED.name)
        assert after == before
        assert (after.status, after.url) == (HandoffStatus.LIVE, URL)
        last = restored.store.log(delivery=ASKED.subject)[-1]
        assert (last["from"], last["to"], last["event"]) == ("accepted", "live", "carried")
        assert last["actor"] == "daemon@here (restore)"
        assert restored.store.broken_links(but_for_its_seal=True) == []
        assert known(restored, OTHER.name) == known(app, OTHER.name)


def test_a_draft_that_was_approved_or_a_hand_off_that_was_cancelled_since_stays_so(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    take()
    happen(app, clock, Accepted(), Submitted(DRAFT), Approved(DRAFT.digest))
    happen(app, clock, Cancelled("No."), name=OTHER.name)
    with put_back(app, tmp_path) as restored:
        assert known(restored, ASKED.name).approved == DRAFT.digest
        assert known(restored, OTHER.name).status is HandoffStatus.CANCELLED


def test_what_the_copy_has_never_heard_of_is_carried_too(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    take()
    new = replace(ASKED, key="nueva")
    app.store.schedule((), (), (new,), now=clock(), actor="ana")
    happen(app, clock, *TO_LIVE, name=new.name)
    with put_back(app, tmp_path) as restored:
        assert known(restored, new.name).url == URL
        assert restored.store.broken_links(but_for_its_seal=True) == []


def test_what_is_known_better_here_stays_as_it_is(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    happen(app, clock, *TO_LIVE)
    take()
    folder = tmp_path / "old"
    folder.mkdir()
    shutil.copy(tmp_path / "copy.db", folder / "somos.db")
    former = Store(f"sqlite:///{folder / 'somos.db'}")
    try:
        happen(app, clock, WentLive(f"{URL}2"))
        carry_over(app, former)
        assert known(app, ASKED.name).url == f"{URL}2"
        assert "carried" not in [it["event"] for it in app.store.log()]
    finally:
        former.close()


def test_of_a_log_that_is_not_whole_only_what_is_public_is_carried(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    take()
    happen(app, clock, Accepted(), Submitted(DRAFT), Approved(DRAFT.digest))
    happen(app, clock, *TO_LIVE, name=OTHER.name)
    with closing(sqlite3.connect(tmp_path / "somos.db")) as database:
        database.execute("UPDATE log SET actor = 'nobody' WHERE event = 'approved'")
        database.commit()
    with put_back(app, tmp_path) as restored:
        assert known(restored, ASKED.name).status is HandoffStatus.OFFERED
        assert known(restored, OTHER.name).status is HandoffStatus.LIVE


def test_what_was_told_since_is_not_told_again(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    take()
    with a_post_office() as post:
        told = replace(app, notifier=Apprise(urls=[], mail=lambda: post.url, contact=lambda it: it))
        happen(told, clock, Offered(), Accepted(), Submitted(DRAFT), Approved(DRAFT.digest))
        tell_of(told, known(told, ASKED.name))
        sent = len(post.got)
        assert sent
        with put_back(told, tmp_path) as restored:
            assert tell_of(restored, known(restored, ASKED.name)) == []
        assert len(post.got) == sent


# Deliveries.


def added_since(app: App, take: Taken, status: Status) -> Delivery:
    take()
    new = standing(status)
    app.store.schedule([new], (), (), now=NOW, actor="ana")
    return new


@pytest.mark.parametrize("status", Status)
def test_a_post_that_the_copy_has_never_heard_of_stands_as_it_stood(
    app: App, tmp_path: Path, take: Taken, status: Status
) -> None:
    new = added_since(app, take, status)
    with put_back(app, tmp_path) as restored:
        assert one(restored, new) == new
        assert restored.store.is_continuous(new.key)


@pytest.mark.parametrize("status", Status)
def test_of_a_log_that_is_not_whole_what_may_be_public_is_carried_however_it_stands(
    app: App, tmp_path: Path, take: Taken, status: Status
) -> None:
    new = added_since(app, take, status)
    with closing(sqlite3.connect(tmp_path / "somos.db")) as database:
        database.execute("UPDATE log SET actor = 'nobody'")
        database.commit()
    with put_back(app, tmp_path) as restored:
        found = restored.store.get(new.key)
        may_be = (Status.PUBLISHING, Status.UNCONFIRMED, Status.PUBLISHED, Status.REMOVED)
        assert (found is not None) is (status in may_be)


@pytest.mark.parametrize("then", [Status.UNCONFIRMED, Status.PUBLISHING, Status.SCHEDULED])
@pytest.mark.parametrize("since", [Status.FAILED, Status.MISSED, Status.CANCELLED])
def test_what_came_to_nothing_since_the_copy_does_not_go_out_after_all(
    app: App, tmp_path: Path, take: Taken, then: Status, since: Status
) -> None:
    app.store.schedule([standing(then)], (), (), now=NOW, actor="ana")
    take()
    ended = standing(since, version=9, reason="UNHCR asked us to stop.")
    app.store.carry_deliveries([ended], now=NOW, actor="ana")
    with put_back(app, tmp_path) as restored:
        assert one(restored, ended) == ended
        assert restored.store.snapshot_taken_at() is None
        assert restored.store.broken_links(but_for_its_seal=True) == []


def test_what_stands_as_it_stood_in_the_copy_is_not_carried(
    app: App, tmp_path: Path, take: Taken
) -> None:
    same, moved = (standing(Status.SCHEDULED, name, version=3) for name in ("antes", "otra"))
    app.store.carry_deliveries([same, moved], now=NOW, actor="ana")
    take()
    app.store.carry_deliveries([replace(moved, version=4)], now=NOW, actor="ana")
    with put_back(app, tmp_path) as restored:
        carried = [it["delivery"] for it in restored.store.log() if "restore" in it["actor"]]
        assert carried == [moved.key]


def test_words_that_no_log_bears_out_are_carried_only_where_they_keep_something_back(
    app: App, tmp_path: Path, take: Taken
) -> None:
    app.store.consents.grant(CONSENT)
    app.store.consents.grant(replace(CONSENT, person="P-016"))
    take()
    app.store.consents.withdraw(CONSENT, reason="No.", now=NOW, actor="ana")
    app.store.consents.withdraw(
        replace(CONSENT, person="P-016"), reason="No.", now=NOW, actor="ana"
    )
    with closing(sqlite3.connect(tmp_path / "somos.db")) as database:
        database.execute("UPDATE consents SET withdrawn_at = NULL WHERE person = 'P-016'")
        database.execute("UPDATE consents SET form = 'f1' WHERE person = 'P-016'")
        database.execute(
            "INSERT INTO consents SELECT 'P-015', form, scope, channels, until, guardian,"
            " granted_at, granted_by, NULL, NULL FROM consents WHERE person = 'P-014'"
        )
        database.commit()
    with put_back(app, tmp_path) as restored:
        known = restored.store.consents.known()
        assert "P-015" not in known
        assert known["P-014"].withdrawn_at == NOW
        assert [it.person for it in restored.store.pauses.in_force()] == [ANYONE]


def test_a_database_that_was_a_copy_itself_vouches_for_nothing(
    app: App, tmp_path: Path, take: Taken
) -> None:
    post = a_delivery(due_at=NOW + HOUR)
    app.store.schedule([post], (), (), now=NOW, actor="ana")
    take()
    app.store.take_for_a_copy(NOW)
    with put_back(app, tmp_path) as restored:
        assert one(restored, post).suspect


def test_only_the_last_key_of_each_approver_opens(app: App, tmp_path: Path, take: Taken) -> None:
    ana, luis = (
        Approver(organisation=it, person=name, added_at=NOW, added_by="luz")
        for it, name in (("UNHCR", "Ana"), ("IOM", "Luis"))
    )
    app.store.approvers.add(ana, salt="s1", key="k1")
    take()
    app.store.approvers.remove(ana, now=NOW, actor="luz")
    app.store.approvers.add(ana, salt="s2", key="k2")
    app.store.approvers.add(luis, salt="s3", key="k3")
    with put_back(app, tmp_path) as restored:
        opens = {it.approver.person: it.key for it in restored.store.approvers.locks()}
        assert opens == {"Ana": "k2", "Luis": "k3"}
        assert restored.store.broken_links(but_for_its_seal=True) == []


def test_what_an_organisation_wants_changed_is_not_forgotten(
    app: App, tmp_path: Path, take: Taken
) -> None:
    post = a_delivery(due_at=NOW + HOUR)
    app.store.schedule([post], (), (), now=NOW, actor="ana")
    take()
    wish = a_wish(post, "Sin el nombre.")
    app.store.approvals.ask_for_changes([wish])
    with put_back(app, tmp_path) as restored:
        assert restored.store.approvals.change_requests() == [wish]


def test_what_the_copy_doubts_and_was_edited_once_it_was_looked_for_goes_out_as_it_was_edited(
    app: App, clock: Clock, tmp_path: Path, take: Taken
) -> None:
    doubted = a_delivery(due_at=NOW + 9 * HOUR, suspect=True, absent_after=NOW, asked_at=NOW - HOUR)
    app.store.schedule([doubted], (), (), now=NOW, actor="ana")
    take()
    edited = Amended(variant=Variant(text="Somos otra cosa."), due_at=NOW + 8 * HOUR, grace=HOUR)
    for event in (PassedBy("Duelo."), Absent(), Absent(), edited):
        clock.advance(POLICY.look_after)
        move = decide(one(app, doubted), event, clock(), POLICY)
        app.store.apply(move, now=clock(), actor="ana")
    app.store.pauses.begin(Pause(reason="Duelo.", since=NOW, by="ana"))
    with put_back(app, tmp_path) as restored:
        found = one(restored, doubted)
        assert (found.variant.text, found.due_at) == ("Somos otra cosa.", NOW + 8 * HOUR)
        assert (found.status, found.suspect) == (Status.SCHEDULED, False)
        assert [it.reason for it in restored.store.pauses.in_force()] == ["Duelo."]


def test_what_was_in_doubt_and_not_looked_for_yet_stays_in_doubt(
    app: App, tmp_path: Path, take: Taken
) -> None:
    post = a_delivery(due_at=NOW + HOUR)
    app.store.schedule([post], (), (), now=NOW, actor="ana")
    take()
    doubt = decide(one(app, post), Restored(NOW), NOW, POLICY)
    app.store.apply(doubt, now=NOW, actor="ana")
    assert one(app, post).suspect
    with put_back(app, tmp_path) as restored:
        assert one(restored, post).suspect


def one(app: App, delivery: Delivery) -> Delivery:
    found = app.store.get(delivery.key)
    assert found is not None
    return found
