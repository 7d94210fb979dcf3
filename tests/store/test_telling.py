"""What people are told is claimed before it is sent, in whole messages, by one program alone."""

from dataclasses import replace
from threading import Barrier, Thread

from somos_social.core.delivery import decide
from somos_social.core.events import Refused, Retried
from somos_social.core.handoff import Accepted
from somos_social.core.handoff import decide as decide_handoff
from somos_social.core.model.delivery import Status
from somos_social.core.people import Pause
from somos_social.store import Store
from somos_social.store.telling import FAILED, SENDING, SENT
from tests.handoffs import ASKED
from tests.samples import HOUR, MINUTE, NOW, POLICY, X, a_delivery

BOTH = [("a", "failed>desk@1"), ("b", "missed>desk@2")]


def test_a_message_on_several_things_is_claimed_as_one(store: Store) -> None:
    assert store.begin_tellings(BOTH, NOW, most=3) == dict.fromkeys(BOTH, 1)
    assert store.begin_tellings([*BOTH, ("c", "pause>desk@3")], NOW, most=3) == {
        ("c", "pause>desk@3"): 1
    }
    store.end_tellings(BOTH)
    states = {it.subject: it.state for it in store.tellings()}
    assert states == {"a": SENT, "b": SENT, "c": SENDING}


def test_what_surely_failed_is_claimed_again_when_its_time_has_come(store: Store) -> None:
    store.begin_tellings(BOTH, NOW, most=2)
    store.end_tellings(BOTH, reason="Nobody answered.", again_at=NOW + MINUTE)
    assert store.begin_tellings(BOTH, NOW, most=2) == {}
    assert store.begin_tellings(BOTH, NOW + MINUTE, most=2) == dict.fromkeys(BOTH, 2)
    store.end_tellings(BOTH, reason="Nobody answered.", again_at=NOW + 2 * MINUTE)
    assert store.begin_tellings(BOTH, NOW + HOUR, most=2) == {}
    assert {(it.state, it.attempts, it.reason) for it in store.tellings()} == {
        (FAILED, 2, "Nobody answered.")
    }


def test_of_several_programs_one_claims_each_thing(store: Store, url: str) -> None:
    start = Barrier(4)
    claimed: list[tuple[str, str]] = []

    def program() -> None:
        own = Store(url)
        start.wait()
        claimed.extend(own.begin_tellings(BOTH, NOW, most=3))
        own.close()

    programs = [Thread(target=program) for _ in range(4)]
    for each in programs:
        each.start()
    for each in programs:
        each.join()
    assert sorted(claimed) == BOTH


def test_since_when_something_stands_as_it_does_is_known(store: Store) -> None:
    store.schedule([a_delivery()], (), (), now=NOW, actor="a")
    seen = []
    for hour in (1, 2):
        [claimed] = store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
        failed = decide(claimed, Refused("No."), NOW, POLICY)
        after = store.apply(failed, now=NOW + hour * HOUR, actor="a")
        assert after.status is Status.FAILED
        [(entry, at)] = store.entered([after]).values()
        assert at == NOW + hour * HOUR
        seen.append(entry)
        store.apply(decide(after, Retried(), NOW, POLICY), now=NOW, actor="a")
    assert seen[0] < seen[1]
    assert store.entered([a_delivery("nobody")]) == {}


def test_pauses_that_ended_are_known_for_a_while(store: Store) -> None:
    begun = store.pauses.begin(Pause(reason="Duelo.", since=NOW, channel=X, by="ana"))
    store.pauses.end([begun], (), now=NOW + HOUR, actor="ana")
    assert store.pauses.ended(NOW) == [(begun, NOW + HOUR)]
    assert store.pauses.ended(NOW + HOUR) == []
    to_come = store.pauses.begin(Pause(reason="Feria.", since=NOW + 9 * HOUR, by="ana"))
    store.pauses.end([to_come], (), now=NOW + HOUR, actor="ana")
    assert store.pauses.ended(NOW) == [(begun, NOW + HOUR)]


def test_what_another_database_knows_of_hand_offs_and_messages_is_taken_over_once(
    store: Store,
) -> None:
    store.schedule((), (), (ASKED,), now=NOW, actor="a")
    [known] = store.handoffs()
    later = replace(decide_handoff(known, Accepted(), NOW).after, version=known.version + 1)
    assert store.carry_handoffs([later], now=NOW, actor="a") == 1
    assert store.carry_handoffs([later], now=NOW, actor="a") == 0
    assert store.handoffs() == [later]
    store.begin_tellings(BOTH, NOW, most=3)
    store.end_tellings(BOTH[:1], reason="No.", again_at=NOW)
    store.end_tellings(BOTH[1:])
    told = {it.subject: it for it in store.tellings()}
    theirs = [replace(told["a"], state=SENT, reason=None), replace(told["b"], state=FAILED)]
    store.carry_tellings([*theirs, replace(told["a"], subject="c")])
    assert {it.subject: it.state for it in store.tellings()} == {"a": SENT, "b": SENT, "c": FAILED}
