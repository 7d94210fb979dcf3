"""A hand-off's moves are written once each, with their entry in the log, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from somos_social.core.handoff import (
    Accepted,
    Approved,
    Cancelled,
    Confirmed,
    Event,
    Offered,
    Submitted,
    WentLive,
    decide,
)
from somos_social.core.model.handoff import Handoff, HandoffStatus, Proof
from somos_social.errors import StoreError
from somos_social.store import Lost, Store
from tests.handoffs import ASKED, DRAFT, TO_LIVE, URL, asked
from tests.samples import MINUTE, NOW, a_delivery

PROOF = Proof(url=URL, at=NOW, how="the X API", seen=("hashtag", "disclosure"))


@pytest.fixture
def known(store: Store) -> Handoff:
    store.schedule((), (), (ASKED,), now=NOW, actor="ana@here")
    return the_only(store)


def the_only(store: Store) -> Handoff:
    [found] = store.handoffs()
    return found


def happen(store: Store, *events: Event, note: str | None = None) -> Handoff:
    for event in events:
        move = decide(the_only(store), event, NOW + MINUTE)
        store.move_handoff(move, now=NOW + MINUTE, actor="ana@here", note=note)
    return the_only(store)


def test_all_that_is_recorded_of_a_hand_off_comes_back(store: Store, known: Handoff) -> None:
    expected = known
    for event in (Offered(), *TO_LIVE, Confirmed(PROOF)):
        expected = decide(expected, event, NOW + MINUTE).after
        happen(store, event)
    assert the_only(store) == replace(expected, version=7)


def test_each_step_stands_in_the_log_with_who_and_why(store: Store, known: Handoff) -> None:
    happen(store, Offered(), Accepted(), Cancelled("The event is off."))
    entries = [
        (it["from"], it["to"], it["event"], it["actor"], it["reason"])
        for it in store.log(delivery=ASKED.subject)
    ]
    assert entries == [
        (None, "offered", "scheduled", "ana@here", None),
        ("offered", "offered", "offered", "ana@here", None),
        ("offered", "accepted", "accepted", "ana@here", None),
        ("accepted", "cancelled", "cancelled", "ana@here", "The event is off."),
    ]
    assert store.broken_links() == []


def test_the_hand_offs_part_of_the_log_can_be_read_alone(
    store: Store, known: Handoff, raw: Engine
) -> None:
    store.schedule([a_delivery()], (), (), now=NOW, actor="tests")
    happen(store, Accepted())
    with raw.connect() as connection:
        rows = connection.execute(text("SELECT handoff, event FROM handoff_log ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [
        (ASKED.subject, "scheduled"),
        (ASKED.subject, "accepted"),
    ]


def test_who_saw_an_older_state_loses_and_leaves_no_trace(store: Store, known: Handoff) -> None:
    stale = decide(known, Cancelled("Too late."), NOW)
    happen(store, Accepted())
    before = store.log()
    with pytest.raises(Lost):
        store.move_handoff(stale, now=NOW, actor="ben@here")
    assert the_only(store).status is HandoffStatus.ACCEPTED
    assert store.log() == before


def test_an_edit_between_a_look_and_an_approval_lets_the_approval_lose(
    store: Store, known: Handoff
) -> None:
    seen = happen(store, Accepted(), Submitted(DRAFT))
    store.schedule((), (), (replace(ASKED, brief="Otra cosa."),), now=NOW, actor="ana@here")
    with pytest.raises(Lost):
        store.move_handoff(decide(seen, Approved(DRAFT.digest), NOW), now=NOW, actor="ben@here")
    assert the_only(store).approved is None


def test_scheduling_the_same_again_writes_nothing(store: Store, known: Handoff) -> None:
    happen(store, Accepted())
    before, entries = the_only(store), store.log()
    store.schedule((), (), (ASKED,), now=NOW + MINUTE, actor="ana@here")
    assert the_only(store) == before
    assert store.log() == entries


def test_what_is_under_way_goes_on_in_the_form_that_the_file_has_now(
    store: Store, known: Handoff
) -> None:
    happen(store, Accepted(), Submitted(DRAFT), Approved(DRAFT.digest))
    store.schedule((), (), (asked(rights="Ninguno."),), now=NOW, actor="ana@here")
    found = the_only(store)
    assert (found.status, found.approved) == (HandoffStatus.SUBMITTED, None)
    assert found.ask.rights == "Ninguno."
    assert store.log()[-1]["event"] == "amended"


def test_what_was_done_without_a_move_is_logged_as_it_stands(store: Store, known: Handoff) -> None:
    happen(store, Accepted())
    store.note_handoff(known, "kit", "SHA-256 00ff", now=NOW, actor="ana@here")
    last = store.log()[-1]
    assert (last["from"], last["to"], last["event"]) == ("accepted", "accepted", "kit")
    assert last["reason"] == "SHA-256 00ff"
    assert store.broken_links() == []


def test_those_that_show_a_person_are_found_by_the_whole_name(store: Store, known: Handoff) -> None:
    assert store.handoffs_showing("P-014") == [known]
    assert store.handoffs_showing("P-01") == []
    assert store.handoffs_showing("%") == []


BEHIND_ITS_BACK = {
    "status": "status = 'accepted'",
    "address": "url = 'https://example.org/otra'",
    "content": "contact = 'otra@example.org'",
    "content ": "approved = digest_of_draft",
    "content  ": "ask = replace(ask, 'P-014', 'P-015')",
    "content   ": "draft = NULL, approved = NULL, ask = 'garbage'",
}


@pytest.mark.parametrize("what", BEHIND_ITS_BACK)
def test_a_hand_off_that_was_changed_behind_the_logs_back_is_found(
    store: Store, known: Handoff, raw: Engine, what: str
) -> None:
    happen(store, Accepted(), Submitted(DRAFT))
    change = BEHIND_ITS_BACK[what].replace("digest_of_draft", f"'{DRAFT.digest}'")
    with raw.begin() as connection:
        connection.execute(text(f"UPDATE handoffs SET {change}"))  # noqa: S608
    [line] = store.broken_links()
    assert line.startswith(f"{ASKED.subject}: its ")
    assert what.strip() in line


def test_a_hand_off_that_was_removed_behind_the_logs_back_is_found(
    store: Store, known: Handoff, raw: Engine
) -> None:
    with raw.begin() as connection:
        connection.execute(text("DELETE FROM handoffs"))
    assert store.broken_links() == [f"{ASKED.subject}: it is gone from the database."]


def test_a_hand_off_that_was_slipped_in_is_found(store: Store, known: Handoff, raw: Engine) -> None:
    with raw.begin() as connection:
        connection.execute(text("UPDATE handoffs SET key = 'otra', version = 3"))
    assert f"handoff/{ASKED.campaign}/otra: the log says nothing of it." in store.broken_links()


def test_one_from_before_hand_offs_had_a_life_is_whole_and_can_begin_one(
    store: Store, raw: Engine
) -> None:
    old: dict[str, Any] = {"now": "2026-12-22 23:00:00"}
    with raw.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO handoffs (campaign, key, influencer, contact, live_due, brief, review)"
                " VALUES ('somos-lo-mismo', 'ana-reel', '@ana', '', :now, '', true)"
            ),
            old,
        )
    assert store.broken_links() == []
    happen(store, Accepted())
    assert store.log()[-1]["from"] is None
    store.schedule((), (), (ASKED,), now=NOW, actor="ana@here")
    assert the_only(store).status is HandoffStatus.ACCEPTED
    assert store.broken_links() == []


def test_the_database_itself_refuses_what_no_hand_off_is(
    store: Store, known: Handoff, raw: Engine
) -> None:
    for change in ("status = 'lost'", "approved = 'abc'"):
        with pytest.raises(IntegrityError), raw.begin() as connection:
            connection.execute(text(f"UPDATE handoffs SET {change}"))  # noqa: S608


def test_a_damaged_hand_off_is_told_in_words(store: Store, known: Handoff, raw: Engine) -> None:
    with raw.begin() as connection:
        connection.execute(text("UPDATE handoffs SET ask = '[]'"))
    with pytest.raises(StoreError, match="cannot be read"):
        store.handoffs()


def test_an_address_that_is_corrected_stands_twice_in_the_log(store: Store, known: Handoff) -> None:
    happen(store, *TO_LIVE, WentLive(f"{URL}0"))
    assert [it["url"] for it in store.log()[-2:]] == [URL, f"{URL}0"]


# What people were told.


def test_nobody_is_told_twice_though_two_ask(store: Store) -> None:
    assert store.begin_telling("handoff/a/b", "offer", NOW, most=3)
    assert not store.begin_telling("handoff/a/b", "offer", NOW, most=3)
    assert store.begin_telling("handoff/a/b", "draft", NOW, most=3)
    assert store.begin_telling("handoff/a/c", "offer", NOW, most=3)


def test_what_was_told_is_not_told_again(store: Store) -> None:
    store.begin_telling("handoff/a/b", "offer", NOW, most=3)
    assert store.end_telling("handoff/a/b", "offer") == 1
    assert not store.begin_telling("handoff/a/b", "offer", NOW + 99 * MINUTE, most=3)


def test_who_has_nothing_to_tell_waits_for_no_writer(store: Store, raw: Engine) -> None:
    store.begin_telling("handoff/a/b", "offer", NOW, most=3)
    with raw.begin() as other:
        other.execute(text("UPDATE told SET kind = kind"))
        assert not store.begin_telling("handoff/a/b", "offer", NOW, most=3)


def test_a_clear_failure_is_tried_again_after_a_pause_and_not_for_ever(store: Store) -> None:
    tries = []
    for minute in range(10):
        now = NOW + minute * MINUTE
        if store.begin_telling("handoff/a/b", "offer", now, most=3):
            tries.append(minute)
            store.end_telling("handoff/a/b", "offer", reason="No.", again_at=now + 2 * MINUTE)
    assert tries == [0, 2, 4]
