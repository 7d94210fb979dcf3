"""Who is let in, and the pages of what is known, are the same on every database."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from somos_social.core.guests import Guest, Role, Stay
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Status
from somos_social.core.model.post import Variant
from somos_social.core.people import Approval, ChangeRequest
from somos_social.store import Store
from somos_social.store.pages import Wanted
from tests.samples import FACEBOOK, HOUR, MINUTE, NOW, X, a_comment, a_delivery, standing

Put = Callable[..., None]

STAY = Stay()
ANA = Guest(
    organisation="UNHCR",
    person="Ana",
    role=Role.READER,
    invited_at=NOW,
    invited_by="luz",
    link_until=NOW + HOUR,
)
CAMPAIGN = Campaign(
    slug="somos-lo-mismo",
    name="Somos lo mismo",
    hashtag="",
    timezone="America/Panama",
    channels=(X,),
    approvals=("UNHCR",),
    posts=(),
    handoffs=(),
)


# Guests.


def test_of_many_who_use_a_link_at_once_one_comes_in(store: Store) -> None:
    store.guests.invite(ANA, link="a" * 64)
    begin, entered = threading.Barrier(6), []

    def enter(number: int) -> None:
        begin.wait()
        guest = store.guests.enter("a" * 64, visit=f"{number}" * 64, now=NOW, stay=STAY)
        entered.append(guest)

    threads = [threading.Thread(target=enter, args=[number]) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(it is not None for it in entered) == 1
    found = [store.guests.visitor(f"{number}" * 64, NOW, STAY) for number in range(6)]
    assert sum(it is not None for it in found) == 1
    assert store.broken_links() == []


def test_a_guest_is_known_however_the_name_is_written(store: Store) -> None:
    store.guests.invite(ANA, link="a" * 64)
    store.guests.invite(replace(ANA, person="ANA", role=Role.APPROVER), link="b" * 64)
    assert store.guests.holder("a" * 64, NOW) is None
    found = store.guests.named("aNa")
    assert found is not None
    assert found.role is Role.APPROVER
    assert [str(it) for it in store.guests.listed(NOW, STAY)] == ["UNHCR:ANA"]


def test_it_is_noted_once_a_minute_that_a_guest_is_there(store: Store) -> None:
    store.guests.invite(ANA, link="a" * 64)
    store.guests.enter("a" * 64, visit="v" * 64, now=NOW, stay=STAY)

    def seen(now_later: timedelta, *, noted: bool = True) -> timedelta:
        store.guests.visitor("v" * 64, NOW + now_later, STAY, noted=noted)
        [guest] = store.guests.listed(NOW + now_later, STAY)
        assert guest.seen_at is not None
        return guest.seen_at - NOW

    assert seen(timedelta(seconds=59)) == timedelta(0)
    assert seen(MINUTE) == MINUTE
    assert seen(10 * MINUTE, noted=False) == MINUTE
    assert seen(10 * MINUTE) == 10 * MINUTE


def test_visits_that_are_over_are_swept_up_when_the_next_begins(store: Store) -> None:
    for link, now in (("a", NOW), ("b", NOW + timedelta(days=8))):
        store.guests.invite(replace(ANA, link_until=now + HOUR), link=link * 64)
        store.guests.enter(link * 64, visit=link.upper() * 64, now=now, stay=STAY)
    with store._read() as connection:
        left = connection.exec_driver_sql("SELECT token FROM visits").scalars().all()
    assert left == ["B" * 64]


# Pages.


@pytest.fixture
def known(store: Store, put: Put) -> Store:
    lead = a_delivery("uno")
    put(lead, a_comment(lead), a_delivery("uno", channel=FACEBOOK, due_at=NOW + HOUR))
    put(standing(Status.PUBLISHED, "dos", due_at=NOW - HOUR))
    put(a_delivery("tres", due_at=NOW + 50 * HOUR))
    return store


def posts(store: Store, wanted: Wanted, **how: int | bool) -> list[str]:
    found = store.pages.posts(wanted, **{"limit": 10, **how})  # type: ignore[arg-type]
    return [group[0].post for group in found]


def test_posts_come_whole_in_the_order_of_their_first_times(known: Store) -> None:
    [first, *_] = known.pages.posts(Wanted(statuses=[Status.SCHEDULED]), limit=10)
    assert [it.channel for it in first] == [X, X, FACEBOOK]
    assert posts(known, Wanted()) == ["dos", "uno", "tres"]
    assert posts(known, Wanted(), newest_first=True) == ["tres", "uno", "dos"]
    assert posts(known, Wanted(), limit=1, offset=1) == ["uno"]
    assert posts(known, Wanted(channel=FACEBOOK)) == ["uno"]
    assert posts(known, Wanted(campaign="otra")) == []
    assert known.pages.channels() == [FACEBOOK, X]


def test_a_day_begins_with_its_first_moment_and_ends_before_the_next(known: Store) -> None:
    found = known.pages.between(NOW, NOW + HOUR)
    assert {it.post for it in found} == {"uno"}
    assert all(it.due_at == NOW for it in found)
    assert known.pages.between(NOW, NOW + HOUR, campaign="otra") == []


def test_the_newest_entries_come_first_and_those_of_consents_never(known: Store) -> None:
    with known._write() as connection:
        from somos_social.store import publishing_log, said

        word = publishing_log.word(
            connection, said.CONSENTS, "consent/P-014", "granted", event="granted", at=NOW, by="luz"
        )
        publishing_log.append(connection, [word])
    entries = known.pages.log(limit=99)
    assert [it["id"] for it in entries] == sorted((it["id"] for it in entries), reverse=True)
    assert len(entries) == len(known.log()) - 1
    last = known.pages.log(limit=2)[-1]["id"]
    assert known.pages.log(limit=1, before=last)[0]["id"] < last
    assert {it["channel"] for it in known.pages.log(limit=9, channel=X)} == {X}
    assert all("/uno@" in it["delivery"] for it in known.pages.log(limit=9, post="uno"))
    assert known.pages.log(limit=9, post="_no") == []
    assert known.pages.log(limit=9, since=NOW + HOUR) == []


def test_a_campaigns_clock_is_the_one_it_was_scheduled_with_last(store: Store) -> None:
    def schedule(campaign: Campaign) -> None:
        store.schedule((), (), (), now=NOW, actor="tests", asking=[campaign])

    schedule(CAMPAIGN)
    schedule(CAMPAIGN)
    assert [(it.name, it.zone.key) for it in store.pages.campaigns().values()] == [
        ("Somos lo mismo", "America/Panama")
    ]
    schedule(replace(CAMPAIGN, timezone="America/Santiago"))
    schedule(replace(CAMPAIGN, slug="otra", name="Otra", timezone="Nowhere/Land"))
    zones = {slug: it.zone.key for slug, it in store.pages.campaigns().items()}
    assert zones == {"otra": "UTC", "somos-lo-mismo": "America/Santiago"}


def test_a_wish_for_changes_takes_the_place_of_a_yes_and_a_yes_that_of_a_wish(
    store: Store,
) -> None:
    store.schedule((), (), (), now=NOW, actor="tests", asking=[CAMPAIGN])
    delivery = a_delivery()
    wish = ChangeRequest(
        delivery=delivery.key,
        organisation="UNHCR",
        person="Ana",
        variant=delivery.variant,
        due_at=NOW,
        at=NOW,
        comment="Otra foto.",
    )
    given = Approval(
        **{name: getattr(wish, name) for name in
           ("delivery", "organisation", "person", "variant", "due_at", "at")}
    )  # fmt: skip
    store.approvals.give([given])
    store.approvals.ask_for_changes([wish])
    assert store.approvals.given([delivery.key]) == []
    assert store.approvals.change_requests() == [wish]
    assert [it["event"] for it in store.pages.words_on([delivery.key])] == [
        "approved",
        "changes-requested",
    ]
    assert store.broken_links() == []
    store.approvals.give([given])
    assert store.approvals.change_requests([delivery.key]) == []
    assert store.approvals.given([delivery.key]) == [given]
    store.approvals.ask_for_changes([replace(wish, variant=Variant(text="Otra."))])
    assert store.broken_links() == []
