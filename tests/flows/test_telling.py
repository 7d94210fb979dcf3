"""People are told of what is due, each thing once: by a real web hook and a real mail server."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from somos_social.core.alerts import Audience, Kind, Language
from somos_social.core.handoff import Accepted, Approved, Cancelled, Offered, Submitted
from somos_social.core.model.handoff import Handoff
from somos_social.core.people import Consent
from somos_social.core.reminders import To
from somos_social.daemon import once
from somos_social.errors import InvalidFiles
from somos_social.flows import App
from somos_social.flows.handoff import act, known
from somos_social.flows.telling import MOST_TRIES, PAUSE, remind, tell_of
from somos_social.notify import Apprise, NoAddress, Untold
from somos_social.store import Store
from tests.conftest import Clock
from tests.handoffs import ASKED, DAY, DRAFT
from tests.receivers import Receiver, a_desk, a_post_office
from tests.samples import HOUR, NOW


@pytest.fixture
def desk() -> Iterator[Receiver]:
    with a_desk() as running:
        yield running


@pytest.fixture
def post() -> Iterator[Receiver]:
    with a_post_office() as running:
        yield running


@pytest.fixture
def told(app: App, desk: Receiver, post: Receiver) -> App:
    """The program with somebody to tell, and one hand-off that was offered and accepted."""
    app.store.schedule((), (), (ASKED,), now=NOW, actor="ana")
    notifier = Apprise(
        urls=[lambda: desk.url], mail=lambda: post.url, contact=lambda contact: contact
    )
    return replace(app, notifier=notifier)


def the_only(app: App) -> Handoff:
    return known(app, ASKED.name)


def accepted(app: App) -> Handoff:
    return act(app, act(app, the_only(app), Offered()), Accepted())


def test_an_offer_reaches_the_influencer_by_mail_and_stands_in_the_log(
    told: App, post: Receiver, desk: Receiver
) -> None:
    after = act(told, the_only(told), Offered())
    [done] = tell_of(told, after)
    assert (done.to, done.reason) == (To.INFLUENCER, None)
    [mail] = post.got
    assert mail.to == "ana@example.org"
    assert "Una propuesta: «ana-reel»" in mail.title
    assert ASKED.brief in mail.body
    assert "viernes 11 de diciembre de 2026, 09:00 (America/Bogota, UTC−05:00)" in mail.body
    assert desk.got == []
    last = told.store.log()[-1]
    assert (last["event"], last["reason"]) == ("told", "offer told to the influencer")
    assert told.store.broken_links() == []


def test_each_reminder_is_sent_once_however_often_it_is_looked_for(
    told: App, post: Receiver, desk: Receiver, clock: Clock
) -> None:
    accepted(told)
    clock.reach((ASKED.draft_due or NOW) - 7 * DAY)
    for _ in range(100):
        remind(told)
        clock.advance(HOUR)
    assert [mail.title.partition(":")[0] for mail in post.got] == ["Tu borrador"]
    clock.reach(ASKED.live_due + 2 * DAY)
    for _ in range(5):
        remind(told)
    titles = [mail.title.partition(":")[0] for mail in post.got]
    assert titles == [
        "Tu borrador",
        "Tu borrador",
        "¿Ya publicaste? «ana-reel», Somos Lo Mismo Panamá",
    ]
    assert desk.got == []


def test_a_restart_does_not_tell_again(told: App, post: Receiver, clock: Clock) -> None:
    accepted(told)
    clock.reach(ASKED.draft_due or NOW)
    remind(told)
    again = Store(str(told.store._engine.url))
    try:
        assert remind(replace(told, store=again)) == []
    finally:
        again.close()
    assert len(post.got) == 1


def test_of_several_daemons_one_tells(
    told: App, post: Receiver, clock: Clock, tmp_path: Any
) -> None:
    accepted(told)
    clock.reach(ASKED.draft_due or NOW)
    url, start = str(told.store._engine.url), Barrier(4)

    def daemon() -> None:
        store = Store(url)
        start.wait()
        remind(replace(told, store=store))
        store.close()

    daemons = [Thread(target=daemon) for _ in range(4)]
    for each in daemons:
        each.start()
    for each in daemons:
        each.join()
    assert len(post.got) == 1


def test_what_surely_failed_is_tried_again_after_a_pause_and_then_given_up(
    told: App, post: Receiver, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    accepted(told)
    clock.reach(ASKED.draft_due or NOW)
    post.fails = True
    with caplog.at_level(logging.ERROR, "somos"):
        for minute in range(200):
            remind(told)
            assert post.asked == min(minute // 10 + 1, MOST_TRIES)
            clock.advance(timedelta(minutes=1))
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "nobody was told of draft" in caplog.text
    assert "ana@example.org" not in caplog.text


def test_what_failed_once_and_then_goes_out_is_told_once(
    told: App, post: Receiver, clock: Clock
) -> None:
    accepted(told)
    clock.reach(ASKED.draft_due or NOW)
    post.fails = True
    [failed] = remind(told)
    assert failed.reason
    post.fails = False
    assert remind(told) == []
    clock.advance(PAUSE)
    assert [it.reason for it in remind(told)] == [None]
    clock.advance(PAUSE)
    assert remind(told) == []
    assert len(post.got) == 1


class Killed(BaseException):
    """The program is gone in the middle of what it did."""


def test_who_dies_while_telling_does_not_tell_twice(
    told: App, post: Receiver, clock: Clock
) -> None:
    accepted(told)
    clock.reach(ASKED.draft_due or NOW)

    def dies(_contact: str) -> str:
        raise Killed

    dying = Apprise(urls=[], mail=lambda: post.url, contact=dies)
    with pytest.raises(Killed):
        remind(replace(told, notifier=dying))
    clock.advance(12 * HOUR)
    assert remind(told) == []
    assert post.got == []


@pytest.mark.parametrize(
    "contact",
    [
        "+507 6000-0000",
        "",
        "ana@example.org, ben@example.org",
        "ana@example.org\nBcc: ben@example.org",
        "<ana@example.org>",
    ],
)
def test_who_cannot_be_written_to_is_told_by_the_desk(
    told: App, post: Receiver, desk: Receiver, contact: str
) -> None:
    wanted = replace(ASKED, contact=contact)
    told.store.schedule((), (), (wanted,), now=NOW, actor="ana")
    [done] = tell_of(told, act(told, the_only(told), Offered()))
    assert (done.to, done.reason) == (To.DESK, None)
    assert post.got == []
    [word] = desk.got
    assert word.title.startswith("Para @ana: Una propuesta")
    assert "avísenle ustedes" in word.body
    assert "507" not in word.body


def test_a_secret_that_is_not_there_is_a_clear_failure(told: App, post: Receiver) -> None:
    def missing() -> str:
        raise InvalidFiles([])

    notifier = Apprise(urls=[], mail=missing, contact=lambda contact: contact)
    [done] = tell_of(replace(told, notifier=notifier), act(told, the_only(told), Offered()))
    assert done.reason is not None


def test_where_nobody_can_be_told_nothing_is_written(app: App, clock: Clock) -> None:
    """Else who sets it up later would never be told of what is still due."""
    app.store.schedule((), (), (ASKED,), now=NOW, actor="ana")
    accepted(app)
    clock.reach(ASKED.draft_due or NOW)
    before = app.store.log()
    assert remind(app) == []
    assert app.store.log() == before


def test_a_cancelled_hand_off_is_told_without_the_reason(told: App, post: Receiver) -> None:
    after = act(told, accepted(told), Cancelled("P-014 has withdrawn consent: la amenazan"))
    tell_of(told, after)
    assert "Cancelado" in post.got[-1].title
    assert "P-014" not in post.got[-1].body
    assert "amenazan" not in post.got[-1].body


def test_a_consent_that_ends_soon_is_told_to_the_desk_once(
    told: App, desk: Receiver, post: Receiver, clock: Clock
) -> None:
    consent = Consent(
        person="P-014",
        form="ab" * 32,
        scope=("face",),
        channels=("all",),
        until=NOW + 30 * DAY,
        guardian=False,
        granted_at=NOW,
        granted_by="ana",
    )
    told.store.consents.grant(consent)
    clock.reach(NOW + 17 * DAY)
    for _ in range(3):
        remind(told)
    words = [it for it in desk.got if "P-014" in it.title]
    assert len(words) == 1
    assert consent.form[:8] not in words[0].body
    assert told.store.broken_links() == []


def consent_ending(app: App) -> None:
    consent = Consent(
        person="P-014",
        form="ab" * 32,
        scope=("face",),
        channels=("all",),
        until=NOW + 10 * DAY,
        guardian=False,
        granted_at=NOW,
        granted_by="ana",
    )
    app.store.consents.grant(consent)


def test_a_desk_that_reads_english_is_told_in_english(
    told: App, desk: Receiver, clock: Clock
) -> None:
    english = Audience(language=Language.EN)
    notifier = Apprise(urls=[lambda: desk.url], mail=None, contact=str, desk=english)
    app = replace(told, notifier=notifier)
    consent_ending(app)
    act(app, the_only(app), Offered())
    clock.reach((ASKED.draft_due or NOW) - 7 * DAY)
    remind(app)
    assert [word.title for word in desk.got] == [
        "No answer: @ana (somos-lo-mismo/ana-reel)",
        "The consent of P-014 ends soon",
    ]
    assert "To be posted: Sunday 13 December 2026, 09:00 (America/Panama" in desk.got[0].body
    assert "ends on Friday 11 December 2026" in desk.got[1].body
    accepted = act(app, the_only(app), Accepted())
    act(app, accepted, Submitted(DRAFT))
    tell_of(app, act(app, the_only(app), Approved(DRAFT.digest)))
    word = desk.got[-1]
    assert word.title.startswith("For @ana: Borrador aprobado")
    assert word.body.startswith("There is no mail address of theirs: pass this on yourselves.")


@pytest.mark.parametrize(
    ("kinds", "heard"),
    [
        ({Kind.HANDOFF}, ["Sin respuesta"]),
        ({Kind.CONSENT_ENDS}, ["El consentimiento de P-014 termina pronto"]),
        ({Kind.FAILED}, []),
    ],
)
def test_a_desk_hears_the_kinds_that_it_asked_for_and_of_others_nothing_is_written(
    told: App, desk: Receiver, clock: Clock, kinds: set[Kind], heard: list[str]
) -> None:
    audience = Audience(kinds=frozenset(kinds))
    notifier = Apprise(urls=[lambda: desk.url], mail=None, contact=str, desk=audience)
    app = replace(told, notifier=notifier)
    consent_ending(app)
    act(app, the_only(app), Offered())
    clock.reach((ASKED.draft_due or NOW) - 7 * DAY)
    remind(app)
    assert [word.title.partition(":")[0] for word in desk.got] == heard
    assert len(app.store.tellings()) == len(heard)


def test_an_audience_whose_secret_is_missing_makes_no_other_hear_twice(
    told: App, desk: Receiver, clock: Clock
) -> None:
    def missing() -> str:
        raise InvalidFiles([])

    also = {Audience(name="env:GONE"): [missing]}
    notifier = Apprise(urls=[lambda: desk.url], mail=None, contact=str, also=also)
    app = replace(told, notifier=notifier)
    consent_ending(app)
    for _ in range(3):
        remind(app)
        clock.advance(PAUSE)
    assert [word.title for word in desk.got] == ["El consentimiento de P-014 termina pronto"]


def test_a_tick_for_cron_tells_as_the_daemon_does(told: App, post: Receiver, clock: Clock) -> None:
    accepted(told)
    clock.reach(ASKED.draft_due or NOW)
    once(told, 1)
    once(told, 1)
    assert len(post.got) == 1


# The addresses.


def test_all_places_of_a_desk_are_told_and_one_that_took_it_is_enough(desk: Receiver) -> None:
    with a_desk() as other:
        other.fails = True
        notifier = Apprise(
            urls=[lambda: other.url, lambda: desk.url, lambda: "nonsense"],
            mail=None,
            contact=str,
        )
        notifier.tell_desk("Título", "Línea 1\nLínea <b>2</b> {{app_title}} %s")
        assert other.asked == 1
    [word] = desk.got
    assert (word.title, word.body) == ("Título", "Línea 1\nLínea <b>2</b> {{app_title}} %s")


@pytest.mark.parametrize("url", ["nonsense", "json://127.0.0.1:9/hook", ""])
def test_an_address_that_takes_nothing_is_a_clear_failure(url: str) -> None:
    with pytest.raises(Untold) as untold:
        Apprise(urls=[lambda: url], mail=None, contact=str).tell_desk("a", "b")
    assert "127.0.0.1" not in str(untold.value)


@pytest.mark.parametrize(
    "more",
    ["&to=otra@example.org", "&TO=otra@example.org&cc=otra@example.org", "&bcc=otra@example.org"],
)
def test_a_mail_goes_to_one_person_alone(post: Receiver, more: str) -> None:
    notifier = Apprise(urls=[], mail=lambda: post.url + more, contact=str)
    notifier.tell("ana@example.org", "Título ñ", "Hola")
    assert [(it.to, it.title) for it in post.got] == [("ana@example.org", "Título ñ")]


def test_a_sender_that_is_no_mail_address_writes_to_nobody(desk: Receiver) -> None:
    notifier = Apprise(urls=[], mail=lambda: desk.url, contact=str)
    with pytest.raises(Untold, match="mailto"):
        notifier.tell("ana@example.org", "a", "b")
    assert desk.asked == 0


def test_without_a_sender_there_is_no_way_to_write() -> None:
    with pytest.raises(NoAddress):
        Apprise(urls=[], mail=None, contact=str).tell("ana@example.org", "a", "b")


def test_a_month_of_looking_tells_each_thing_once_and_in_its_order(
    told: App, post: Receiver, desk: Receiver, clock: Clock
) -> None:
    accepted(told)
    for _ in range(4 * 31):
        remind(told)
        clock.advance(6 * HOUR)
    first_words = [mail.title.split()[:2] for mail in post.got]
    draft, live, proof = ["Tu", "borrador:"], ["Tu", "publicación:"], ["¿Ya", "publicaste?"]
    assert first_words == [draft, draft, draft, live, proof]
    assert desk.got == []
    assert told.store.broken_links() == []
