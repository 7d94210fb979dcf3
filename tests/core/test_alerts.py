"""Every message is there in both languages, for one thing and for many, and fits on a phone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from somos_social.core import alert_words, alerts
from somos_social.core.alert_words import Today, moment, of_alerts, of_day
from somos_social.core.alerts import Alert, Audience, Kind, Language, grouped
from somos_social.core.model.channel import Hold, Identity, Introduction
from somos_social.core.model.delivery import Status
from somos_social.core.people import Pause, Said
from tests.samples import FACEBOOK, HOUR, NOW, X, a_delivery, standing

PANAMA = ZoneInfo("America/Panama")
STUCK = (Status.FAILED, Status.MISSED, Status.UNCONFIRMED)
LONG = "a" * 100


def every() -> Iterator[Alert]:
    """One of each kind and each case of it."""
    for status in STUCK:
        yield alerts.of_entered(standing(status), 7, NOW, PANAMA)
    hold = Hold(channel=X, reason="", since=NOW, until=NOW, stopped=True)
    yield alerts.of_stopped(hold, PANAMA)
    soon = NOW + HOUR
    who = Identity(remote_id="1", name="", expires_at=soon, data_access_ends_at=soon)
    known = Introduction(channel=FACEBOOK, checked_at=NOW, identity=who)
    yield from alerts.of_ends(known, NOW, PANAMA)
    yield from alerts.of_quota(X, NOW, PANAMA)
    pause = Pause(reason="", since=NOW, campaign="c", channel=X, person="P-014", by="ana")
    yield alerts.of_pause(pause, PANAMA)
    yield alerts.of_resumed(pause, NOW, PANAMA)
    yield alerts.of_withdrawal("P-014", NOW, 0)
    yield alerts.of_withdrawal("P-014", NOW, 2)
    said = Said(required={"somos-lo-mismo": ("IOM",)})
    yield from alerts.wanted_approvals([a_delivery()], said, NOW, {"somos-lo-mismo": PANAMA})


EVERY = list(every())
"""The day has words of its own."""


def test_each_kind_that_has_words_is_among_these() -> None:
    cases = {(it.kind, it.variety) for it in EVERY}
    for language in Language:
        assert set(alert_words._WORDS[language]) == cases
    of_its_own = {Kind.HANDOFF, Kind.CONSENT_ENDS, Kind.DIGEST}
    assert {kind for kind, _ in cases} == set(Kind) - of_its_own


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("number", [1, 2, 30])
@pytest.mark.parametrize("alert", EVERY, ids=lambda it: f"{it.kind}-{it.variety}")
def test_each_message_is_whole_and_fits_on_a_phone(
    alert: Alert, number: int, language: Language
) -> None:
    message = of_alerts([alert] * number, language)
    for text in message:
        assert text.strip() == text
        assert text
        assert "{" not in text
        assert "None" not in text
        assert "P-014" not in text
    assert "somos " in message.body
    assert "\n" not in message.title
    assert len(message.title) < 100
    assert len(message.body.splitlines()) <= alert_words.MOST_LINES + 2


@pytest.mark.parametrize("alert", EVERY, ids=lambda it: f"{it.kind}-{it.variety}")
def test_how_it_is_known_that_it_was_told_fits_into_its_column(alert: Alert) -> None:
    audience = Audience(name=f"file:{LONG}{LONG}")
    longest = replace(alert, organisation=f"{LONG}{LONG}")
    assert len(longest.told_as(audience)) <= 200
    assert longest.told_as(audience) != replace(longest, organisation=LONG).told_as(audience)
    assert longest.told_as(audience) != longest.told_as(Audience(name=f"file:{LONG}"))


def test_what_two_campaigns_want_is_told_with_no_campaign_in_the_command() -> None:
    said = Said(required={"somos-lo-mismo": ("IOM",), "otra": ("IOM",)})
    found = alerts.wanted_approvals(
        [a_delivery(), replace(a_delivery(), campaign="otra")], said, NOW, {}
    )
    message = of_alerts(found, Language.EN)
    assert message.body.endswith("somos approve CAMPAIGN --as IOM:NAME")


def test_what_a_name_holds_is_no_template_and_no_second_line() -> None:
    odd = alerts.of_stopped(
        Hold(channel="x:{of}\nY", reason="", since=NOW, until=NOW, stopped=True), PANAMA
    )
    message = of_alerts([odd], Language.ES)
    assert message.title == "Canal detenido: x:{of} Y"


def test_things_of_a_kind_are_one_message_and_days_are_not() -> None:
    days = [Alert(kind=Kind.DIGEST, subject=f"campaign/{it}", once="d") for it in "ab"]
    groups = grouped([*EVERY, *days])
    stuck = [it.kind for it in groups[0]]
    assert stuck == [Kind.FAILED, Kind.MISSED, Kind.UNCONFIRMED]
    assert all(len(group) == 1 for group in groups[1:])


def test_a_time_is_told_by_the_clock_of_its_readers() -> None:
    at = datetime(2026, 12, 3, 23, 0, tzinfo=UTC)
    assert moment(at.astimezone(PANAMA), Language.ES) == "jue 3 dic 18:00 (Panama)"
    assert moment(at, Language.EN) == "Thu 3 Dec 23:00 (UTC)"


@pytest.mark.parametrize("language", Language)
def test_a_day_with_nothing_in_it_and_a_day_that_is_full_are_whole(language: Language) -> None:
    at = NOW.astimezone(PANAMA)
    empty = of_day(Today(name="C", at=at), language)
    assert len(empty.body.splitlines()) == 1
    keys = [f"c/post-{number}@{X}" for number in range(30)]
    pauses = [Pause(reason="Duelo.", since=NOW, person="P-014")]
    full = of_day(
        Today(
            name="Una\n{campaña}",
            at=at,
            due=[(key, at) for key in keys],
            stuck=keys,
            went_out=keys,
            pauses=pauses,
            late=keys,
        ),
        language,
    )
    assert "\n" not in full.title
    assert "{campaña}" in full.title
    assert len(full.body.splitlines()) < 60
    for hidden in ("P-014", "Duelo"):
        assert hidden not in full.body


def test_a_morning_is_that_of_the_campaign_also_where_the_clocks_change() -> None:
    santiago = ZoneInfo("America/Santiago")
    wanted = alerts.Wanted(digest=datetime.min.time().replace(hour=7))
    # On 6 September 2026 the clocks of Chile go from midnight to one.
    begins = alerts.digest_day(wanted, datetime(2026, 9, 6, 10, 30, tzinfo=UTC), santiago)
    assert begins is not None
    assert begins.date().isoformat() == "2026-09-06"
    early = datetime(2026, 9, 6, 9, 59, tzinfo=UTC)
    assert alerts.digest_day(wanted, early, santiago) is None
    assert alerts.digest_day(wanted, early + timedelta(hours=7), santiago) is None
