"""A desk hears of all that it must know, each thing once, from a real web hook and mail server."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from threading import Barrier, Thread

import pytest

from somos_social.core.alerts import DESK, Audience, Kind, Language, Wanted
from somos_social.core.events import Blocked, Refused
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.channel import Identity, Introduction, Quota
from somos_social.core.model.delivery import Status
from somos_social.core.model.post import Variant
from somos_social.core.people import ANYONE, Approver, Consent, Pause
from somos_social.daemon import once
from somos_social.errors import InvalidFiles
from somos_social.flows import App
from somos_social.flows.alerting import FIRST_PAUSE, MOST_TRIES, alert
from somos_social.flows.approval import approve
from somos_social.flows.by_hand import retry
from somos_social.flows.delivery import work
from somos_social.flows.pause import matching, pause, resume
from somos_social.flows.withdrawal import honour, withdraw
from somos_social.notify import Apprise
from somos_social.store import Store
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import ScriptedPlatform, no
from tests.handoffs import ASKED
from tests.receivers import Receiver, a_desk, a_post_office
from tests.samples import (
    FACEBOOK,
    HOUR,
    INSTAGRAM,
    MINUTE,
    NOW,
    RECEIPT,
    X,
    a_comment,
    a_delivery,
    an_asset,
    standing,
)

DAY = timedelta(days=1)
SECRET = "hidden-token"
CAMPAIGN = Campaign(
    slug="somos-lo-mismo",
    name="Somos Lo Mismo Panamá",
    hashtag="#SomosLoMismo",
    timezone="America/Panama",
    channels=(X,),
    approvals=(),
    posts=(),
    handoffs=(),
)
SHOWS = Variant(text="Carmen.", assets=(an_asset(),))
FAILED = standing(Status.FAILED, "a")
MISSED = standing(Status.MISSED, "b")
DOUBTFUL = standing(Status.UNCONFIRMED, "c")


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with a_desk() as running:
        yield running


@pytest.fixture
def theirs() -> Iterator[Receiver]:
    """An address of others than the desk."""
    with a_desk() as running:
        yield running


@pytest.fixture
def told(app: App, hook: Receiver, desk: Desk) -> App:
    """The program with a desk to tell, and a campaign in Panama."""
    app.store.schedule((), (), (), now=NOW, actor="ana", asking=[CAMPAIGN])
    return hearing(app, {DESK: hook})


def hearing(app: App, audiences: dict[Audience, Receiver]) -> App:
    also = {who: [lambda to=to: to.url] for who, to in audiences.items() if who is not DESK}
    urls = [lambda: audiences[DESK].url] if DESK in audiences else []
    return replace(app, notifier=Apprise(urls=urls, mail=None, contact=str, also=also))


def titles(receiver: Receiver) -> list[str]:
    return [word.title for word in receiver.got]


# What stands still.


def test_what_stands_still_is_told_in_one_message_and_once(
    told: App, desk: Desk, hook: Receiver
) -> None:
    desk.schedule(FAILED, MISSED, DOUBTFUL)
    for _ in range(3):
        alert(told)
    [word] = hook.got
    assert word.title == "3 publicaciones necesitan a alguien"
    lines = word.body.splitlines()
    assert lines[0] == f"{FAILED.key}: no salió. Era para mar 1 dic 09:00 (Panama)."
    assert lines[1].startswith(f"{MISSED.key}: pasó su hora")
    assert lines[2].startswith(f"{DOUBTFUL.key}: puede estar publicada")
    assert lines[3] == "Qué pasó y cómo seguir: somos status"


def test_each_time_it_fails_anew_is_told_and_no_look_in_between(
    told: App, desk: Desk, hook: Receiver, platform: ScriptedPlatform
) -> None:
    desk.schedule(a_delivery())
    for _ in range(2):
        platform.says("prepare", no(Refused("The text is too long.")))
        work(told, desk.claim())
        alert(told)
        alert(told)
        retry(told, a_delivery().key)
        alert(told)
    assert titles(hook) == [f"No salió: {a_delivery().key}"] * 2
    assert f"somos queue show {a_delivery().key}" in hook.got[0].body
    assert "too long" not in hook.got[0].body


def test_many_are_told_in_a_message_that_a_phone_can_show(
    told: App, desk: Desk, hook: Receiver
) -> None:
    desk.schedule(*(standing(Status.FAILED, f"post-{number:02}") for number in range(40)))
    alert(told)
    [word] = hook.got
    assert word.body.splitlines()[-2:] == ["… y 30 más.", "Qué pasó y cómo seguir: somos status"]
    assert len(word.body) < 1500


def test_no_text_no_reason_and_nobody_who_is_seen_stands_in_a_message(
    told: App, desk: Desk, hook: Receiver
) -> None:
    reason = "People keep it back: P-014 has withdrawn consent: la amenazan"
    desk.schedule(replace(standing(Status.MISSED, variant=SHOWS), reason=reason))
    alert(told)
    [word] = hook.got
    for hidden in ("P-014", "amenazan", "Carmen.", "consent"):
        assert hidden not in word.title + word.body


def test_what_failed_long_ago_is_no_news(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    desk.schedule(FAILED)
    clock.advance(4 * DAY)
    assert alert(told) == []
    assert hook.asked == 0


def test_a_restart_does_not_tell_again(told: App, desk: Desk, hook: Receiver) -> None:
    desk.schedule(FAILED)
    alert(told)
    again = Store(str(told.store._engine.url))
    try:
        assert alert(replace(told, store=again)) == []
    finally:
        again.close()
    assert len(hook.got) == 1


def test_of_several_daemons_one_tells(told: App, desk: Desk, hook: Receiver) -> None:
    desk.schedule(FAILED, MISSED)
    url, start = str(told.store._engine.url), Barrier(4)

    def daemon() -> None:
        store = Store(url)
        start.wait()
        alert(replace(told, store=store))
        store.close()

    daemons = [Thread(target=daemon) for _ in range(4)]
    for each in daemons:
        each.start()
    for each in daemons:
        each.join()
    assert titles(hook) == ["2 publicaciones necesitan a alguien"]


class Killed(BaseException):
    """The program is gone in the middle of what it did."""


def test_who_dies_between_claim_and_sending_does_not_tell_twice_and_it_is_known(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    desk.schedule(FAILED)

    def dies() -> str:
        raise Killed

    with pytest.raises(Killed):
        alert(replace(told, notifier=Apprise(urls=[dies], mail=None, contact=str)))
    clock.advance(12 * HOUR)
    assert alert(told) == []
    assert [it.state for it in told.store.tellings()] == ["sending"]


# What could not be told.


def test_what_surely_failed_is_tried_more_and_more_rarely_and_then_told_once(
    told: App, desk: Desk, hook: Receiver, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    desk.schedule(FAILED)
    hook.fails = True
    tried = []
    with caplog.at_level(logging.ERROR, "somos"):
        for minute in range(60):
            before = hook.asked
            alert(told)
            tried += [minute] * (hook.asked - before)
            clock.advance(MINUTE)
    assert tried == [0, 1, 3, 7, 15, 31]
    assert len(caplog.records) == 1
    [waits] = told.store.tellings()
    assert (waits.state, waits.attempts) == ("failed", 6)
    hook.fails = False
    clock.advance(HOUR)
    assert [it.reason for it in alert(told)] == [None]
    assert alert(told) == []
    assert len(hook.got) == 1


def test_it_is_given_up_after_some_hours(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    desk.schedule(FAILED)
    hook.fails = True
    for _ in range(50):
        alert(told)
        clock.advance(HOUR)
    assert hook.asked == MOST_TRIES


def test_what_is_settled_meanwhile_is_not_told_any_more(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    desk.schedule(FAILED)
    hook.fails = True
    alert(told)
    retry(told, FAILED.key)
    hook.fails = False
    clock.advance(FIRST_PAUSE)
    assert alert(told) == []


def test_a_secret_that_is_missing_stops_neither_the_other_address_nor_a_post(
    told: App, desk: Desk, hook: Receiver, platform: ScriptedPlatform
) -> None:
    desk.schedule(FAILED, a_delivery())

    def missing() -> str:
        raise InvalidFiles([])

    urls = [missing, lambda: hook.url]
    once(replace(told, notifier=Apprise(urls=urls, mail=None, contact=str)), 1)
    assert titles(hook) == [f"No salió: {FAILED.key}"]
    assert platform.public == {a_delivery().key: 1}


def test_no_secret_stands_in_what_is_written_of_a_failure(
    told: App, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.schedule(FAILED)
    url = f"json://127.0.0.1:9/{SECRET}?token={SECRET}"
    with caplog.at_level(logging.DEBUG):
        [done] = alert(replace(told, notifier=Apprise(urls=[lambda: url], mail=None, contact=str)))
    assert done.reason is not None
    [record] = told.store.tellings()
    somos = [it.getMessage() for it in caplog.records if it.name == "somos"]
    assert SECRET not in "".join([done.reason, str(record), *somos])


def test_where_nobody_hears_nothing_is_written(app: App, desk: Desk) -> None:
    desk.schedule(FAILED)
    assert alert(app) == []
    assert app.store.tellings() == []


# Who hears what.


def test_each_audience_hears_its_kinds_in_its_language(
    app: App, desk: Desk, hook: Receiver, theirs: Receiver
) -> None:
    desk.schedule(FAILED, MISSED)
    kinds = frozenset({Kind.FAILED, Kind.PAUSE})
    english = Audience(name="env:NIGHT", language=Language.EN, kinds=kinds)
    both = hearing(app, {DESK: hook, english: theirs})
    alert(both)
    alert(both)
    assert titles(hook) == ["2 publicaciones necesitan a alguien"]
    assert titles(theirs) == [f"Did not go out: {FAILED.key}"]


def test_one_address_that_fails_keeps_no_other_from_hearing(
    app: App, desk: Desk, hook: Receiver, theirs: Receiver, clock: Clock
) -> None:
    desk.schedule(FAILED)
    theirs.fails = True
    both = hearing(app, {Audience(name="env:OTHER"): theirs, DESK: hook})
    alert(both)
    theirs.fails = False
    clock.advance(FIRST_PAUSE)
    alert(both)
    assert len(hook.got) == len(theirs.got) == 1


def test_a_desk_hears_by_mail_as_well(app: App, desk: Desk) -> None:
    desk.schedule(FAILED)
    with a_post_office() as post:
        url = f"{post.url}&to=mesa@example.org"
        alert(replace(app, notifier=Apprise(urls=[lambda: url], mail=None, contact=str)))
    [mail] = post.got
    assert (mail.to, mail.title) == ("mesa@example.org", f"No salió: {FAILED.key}")


# Channels.


def test_a_channel_that_stops_is_told_and_so_is_its_next_stop(
    told: App, desk: Desk, hook: Receiver, clock: Clock, platform: ScriptedPlatform
) -> None:
    desk.schedule(a_delivery(due_at=NOW + DAY, run_at=NOW))
    refused = no(Blocked("The token has expired.", whole_channel=True))
    platform.says("prepare", refused)
    work(told, desk.claim())
    for _ in range(3):
        alert(told)
        clock.advance(MINUTE)
    [word] = hook.got
    assert word.title == f"Canal detenido: {X}"
    assert word.body.endswith(f"somos channel verify {X}")
    told.store.release(X, clock())
    clock.advance(HOUR)
    platform.says("prepare", refused)
    work(told, desk.claim())
    alert(told)
    assert titles(hook) == [f"Canal detenido: {X}"] * 2


def known(app: App, **about: object) -> None:
    identity = replace(Identity(remote_id="1", name="Somos"), **about)  # type: ignore[arg-type]
    app.store.introduce(Introduction(channel=FACEBOOK, checked_at=NOW, identity=identity))


@pytest.mark.parametrize("what", ["expires_at", "data_access_ends_at"])
def test_what_ends_is_told_a_week_and_a_day_before(
    told: App, hook: Receiver, clock: Clock, what: str
) -> None:
    known(told, **{what: NOW + 10 * DAY})
    heard = []
    for day in range(11):
        heard += [day] * (len(alert(told)) + len(alert(told)))
        clock.advance(DAY)
    assert heard == [3, 9]
    assert all("vie 11 dic 09:00 (Panama)" in word.body for word in hook.got)
    assert all(f"somos channel login {FACEBOOK}" in word.body for word in hook.got)


def test_a_new_token_begins_anew(told: App, hook: Receiver) -> None:
    known(told, expires_at=NOW + 6 * DAY)
    alert(told)
    known(told, expires_at=NOW + 5 * DAY)
    alert(told)
    assert titles(hook) == [f"Termina el token de {FACEBOOK}"] * 2


def test_a_quota_that_is_short_is_told_once_a_day(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    identity = Identity(remote_id="1", name="Somos", quota=Quota(total=1, used=1))
    told.store.introduce(Introduction(channel=INSTAGRAM, checked_at=NOW, identity=identity))
    desk.schedule(a_delivery(channel=INSTAGRAM, due_at=NOW + 23 * HOUR))
    for _ in range(10):
        alert(told)
        clock.advance(HOUR)
    assert titles(hook) == [f"Cupo corto: {INSTAGRAM}"]


# What people are asked for, and what they say.

IOM = Audience(
    name="env:IOM",
    language=Language.EN,
    kinds=frozenset({Kind.APPROVAL_WANTED}),
    organisation="IOM",
)
SOON = a_delivery("pronto", due_at=NOW + 47 * HOUR)
THERE = a_delivery("pronto", channel=FACEBOOK, due_at=NOW + 47 * HOUR)
FAR = a_delivery("lejos", due_at=NOW + 60 * HOUR)


def asking(app: App) -> None:
    campaign = replace(CAMPAIGN, approvals=("IOM", "UNHCR"))
    app.store.schedule((), (), (), now=app.now(), actor="ana", asking=[campaign])


def test_whose_yes_is_wanted_soon_is_told_by_organisation_once_a_day(
    told: App, desk: Desk, hook: Receiver, theirs: Receiver, clock: Clock
) -> None:
    desk.schedule(SOON, THERE, FAR)
    asking(told)
    both = hearing(told, {DESK: hook, IOM: theirs})
    for _ in range(11):
        alert(both)
        clock.advance(HOUR)
    assert titles(hook) == ["IOM: falta su aprobación", "UNHCR: falta su aprobación"]
    [word] = theirs.got
    assert word.title == "IOM: your approval is wanted"
    assert word.body == (
        f"somos-lo-mismo/pronto: Thu 3 Dec 08:00 (Panama), on {FACEBOOK}, {X}\n"
        "On the board, or with: somos approve somos-lo-mismo --as IOM:NAME"
    )
    clock.advance(12 * HOUR)
    alert(both)
    assert titles(theirs)[1:] == ["IOM: 2 approvals are wanted"]


def test_nobody_is_reminded_at_night_but_of_what_goes_out_before_the_morning(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    clock.time = midnight = datetime.fromisoformat("2026-12-02T00:10:00-05:00")
    desk.schedule(a_delivery("tarde", due_at=midnight + 9 * HOUR))
    desk.schedule(a_delivery("pronto", due_at=midnight + 5 * HOUR))
    asking(told)
    for _ in range(7):
        alert(told)
        clock.advance(HOUR)
    assert all("pronto" in word.body and "tarde" not in word.body for word in hook.got)
    assert titles(hook) == ["IOM: falta su aprobación", "UNHCR: falta su aprobación"]
    alert(told)
    assert titles(hook)[2:] == ["IOM: falta su aprobación", "UNHCR: falta su aprobación"]


def an_approver(organisation: str) -> Approver:
    return Approver(
        organisation=organisation, person=f"Eva, {organisation}", added_at=NOW, added_by="ana"
    )


def test_a_comment_that_lacks_its_yes_is_told_although_it_waits_for_its_post(
    told: App, desk: Desk, hook: Receiver
) -> None:
    comment = a_comment(SOON)
    desk.schedule(SOON, comment)
    asking(told)
    for organisation in ("IOM", "UNHCR"):
        approver = an_approver(organisation)
        approve(told, approver, [SOON] if organisation == "IOM" else [SOON, comment])
    alert(told)
    assert titles(hook) == ["IOM: falta su aprobación"]


def test_what_has_its_yes_is_wanted_of_nobody(told: App, desk: Desk, hook: Receiver) -> None:
    desk.schedule(SOON)
    asking(told)
    for organisation in ("IOM", "UNHCR"):
        approver = an_approver(organisation)
        approve(told, approver, [SOON])
    assert alert(told) == []


def test_a_pause_is_told_when_it_begins_and_when_it_ends(
    told: App, hook: Receiver, clock: Clock
) -> None:
    asked = Pause(reason="Duelo nacional.", since=NOW, campaign=CAMPAIGN.slug)
    pause(told, asked)
    for _ in range(2):
        alert(told)
    clock.advance(HOUR)
    resume(told, matching(told, asked))
    for _ in range(2):
        alert(told)
    assert titles(hook) == [
        "En pausa: la campaña somos-lo-mismo",
        "Terminó la pausa: la campaña somos-lo-mismo",
    ]
    assert "en pausa desde mar 1 dic 09:00 (Panama). La puso daemon@here." in hook.got[0].body
    assert "Duelo" not in hook.got[0].body + hook.got[1].body


@pytest.mark.parametrize("person", ["P-014", ANYONE])
def test_a_pause_of_a_person_does_not_say_of_whom(told: App, hook: Receiver, person: str) -> None:
    pause(told, Pause(reason="P-014 tiene miedo.", since=NOW, person=person))
    alert(told)
    assert titles(hook) == ["En pausa: lo que muestra a una persona"]
    assert "P-014" not in hook.got[0].body


def consenting(app: App) -> Consent:
    given = Consent(
        person="P-014",
        form="ab" * 32,
        scope=("face", "name"),
        channels=("all",),
        until=None,
        guardian=False,
        granted_at=NOW,
        granted_by="ana",
    )
    app.store.consents.grant(given)
    return given


def test_a_withdrawal_is_told_once_it_is_carried_out_and_of_whom_is_not(
    told: App, desk: Desk, hook: Receiver
) -> None:
    consenting(told)
    desk.schedule(a_delivery(variant=SHOWS, due_at=NOW + DAY))
    withdrawn, _ = withdraw(told, "P-014", "la amenazan")
    assert alert(told) == []
    list(honour(told, withdrawn))
    for _ in range(2):
        alert(told)
    [word] = hook.got
    assert word.title == "Se cumplió un retiro de consentimiento"
    for hidden in ("P-014", "amenazan", "historia-carmen"):
        assert hidden not in word.title + word.body


def test_a_withdrawal_that_needs_a_hand_says_how_often(
    told: App, desk: Desk, hook: Receiver
) -> None:
    consenting(told)
    desk.schedule(standing(Status.PUBLISHED, variant=SHOWS))
    withdraw(told, "P-014", "la amenazan")
    told.store.requests.open(
        a_delivery().key,
        person="P-014",
        url=RECEIPT.url,
        reason="la amenazan",
        now=NOW,
        actor="ana",
    )
    alert(told)
    [word] = hook.got
    assert "Por borrar a mano: 1." in word.body
    assert "somos consent requests" in word.body
    assert "historia-carmen" not in word.body


# The day.

MORNING = datetime.fromisoformat("2026-12-02T07:30:00-05:00")


def test_a_day_is_told_in_the_morning_of_its_campaign_and_once(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    out = standing(Status.PUBLISHED, "ayer")
    today = a_delivery("hoy", due_at=MORNING + 3 * HOUR)
    desk.schedule(out, today, a_delivery("mañana", due_at=MORNING + DAY))
    late = replace(ASKED, draft_due=NOW + HOUR)
    told.store.schedule((), (), (late,), now=NOW, actor="ana")
    pause(told, Pause(reason="Duelo nacional.", since=NOW, channel=FACEBOOK))
    digest = Audience(kinds=frozenset({Kind.DIGEST}))
    daily = replace(hearing(told, {digest: hook}), wanted=Wanted(digest=time(7, 30)))
    clock.time = MORNING - MINUTE
    assert alert(daily) == []
    clock.time = MORNING
    for _ in range(3):
        alert(daily)
        clock.advance(HOUR)
    [word] = hook.got
    assert word.title == "Somos Lo Mismo Panamá: hoy, mié 2 dic"
    assert word.body.splitlines() == [
        "Hoy (1):",
        f"10:30 {today.key}",
        "",
        "Colaboraciones atrasadas (1): somos handoff list",
        late.name,
        "",
        "Ayer salieron (1):",
        out.key,
        "",
        f"En pausa: {FACEBOOK}",
    ]
    clock.time = MORNING + DAY
    alert(daily)
    assert len(hook.got) == 2


def test_a_day_is_not_told_in_its_evening_nor_of_a_campaign_that_is_over(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    daily = replace(told, wanted=Wanted(digest=time(7, 30)))
    clock.time = MORNING
    assert alert(daily) == []
    desk.schedule(a_delivery(due_at=MORNING + 12 * HOUR))
    clock.time = MORNING + 7 * HOUR
    assert alert(daily) == []


def test_no_day_is_told_unless_it_is_asked_for(
    told: App, desk: Desk, hook: Receiver, clock: Clock
) -> None:
    desk.schedule(a_delivery(due_at=MORNING + 12 * HOUR))
    clock.time = MORNING
    assert alert(told) == []
