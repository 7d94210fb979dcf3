"""A yes is given by someone who proves who they are, to exactly what they saw."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from somos_social.core.delivery import Move, decide
from somos_social.core.events import Amended
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.post import Variant
from somos_social.core.people import Approver
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App, attention
from somos_social.flows import approval as flow
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.samples import HOUR, NOW, POLICY, X, a_delivery, standing

POST = a_delivery()
REQUIRED = ("UNHCR", "IOM")


def asked(app: App, *wanted: Delivery, by: str = "UNHCR", post: str | None = None) -> list[str]:
    found = flow.asked(app, wanted, by, required=REQUIRED, post=post)
    return [each.delivery.post for each in found if not each.is_given]


def test_a_key_is_told_once_and_kept_nowhere(app: App) -> None:
    approver, key = flow.add(app, "UNHCR:Ana")
    assert (approver.organisation, approver.person) == ("UNHCR", "Ana")
    lock = app.store.approvers.lock_of("ana")
    assert lock is not None
    assert key not in repr(lock)
    assert flow.identify(app, "UNHCR:Ana", lambda: f"  {key.upper()} ") == approver
    assert flow.identify(app, "UNHCR:ana", lambda: key.replace("-", "")) == approver
    assert len(set(key.replace("-", ""))) > 5


def test_two_keys_are_never_the_same(app: App) -> None:
    keys = {flow.add(app, f"UNHCR:Ana{number}")[1] for number in range(5)}
    assert len(keys) == 5


@pytest.mark.parametrize("name", ["UNHCR", ":Ana", "UNHCR:", "", "UNHCR:A\x1bna", "U:" + "a" * 200])
def test_a_name_is_an_organisation_and_a_person(app: App, name: str) -> None:
    with pytest.raises(UsageError, match="ORGANISATION:NAME"):
        flow.add(app, name)


def test_one_person_speaks_for_one_organisation(app: App) -> None:
    flow.add(app, "UNHCR:Ana")
    with pytest.raises(NotAllowed, match="Ana is an approver of UNHCR already"):
        flow.add(app, "IOM:Ana")
    flow.remove(app, "UNHCR:Ana")
    flow.add(app, "IOM:Ana")
    with pytest.raises(UsageError, match="There is no approver UNHCR:Ana"):
        flow.remove(app, "UNHCR:Ana")


def test_a_name_is_not_enough(app: App) -> None:
    flow.add(app, "UNHCR:Ana")
    _, key = flow.add(app, "IOM:Eva")
    with pytest.raises(NotAllowed, match="not the key of UNHCR:Ana"):
        flow.identify(app, "UNHCR:Ana", lambda: key)
    with pytest.raises(UsageError, match="There is no approver IOM:Ana"):
        flow.identify(app, "IOM:Ana", lambda: key)
    with pytest.raises(UsageError, match="There is no approver UNHCR:Nadie"):
        flow.identify(app, "UNHCR:Nadie", lambda: key)


def test_of_those_who_try_at_once_no_more_are_listened_to(app: App) -> None:
    flow.add(app, "UNHCR:Ana")
    together = Barrier(8)

    def wrong() -> str:
        together.wait()
        return "falsa"

    def tries(_number: int) -> bool:
        with pytest.raises(NotAllowed) as refused:
            flow.identify(app, "UNHCR:Ana", wrong)
        return "not the key" in str(refused.value)

    with ThreadPoolExecutor(8) as eight:
        assert sum(eight.map(tries, range(8))) == 5


def test_keys_cannot_be_tried_without_end(app: App, clock: Clock) -> None:
    _, key = flow.add(app, "UNHCR:Ana")
    for _ in range(5):
        with pytest.raises(NotAllowed, match="not the key"):
            flow.identify(app, "UNHCR:Ana", lambda: "falsa")
    with pytest.raises(NotAllowed, match="Too many wrong keys"):
        flow.identify(app, "UNHCR:Ana", lambda: key)
    clock.advance(timedelta(minutes=15))
    assert str(flow.identify(app, "UNHCR:Ana", lambda: key)) == "UNHCR:Ana"


def test_only_an_organisation_that_is_asked_can_say_yes(app: App) -> None:
    with pytest.raises(NotAllowed, match="asks UNHCR, IOM for approval, not UNICEF"):
        flow.asked(app, [POST], "UNICEF", required=REQUIRED)
    with pytest.raises(NotAllowed, match="asks nobody"):
        flow.asked(app, [POST], "UNHCR", required=())
    with pytest.raises(UsageError, match="no post 'otra'"):
        flow.asked(app, [POST], "UNHCR", required=REQUIRED, post="otra")


def test_what_is_public_or_given_up_is_asked_of_nobody(app: App, desk: Desk) -> None:
    public = standing(Status.PUBLISHED, "pública")
    waits = standing(Status.MISSED, "perdida")
    desk.schedule(public, standing(Status.CANCELLED, "retirada"), waits)
    wanted = [public, a_delivery("retirada"), waits, a_delivery("nueva")]
    assert asked(app, *wanted) == ["perdida", "nueva"]
    assert asked(app, *wanted, post="nueva") == ["nueva"]


ANA = Approver(organisation="UNHCR", person="Ana", added_at=NOW, added_by="luz")


def test_a_yes_given_before_scheduling_counts(app: App, desk: Desk) -> None:
    flow.approve(app, ANA, [POST])
    assert asked(app, POST) == []
    assert asked(app, POST, by="IOM") == ["historia-carmen"]


def test_what_was_approved_before_is_shown_beside_what_is_asked_now(app: App) -> None:
    flow.approve(app, ANA, [POST])
    edited = replace(POST, variant=Variant(text="Otra cosa."))
    [each] = flow.asked(app, [edited], "UNHCR", required=REQUIRED)
    assert not each.is_given
    assert each.before is not None
    assert each.before.variant == POST.variant


def test_an_edit_at_the_very_moment_of_a_yes_leaves_it_a_yes_to_what_was_seen(
    app: App, desk: Desk, clock: Clock
) -> None:
    """She reads the post, someone schedules another text, she says yes."""
    desk.schedule(POST)
    app.store.schedule((), (), (), now=clock(), actor="ana", asking=[_campaign()])
    seen = flow.asked(app, [POST], "UNHCR", required=["UNHCR"])
    edited = replace(POST, variant=Variant(text="Otra cosa."), digest="")
    app.store.schedule((), [_amended(app, desk, edited)], (), now=clock(), actor="eva")
    flow.approve(app, ANA, [each.delivery for each in seen])
    assert app.store.claim(NOW, limit=1, lease=POLICY.lease, actor="a") == []
    [again] = flow.asked(app, [edited], "UNHCR", required=["UNHCR"])
    assert not again.is_given
    flow.approve(app, ANA, [again.delivery])
    (claimed,) = app.store.claim(NOW, limit=1, lease=POLICY.lease, actor="a")
    assert claimed.variant.text == "Otra cosa."


def _campaign() -> Campaign:
    return Campaign(
        slug=POST.campaign,
        name="",
        hashtag="",
        timezone="UTC",
        channels=(X,),
        approvals=("UNHCR",),
        posts=(),
        handoffs=(),
    )


def _amended(app: App, desk: Desk, wanted: Delivery) -> Move:
    event = Amended(wanted.variant, wanted.due_at, wanted.grace)
    return decide(desk.see(POST), event, app.now(), POLICY)


def test_a_yes_that_is_taken_back_says_why_in_the_log(app: App, desk: Desk) -> None:
    given = flow.approve(app, ANA, [POST])
    flow.take_back(app, ANA, given, "La familia pidió otras palabras.")
    assert asked(app, POST) == ["historia-carmen"]
    last = app.store.log()[-1]
    assert (last["to"], last["actor"], last["reason"]) == (
        "taken-back",
        "UNHCR:Ana",
        "La familia pidió otras palabras.",
    )


def test_another_time_needs_another_yes_where_it_binds_the_time(app: App) -> None:
    flow.approve(app, ANA, [POST])
    later = replace(POST, due_at=NOW + HOUR)
    assert asked(app, later) == []
    app.store.binds_time = True
    assert asked(app, later) == ["historia-carmen"]


def test_whoever_asks_for_changes_takes_back_the_yes_of_their_organisation_and_no_other(
    app: App, desk: Desk
) -> None:
    eva = replace(ANA, organisation="IOM", person="Eva")
    flow.approve(app, ANA, [POST])
    flow.approve(app, eva, [POST])
    flow.ask_for_changes(app, ANA, [POST], "Falta el nombre de Elvia.")
    assert asked(app, POST) == ["historia-carmen"]
    assert asked(app, POST, by="IOM") == []
    [request] = app.store.approvals.change_requests([POST.key])
    assert (request.person, request.comment) == ("Ana", "Falta el nombre de Elvia.")
    assert request.variant == POST.variant
    last = app.store.log()[-1]
    assert (last["channel"], last["from"], last["event"], last["to"]) == (
        "desk:approvals",
        "approved",
        "changes-requested",
        "changes-requested",
    )
    assert (last["actor"], last["reason"], last["digest"]) == (
        "UNHCR:Ana",
        "Falta el nombre de Elvia.",
        POST.variant.digest,
    )
    assert app.store.broken_links() == []


def test_the_next_yes_of_the_same_organisation_ends_its_wish_for_changes(app: App) -> None:
    flow.ask_for_changes(app, ANA, [POST], "Otra foto.")
    flow.ask_for_changes(app, ANA, [POST], "Otra foto, por favor.")
    flow.approve(app, replace(ANA, organisation="IOM", person="Eva"), [POST])
    [request] = app.store.approvals.change_requests([POST.key])
    assert request.comment == "Otra foto, por favor."
    flow.approve(app, ANA, [POST])
    assert app.store.approvals.change_requests([POST.key]) == []


def test_a_wish_that_was_put_into_the_database_by_hand_is_found(app: App) -> None:
    flow.ask_for_changes(app, ANA, [POST], "Otra foto.")
    with app.store._write() as connection:
        connection.exec_driver_sql("UPDATE change_requests SET organisation = 'IOM'")
    assert app.store.broken_links() == [
        f"approval/IOM/{POST.key}: the log knows of no such wish for changes.",
        f"approval/UNHCR/{POST.key}: it is gone from the database.",
    ]


def test_a_wish_waits_for_the_desk_until_what_it_is_about_is_changed(app: App, desk: Desk) -> None:
    desk.schedule(POST)
    flow.ask_for_changes(app, ANA, [POST], "Otra foto.")
    [(delivery, wish)] = attention.changes_wanted(app)
    assert (delivery.key, wish.comment) == (POST.key, "Otra foto.")
    edited = replace(POST, variant=Variant(text="Otra cosa."), digest="")
    app.store.schedule((), [_amended(app, desk, edited)], (), now=app.now(), actor="eva")
    assert attention.changes_wanted(app) == []


def test_nobody_is_asked_to_change_what_is_public(app: App, desk: Desk) -> None:
    public = standing(Status.PUBLISHED)
    desk.schedule(public)
    flow.ask_for_changes(app, ANA, [public], "Otra foto.")
    assert attention.changes_wanted(app) == []
