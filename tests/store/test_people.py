"""What people said is kept with its entry in the log, and holds in the very claim."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from random import Random

import pytest
from sqlalchemy import Engine, text

from somos_social.core.delivery import decide
from somos_social.core.events import Cancelled, PassedBy, Prepared, Published, Withheld
from somos_social.core.model.campaign import Blackout, Campaign
from somos_social.core.model.delivery import Delivery, Receipt, Status
from somos_social.core.model.post import Variant
from somos_social.core.people import Approval, Approver, Pause
from somos_social.store import Lost, NotCleared, Store, said
from somos_social.store.approvers import LOCKED_FOR, MOST_FAILURES, NameTaken
from tests.samples import (
    CONSENT,
    FACEBOOK,
    HOUR,
    MINUTE,
    NOW,
    POLICY,
    UPLOAD,
    X,
    a_delivery,
    a_wish,
    an_asset,
    standing,
)

Put = Callable[..., None]
Happen = Callable[..., Delivery]

SEEN = a_delivery("carmen", variant=Variant(text="Carmen.", assets=(an_asset(),)))
ANA = Approver(organisation="UNHCR", person="Ana", added_at=NOW, added_by="luz")
PAUSE = Pause(reason="Duelo.", since=NOW, by="ana")


def a_campaign(*approvals: str, blackouts: tuple[Blackout, ...] = ()) -> Campaign:
    return Campaign(
        slug="somos-lo-mismo",
        name="",
        hashtag="",
        timezone="UTC",
        channels=(),
        approvals=approvals,
        posts=(),
        handoffs=(),
        blackouts=blackouts,
    )


def a_yes(delivery: Delivery, organisation: str = "UNHCR") -> Approval:
    return Approval(
        delivery=delivery.key,
        organisation=organisation,
        person="Ana" if organisation == "UNHCR" else f"Eva of {organisation}",
        variant=delivery.variant,
        due_at=delivery.due_at,
        at=NOW,
    )


def claimed(store: Store, limit: int = 9) -> list[str]:
    found = store.claim(NOW, limit=limit, lease=POLICY.lease, actor="worker")
    return [delivery.post for delivery in found]


def asks(store: Store, *campaigns: Campaign) -> None:
    store.schedule((), (), (), now=NOW, actor="ana", asking=campaigns)


# Claims.


def test_each_yes_is_told_in_the_order_of_its_delivery_or_of_those_that_are_asked_for(
    store: Store,
) -> None:
    uno, dos = a_yes(a_delivery("uno")), a_yes(a_delivery("dos"))
    store.approvals.give([uno, dos])
    assert store.approvals.given() == [dos, uno]
    assert store.approvals.given([uno.delivery]) == [uno]


def test_whose_yes_a_campaign_needs_is_told_in_one_order(store: Store) -> None:
    asks(store, a_campaign("UNHCR", "IOM"))
    assert store.approvals.required() == {"somos-lo-mismo": ("IOM", "UNHCR")}


def test_what_lacks_a_yes_is_not_claimed_and_with_it_it_is(store: Store, put: Put) -> None:
    put(a_delivery("uno"), a_delivery("dos"))
    asks(store, a_campaign("UNHCR", "IOM"))
    assert claimed(store) == []
    store.approvals.give([a_yes(a_delivery("uno")), a_yes(a_delivery("dos"))])
    store.approvals.give([a_yes(a_delivery("dos"), "IOM")])
    assert claimed(store) == ["dos"]


def test_a_yes_that_the_log_does_not_know_lets_nothing_out(
    store: Store, put: Put, raw: Engine
) -> None:
    put(a_delivery())
    asks(store, a_campaign("UNHCR"))
    store.approvals.give([replace(a_yes(a_delivery()), variant=Variant(text="Otra cosa."))])
    forge = text("UPDATE approvals SET variant = :variant")
    with raw.begin() as connection:
        connection.execute(forge, {"variant": a_delivery().variant.to_json()})
    assert claimed(store) == []
    assert store.approvals.given() == []
    assert store.broken_links() != []
    store.approvals.give([a_yes(a_delivery())])
    with raw.begin() as connection:
        connection.execute(text("UPDATE approvals SET person = 'Eva'"))
    assert claimed(store) == []
    with raw.begin() as connection:
        connection.execute(text("UPDATE approvals SET person = 'Ana'"))
    assert claimed(store) == [a_delivery().post]


@pytest.mark.parametrize(
    "change",
    [
        "scope = 'face\nname\nfull name'",
        "channels = 'all'",
        "until = NULL",
        "guardian = :no",
        "form = 'a0'",
        "withdrawn_at = NULL",
    ],
)
def test_a_consent_that_the_log_does_not_know_lets_nothing_out(
    store: Store, put: Put, raw: Engine, change: str
) -> None:
    put(SEEN)
    store.consents.grant(CONSENT)
    if "withdrawn" in change:
        store.consents.withdraw(CONSENT, reason="Lo pidió.", now=NOW, actor="ana")
    with raw.begin() as connection:
        connection.execute(text(f"UPDATE consents SET {change}"), {"no": False})  # noqa: S608
    assert claimed(store) == []
    assert store.said_of([SEEN]).consents == {}


def test_one_person_does_not_say_yes_for_two(store: Store, put: Put) -> None:
    put(a_delivery())
    asks(store, a_campaign("UNHCR", "IOM"))
    store.approvals.give([replace(a_yes(a_delivery()), person="José")])
    store.approvals.give([replace(a_yes(a_delivery(), "IOM"), person="JOSE\u0301")])
    assert claimed(store) == []
    store.approvals.give([a_yes(a_delivery(), "IOM")])
    assert claimed(store) == [a_delivery().post]


@pytest.mark.parametrize("folded", ["josé", "jose\u0301"])
def test_a_name_is_one_name_however_it_is_written(store: Store, raw: Engine, folded: str) -> None:
    store.approvers.add(replace(ANA, person="José"), salt="00", key="k")
    with raw.begin() as connection:
        # As it was folded once.
        connection.execute(text("UPDATE approvers SET folded = :it"), {"it": folded})
    other = replace(ANA, person="JOSE\u0301", organisation="IOM")
    with pytest.raises(NameTaken):
        store.approvers.add(other, salt="00", key="k")
    lock = store.approvers.lock_of("Jose\u0301")
    assert lock is not None
    store.approvers.remove(lock.approver, now=NOW, actor="luz")
    assert store.approvers.known() == []


def test_a_yes_that_is_taken_back_is_none(store: Store, put: Put) -> None:
    put(a_delivery())
    asks(store, a_campaign("UNHCR"))
    store.approvals.give([a_yes(a_delivery())])
    given = store.approvals.given([a_delivery().key])
    assert given == [a_yes(a_delivery())]
    store.approvals.take_back(given, now=NOW, person="Ana", reason="No.")
    assert claimed(store) == []
    assert store.broken_links() == []


def test_what_shows_someone_is_claimed_only_while_their_consent_lasts(
    store: Store, put: Put
) -> None:
    put(SEEN)
    assert claimed(store) == []
    store.consents.grant(replace(CONSENT, until=NOW))
    assert claimed(store) == []
    store.consents.grant(CONSENT)
    store.consents.withdraw(CONSENT, reason="No.", now=NOW, actor="ana")
    assert claimed(store) == []
    store.consents.grant(CONSENT)
    assert claimed(store) == ["carmen"]
    assert store.consents.known() == {"P-014": CONSENT}


def test_a_pause_keeps_back_exactly_what_it_covers(store: Store, put: Put) -> None:
    put(a_delivery("uno"), a_delivery("dos", channel="facebook:p"))
    begun = store.pauses.begin(replace(PAUSE, channel=X))
    assert claimed(store) == ["dos"]
    assert store.pauses.in_force() == [begun]
    store.pauses.end([begun], (), now=NOW, actor="ana")
    assert claimed(store) == ["uno"]
    assert store.pauses.in_force() == []


def test_however_many_are_kept_back_those_behind_them_are_claimed(store: Store, put: Put) -> None:
    kept = [
        replace(SEEN, key=f"somos-lo-mismo/vista-{n}@{X}", due_at=NOW - MINUTE) for n in range(120)
    ]
    put(*kept, a_delivery("uno"), a_delivery("dos", due_at=NOW + MINUTE))
    assert claimed(store, limit=1) == ["uno"]
    assert claimed(store, limit=1) == ["dos"]


def test_what_is_kept_back_is_not_in_the_way_of_its_channel(store: Store, put: Put) -> None:
    first = replace(SEEN, prepared=True, upload=UPLOAD, run_at=NOW, due_at=NOW - MINUTE)
    second = a_delivery("uno", prepared=True, upload=UPLOAD, run_at=NOW)
    later = replace(first, key="otra", channel=FACEBOOK, due_at=NOW + HOUR, run_at=NOW + HOUR)
    put(first, second, later)
    assert claimed(store) == ["uno"]
    assert store.get(first.key) == replace(first, prepared=False, version=1)
    assert store.get(later.key) == later


def test_who_saw_it_before_it_was_stepped_over_loses(store: Store, put: Put) -> None:
    seen = replace(SEEN, prepared=True, upload=UPLOAD, run_at=NOW)
    put(seen)
    assert claimed(store) == []
    with pytest.raises(Lost):
        store.apply(decide(seen, Cancelled("No."), NOW, POLICY), now=NOW, actor="ana")


def test_what_is_held_is_not_written_again_and_again(store: Store, put: Put, raw: Engine) -> None:
    put(SEEN)
    for _ in range(3):
        assert claimed(store) == []
    assert store.get(SEEN.key) == SEEN
    assert len(store.log()) == 1


# The last look, in the transaction that says that it is going out.


def is_refused(store: Store, delivery: Delivery) -> str:
    move = decide(delivery, Prepared(UPLOAD), NOW, POLICY)
    with pytest.raises(NotCleared) as refused:
        store.apply(move, now=NOW, actor="worker")
    current = store.get(delivery.key)
    assert current is not None
    assert current.status is Status.CLAIMED
    return str(refused.value)


def test_a_pause_after_the_claim_still_stops_the_visible_call(store: Store, put: Put) -> None:
    put(standing(Status.CLAIMED))
    store.pauses.begin(PAUSE)
    assert is_refused(store, standing(Status.CLAIMED)) == "paused (everything): Duelo."


def test_a_withdrawal_after_the_claim_still_stops_the_visible_call(store: Store, put: Put) -> None:
    held = standing(Status.CLAIMED, variant=SEEN.variant)
    put(held)
    store.consents.grant(CONSENT)
    store.consents.withdraw(CONSENT, reason="No.", now=NOW, actor="ana")
    assert is_refused(store, held) == "P-014 has withdrawn consent"


def test_a_yes_that_is_taken_back_after_the_claim_still_stops_the_visible_call(
    store: Store, put: Put
) -> None:
    put(standing(Status.CLAIMED))
    asks(store, a_campaign("UNHCR"))
    assert is_refused(store, standing(Status.CLAIMED)) == "UNHCR has not approved it"


def test_a_pause_tells_what_was_going_out_already(store: Store, put: Put) -> None:
    leaving = standing(Status.PUBLISHING)
    put(leaving, standing(Status.PUBLISHING, "otra", channel="facebook:p"))
    begun = store.pauses.begin(replace(PAUSE, channel=X))
    assert store.pauses.going_out(begun) == [leaving]


ROUNDS = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 50


def test_a_pause_that_races_claims_never_lets_one_slip_through(url: str, store: Store) -> None:
    """The log is written in the order of the commits: between a pause and its end nothing moves."""
    other, dice = Store(url), Random(7)  # noqa: S311 - it must repeat
    done, raced = threading.Event(), 0

    def publishes() -> None:
        try:
            # On a busy machine the pauses come late; some must have met a claim.
            for number in takewhile(lambda it: it < ROUNDS or raced < 3, range(20 * ROUNDS)):
                ready = a_delivery(f"{number}", prepared=True, upload=UPLOAD, run_at=NOW)
                store.schedule([ready], (), (), now=NOW, actor="tests")
                while not _is_out(store, ready):
                    pass
        finally:
            done.set()

    worker = threading.Thread(target=publishes)
    worker.start()
    while not done.is_set():
        begun = other.pauses.begin(PAUSE)
        other.pauses.end([begun], (), now=NOW, actor="ana")
        raced += 1
        # Else the pauses alone would have the database.
        time.sleep(dice.uniform(0, 0.03))
    worker.join()
    other.close()
    silent, slipped, moved = False, [], 0
    for entry in store.log():
        if entry["channel"] == "desk:pauses":
            silent = entry["to"] == "paused"
        elif entry["to"] in ("claimed", "publishing"):
            moved += 1
            slipped += [entry] if silent else []
    assert slipped == []
    assert moved >= 2 * ROUNDS
    assert raced >= 3


def _is_out(store: Store, ready: Delivery) -> bool:
    """One try of a worker."""
    claims = store.claim(NOW, limit=1, lease=POLICY.lease, actor="worker")
    if not claims:
        return False
    [delivery] = claims
    try:
        leaving = store.apply(decide(delivery, Prepared(UPLOAD), NOW, POLICY), now=NOW, actor="w")
    except NotCleared as kept:
        back = Withheld(str(kept), UPLOAD)
        store.apply(decide(delivery, back, NOW, POLICY), now=NOW, actor="w")
        return False
    seen = Published(Receipt(remote_id=ready.key, url=None))
    return store.apply(decide(leaving, seen, NOW, POLICY), now=NOW, actor="w").key == ready.key


# Approvers.


def test_a_name_belongs_to_one_organisation_however_it_is_written(store: Store) -> None:
    store.approvers.add(ANA, salt="00", key="k")
    for organisation, person in (("IOM", "Ana"), ("IOM", "ANA"), ("UNHCR", "ana")):
        other = replace(ANA, organisation=organisation, person=person)
        with pytest.raises(NameTaken):
            store.approvers.add(other, salt="00", key="k")
    assert store.approvers.known() == [ANA]
    store.approvers.remove(ANA, now=NOW, actor="luz")
    store.approvers.add(replace(ANA, organisation="IOM"), salt="00", key="k")
    assert [str(it) for it in store.approvers.known()] == ["IOM:Ana"]


def test_too_many_wrong_keys_in_a_row_lock_an_approver_out_for_a_while(store: Store) -> None:
    store.approvers.add(ANA, salt="00", key="k")
    for _ in range(MOST_FAILURES - 1):
        assert store.approvers.begin_try("Ana", NOW)
    assert [str(it.approver) for it in store.approvers.wrongly_tried()] == ["UNHCR:Ana"]
    store.approvers.end_try("ANA")
    assert store.approvers.wrongly_tried() == []
    for _ in range(MOST_FAILURES - 1):
        assert store.approvers.begin_try("Ana", NOW)
    lock = store.approvers.lock_of("ana")
    assert lock is not None
    assert lock.until is None
    # The last that is listened to may still be the right one.
    assert store.approvers.begin_try("Ana", NOW)
    assert not store.approvers.begin_try("Ana", NOW)
    [lock] = store.approvers.wrongly_tried()
    assert lock.until == NOW + LOCKED_FOR
    assert store.approvers.begin_try("Ana", NOW + LOCKED_FOR)
    assert not store.approvers.begin_try("nadie", NOW)
    assert store.approvers.lock_of("nadie") is None


# Blackouts, as campaign files have them.


def test_blackouts_follow_the_file_and_what_is_past_is_none(store: Store) -> None:
    def blackout(start: int, end: int) -> Blackout:
        return Blackout(since=NOW + start * HOUR, until=NOW + end * HOUR, reason="Elecciones.")

    coming, going_on, past = blackout(5, 6), blackout(-1, 1), blackout(-3, -2)
    asks(store, a_campaign(blackouts=(coming, going_on, past)))
    asks(store, a_campaign(blackouts=(coming, going_on, past)))
    known = {(it.since, it.until) for it in store.pauses.in_force()}
    assert known == {(it.since, it.until) for it in (coming, going_on)}
    asks(store, a_campaign())
    (ending,) = store.pauses.in_force()
    assert (ending.since, ending.until) == (going_on.since, NOW)
    assert store.broken_links() == []


# The log.


def test_every_word_stands_in_the_log_with_who_and_when(store: Store, put: Put) -> None:
    asks(store, a_campaign("UNHCR"))
    store.approvers.add(ANA, salt="00", key="k")
    store.approvals.give([a_yes(a_delivery())])
    store.consents.grant(CONSENT)
    store.consents.withdraw(CONSENT, reason="Ella lo pidió.", now=NOW + HOUR, actor="luz")
    opened = store.requests.open(
        "a/b@x:c", person="P-014", url="https://x.com/1", reason="Lo pidió.", now=NOW, actor="luz"
    )
    again = store.requests.open(
        "a/b@x:c", person="P-014", url=None, reason="Otra vez.", now=NOW, actor="luz"
    )
    assert again == opened
    store.requests.close(opened, outcome="gone", reason=None, now=NOW, actor="luz")
    store.pauses.end([store.pauses.begin(PAUSE)], (), now=NOW, actor="luz")
    assert [(it["delivery"], it["from"], it["to"], it["actor"]) for it in store.log()] == [
        ("requirement/somos-lo-mismo", None, "changed", "ana"),
        ("approver/UNHCR:Ana", None, "added", "luz"),
        (f"approval/UNHCR/{a_delivery().key}", None, "approved", "UNHCR:Ana"),
        ("consent/P-014", None, "granted", "ana"),
        ("consent/P-014", "granted", "withdrawn", "luz"),
        ("request/1", None, "opened", "luz"),
        ("request/1", "opened", "gone", "luz"),
        ("pause/1", None, "paused", "ana"),
        ("pause/1", "paused", "resumed", "luz"),
    ]
    assert store.broken_links() == []
    assert store.requests.known(open_only=True) == []


FORGERIES = {
    "a yes that nobody gave": "INSERT INTO approvals VALUES ('k', 'IOM', 'Eva', '{}', :now, :now)",
    "other content under a yes": "UPDATE approvals SET variant = '{}'",
    "a consent that nobody gave": "UPDATE consents SET person = 'P-099'",
    "a withdrawal that is undone": "UPDATE consents SET withdrawn_at = NULL",
    "another form": "UPDATE consents SET form = ''",
    "a pause that is undone": "UPDATE pauses SET ended_at = :now",
    "an organisation that is asked no more": "DELETE FROM requirements",
    "a yes that is gone": "DELETE FROM approvals",
    "a yes of another person": "UPDATE approvals SET person = 'Eva'",
    "a yes for another time": "UPDATE approvals SET due_at = :now",
    "a wish that is gone": "DELETE FROM change_requests",
    "a wish for something else": "UPDATE change_requests SET comment = 'Nada.'",
    "a consent to more": "UPDATE consents SET scope = 'face'",
    "a consent for elsewhere": "UPDATE consents SET channels = 'all'",
    "a consent for ever": "UPDATE consents SET until = NULL",
    "a guardian that nobody saw": "UPDATE consents SET guardian = :no",
    "a consent that is gone": "DELETE FROM consents WHERE person = 'P-014'",
    "a key of somebody else": "UPDATE approvers SET key = 'k'",
    "the salt of another key": "UPDATE approvers SET salt = 'k'",
    "an approver for another organisation": "UPDATE approvers SET organisation = 'IOM'",
    "an approver that is gone": "DELETE FROM approvers",
    "a pause of something else": "UPDATE pauses SET channel = 'x:otra'",
    "a pause of another time": "UPDATE pauses SET since = :now",
    "a pause until then": "UPDATE pauses SET until = :now",
    "a pause that never was": "DELETE FROM pauses",
    "a request that nobody closed": "UPDATE requests SET closed_at = :now, outcome = 'gone'",
    "a request to another end": "UPDATE requests SET outcome = 'gone' WHERE number = 2",
    "a request closed at another time": "UPDATE requests SET closed_at = :now WHERE number = 2",
    "a request for somewhere else": "UPDATE requests SET url = 'https://example.org/'",
    "a request that is gone": "DELETE FROM requests WHERE number = 1",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_word_that_was_forged_is_found(store: Store, raw: Engine, forgery: str) -> None:
    asks(store, a_campaign("UNHCR"))
    store.approvals.give([a_yes(a_delivery())])
    store.consents.grant(CONSENT)
    store.consents.withdraw(CONSENT, reason="Lo pidió.", now=NOW, actor="ana")
    store.approvers.add(ANA, salt="00", key="ff")
    store.approvals.ask_for_changes([a_wish(a_delivery("otra"))])
    store.pauses.begin(PAUSE)
    for subject in ("uno", "dos"):
        asked = store.requests.open(
            subject, person="P-014", url=None, reason="Lo pidió.", now=NOW, actor="ana"
        )
    store.requests.close(asked, outcome="refused", reason=None, now=NOW, actor="ana")
    assert store.broken_links() == []
    statement = text(FORGERIES[forgery])
    values = {"now": NOW + MINUTE, "no": False}
    with raw.begin() as connection:
        used = {name: value for name, value in values.items() if f":{name}" in FORGERIES[forgery]}
        connection.execute(statement, used)
    assert store.broken_links() != []


def test_an_entry_of_an_approver_without_a_fingerprint_of_the_key_is_taken_as_it_is(
    store: Store, raw: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(said, "mark_of_key", lambda _salt, _key: "")
        store.approvers.add(ANA, salt="00", key="ff")
    assert store.log()[-1]["digest"] == ""
    assert store.broken_links() == []


def test_a_blackout_that_its_file_ends_early_leaves_the_log_whole(store: Store) -> None:
    silence = Blackout(since=NOW - HOUR, until=NOW + HOUR, reason="Elecciones.")
    asks(store, a_campaign(blackouts=(silence,)))
    asks(store, a_campaign())
    assert store.broken_links() == []


def test_who_is_seen_is_found_by_the_whole_name_alone(store: Store, put: Put) -> None:
    other = replace(an_asset(), people=("P-0145", "X_P-014"))
    put(
        SEEN,
        replace(SEEN, key="a/b@x:c", variant=Variant(text='"P-014"', assets=(other,))),
        replace(SEEN, key="a/c@x:c", variant=Variant(assets=(replace(other, people=("Ñ%",)),))),
    )
    assert [it.key for it in store.showing("P-014")] == [SEEN.key]
    assert [it.key for it in store.showing("Ñ%")] == ["a/c@x:c"]
    assert store.showing("P_014") == []


def test_a_pause_that_is_over_moves_all_or_nothing(store: Store, put: Put, happen: Happen) -> None:
    put(a_delivery("uno"), a_delivery("dos"))
    begun = store.pauses.begin(PAUSE)
    stale = [
        decide(waiting, PassedBy("Duelo."), NOW, POLICY)
        for waiting in store.listed(statuses=[Status.SCHEDULED])
    ]
    happen(a_delivery("dos"), Cancelled("No."))
    with pytest.raises(Lost, match="dos"):
        store.pauses.end([begun], stale, now=NOW, actor="ana")
    assert store.pauses.in_force() == [begun]
    assert store.counts() == {"cancelled": 1, "scheduled": 1}
    assert store.broken_links() == []


def test_a_word_is_told_at_its_own_time(store: Store) -> None:
    store.consents.grant(replace(CONSENT, granted_at=NOW - timedelta(days=2)))
    assert store.log()[0]["at"] == NOW - timedelta(days=2)
