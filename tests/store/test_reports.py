"""What a report asks of the database: moves in their order, and numbers without names."""

from collections.abc import Callable
from datetime import timedelta

from somos_social.core.events import Cancelled
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.core.report import Held
from somos_social.store import Store
from tests.samples import FACEBOOK, HOUR, NOW, X, a_consent, a_delivery

HERE = "somos-lo-mismo"


def test_only_changes_of_status_of_these_campaigns_are_steps(
    store: Store, put: Callable[..., None], happen: Callable[..., Delivery]
) -> None:
    put(a_delivery(), a_delivery("otra", campaign="otra", key=f"otra/otra@{X}"))
    happen(a_delivery(), Cancelled("Un duelo."), NOW + HOUR)
    [begun, ended] = store.reports.steps([HERE])
    assert (begun.before, begun.after, begun.event) == (None, Status.SCHEDULED, "scheduled")
    assert ended == (NOW + HOUR, a_delivery().key, "cancelled", "scheduled", "cancelled")
    assert store.reports.steps(["nada"]) == []


def pause(store: Store, **changes: object) -> None:
    at = {"reason": "Un duelo.", "since": NOW, "by": "luz", **changes}
    store.pauses.begin(Pause(**at))  # type: ignore[arg-type]


def test_pauses_and_blackouts_that_covered_a_campaign_are_counted(store: Store) -> None:
    for covers in ({}, {"campaign": HERE}, {"channel": FACEBOOK}, {"campaign": "otra"}):
        pause(store, **covers)
    pause(store, until=NOW + HOUR)
    held = store.reports.held([HERE], since=None, until=None)
    assert held == Held(pauses=3, blackouts=1, withdrawals=0)
    later = store.reports.held([HERE], since=NOW + HOUR, until=None)
    assert later == store.reports.held([HERE], since=None, until=NOW) == Held()


def test_withdrawals_are_counted_by_when_they_were_and_nobody_is_named(store: Store) -> None:
    for number in range(3):
        given = a_consent(person=f"P-{number}")
        store.consents.grant(given)
        if number:
            at = NOW + timedelta(days=number)
            store.consents.withdraw(given, reason="No.", now=at, actor="luz")
    held = store.reports.held([HERE], since=None, until=NOW + timedelta(days=2))
    assert held.withdrawals == 1
    assert store.reports.held([HERE], since=None, until=None).withdrawals == 2


def test_the_ends_of_the_chains_are_those_of_the_log(
    store: Store, put: Callable[..., None]
) -> None:
    put(a_delivery(), a_delivery("otra"), a_delivery(channel=FACEBOOK))
    facebook, x = store.reports.chains()
    assert (facebook.name, facebook.length) == (FACEBOOK, 1)
    assert (x.name, x.length, x.hash) == (X, 2, store.log(channel=X)[-1]["hash"])
