"""People are told of what is due by now: each thing under one name, so that it is told once."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from somos_social.core import messages
from somos_social.core.handoff import (
    Accepted,
    Amended,
    Cancelled,
    ChangesRequested,
    Confirmed,
    Declined,
    Event,
    Offered,
    decide,
)
from somos_social.core.model.handoff import Handoff, Proof
from somos_social.core.model.post import Format
from somos_social.core.people import Consent
from somos_social.core.reminders import About, Telling, To, due, due_of_consent, take_down
from tests.handoffs import ASKED, DAY, DRAFT, TO_LIVE, URL, asked, led
from tests.samples import HOUR, NOW

DRAFT_DUE, LIVE_DUE = ASKED.draft_due or NOW, ASKED.live_due
ACCEPTED = led(ASKED, Accepted())
SUBMITTED = led(ASKED, *TO_LIVE[:2])
APPROVED = led(ASKED, *TO_LIVE[:3])
LIVE = led(ASKED, *TO_LIVE)
CONFIRMED = led(ASKED, *TO_LIVE, Confirmed(Proof(url=URL, at=NOW, how="", screenshot="ab" * 32)))
PANAMA = ZoneInfo("America/Panama")


def told(found: list[Telling]) -> list[tuple[About, To]]:
    return [(each.about, each.to) for each in found]


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        (timedelta(days=7, seconds=1), None),
        (7 * DAY, "-7d"),
        (3 * DAY, "-7d"),
        (2 * DAY, "-2d"),
        (HOUR, "-2d"),
        (timedelta(0), "-0d"),
        (-2 * DAY, "-0d"),
        (-31 * DAY, None),
    ],
)
def test_a_draft_is_reminded_of_a_week_and_two_days_before_and_when_it_is_due(
    before: timedelta, stage: str | None
) -> None:
    found = [it for it in due(ACCEPTED, DRAFT_DUE - before) if it.about is About.DRAFT]
    assert [(it.to, it.kind.partition(">")[0]) for it in found] == (
        [(To.INFLUENCER, f"draft{stage}")] if stage else []
    )


def test_a_stage_that_passed_unseen_is_not_told_after_the_next_one() -> None:
    """Whoever was not running for a week does not flood people when it runs again."""
    found = due(ACCEPTED, DRAFT_DUE)
    assert told(found).count((About.DRAFT, To.INFLUENCER)) == 1


def test_the_same_reminder_has_the_same_name_until_the_time_changes() -> None:
    kinds = {
        it.kind for hour in range(48) for it in due(ACCEPTED, DRAFT_DUE - 7 * DAY + hour * HOUR)
    }
    assert len(kinds) == 1
    later = replace(ACCEPTED, draft_due=DRAFT_DUE + DAY, agreed="")
    assert kinds.isdisjoint(it.kind for it in due(later, DRAFT_DUE - 6 * DAY))


def test_who_has_not_answered_is_told_to_the_desk() -> None:
    offered = led(ASKED, Offered())
    assert told(due(offered, DRAFT_DUE - 2 * DAY)) == [(About.UNANSWERED, To.DESK)]
    assert told(due(ASKED, DRAFT_DUE - 7 * DAY)) == [(About.UNANSWERED, To.DESK)]


@pytest.mark.parametrize(
    ("handoff", "expected"),
    [
        (ACCEPTED, (About.LIVE, To.INFLUENCER)),
        (APPROVED, (About.LIVE, To.INFLUENCER)),
        (SUBMITTED, (About.REVIEW, To.DESK)),
        (LIVE, None),
        (CONFIRMED, None),
    ],
)
def test_the_day_before_it_is_to_be_live_someone_is_told(
    handoff: Handoff, expected: tuple[About, To] | None
) -> None:
    found = told(due(handoff, LIVE_DUE - DAY))
    about = [it for it in found if it[0] in (About.LIVE, About.REVIEW)]
    assert about == ([expected] if expected else [])
    earlier = told(due(handoff, LIVE_DUE - DAY - HOUR))
    assert not [it for it in earlier if it[0] in (About.LIVE, About.REVIEW)]


def test_a_day_after_without_proof_someone_is_told() -> None:
    when = LIVE_DUE + DAY
    assert (About.PROOF, To.INFLUENCER) in told(due(APPROVED, when))
    assert (About.PROOF, To.DESK) in told(due(LIVE, when))
    assert told(due(CONFIRMED, when)) == []
    assert told(due(LIVE, when - HOUR)) == []


def test_a_story_asks_for_its_proof_while_it_can_be_seen() -> None:
    live = led(asked(format=Format.STORY), *TO_LIVE)
    since = live.live_at or NOW
    both = [(About.STORY, To.INFLUENCER), (About.STORY, To.DESK)]
    assert told(due(live, since + 11 * HOUR)) == []
    assert told(due(live, since + 12 * HOUR)) == both
    assert told(due(live, since + 24 * HOUR)) == []
    assert told(due(LIVE, since + 12 * HOUR)) == []


def test_rights_that_end_are_told_two_weeks_before() -> None:
    end = ASKED.ask.rights_until or NOW
    assert told(due(CONFIRMED, end - 15 * DAY)) == []
    assert told(due(CONFIRMED, end - 14 * DAY)) == [(About.RIGHTS, To.DESK)]
    assert told(due(ACCEPTED, end - 14 * DAY)) == []


OFFERED = decide(ASKED, Offered(), NOW).after
NEWS = {About.OFFER, About.CHANGES, About.APPROVED, About.CANCELLED}


def news(handoff: Handoff, now: datetime) -> list[tuple[About, To]]:
    return [it for it in told(due(handoff, now)) if it[0] in NEWS]


@pytest.mark.parametrize(
    ("events", "about"),
    [
        ((), About.OFFER),
        ((Accepted(),), None),
        ((Declined(None),), None),
        ((*TO_LIVE[:2], ChangesRequested("Más corto.")), About.CHANGES),
        (TO_LIVE[:3], About.APPROVED),
        ((Cancelled("No."),), About.CANCELLED),
    ],
)
def test_what_the_desk_did_is_told_to_the_influencer_for_some_days(
    events: tuple[Event, ...], about: About | None
) -> None:
    found = led(OFFERED, *events)
    since = found.moved_at or NOW
    assert news(found, since) == ([(about, To.INFLUENCER)] if about else [])
    assert news(found, since + 3 * DAY) == []


def test_who_was_never_asked_is_told_nothing() -> None:
    assert told(due(led(ASKED, Cancelled("No.")), NOW + HOUR)) == []


def test_an_offer_that_is_made_twice_is_told_twice() -> None:
    again = decide(OFFERED, Offered(), NOW + HOUR).after
    first, second = due(OFFERED, NOW), due(again, NOW + HOUR)
    assert told(first) == told(second) == [(About.OFFER, To.INFLUENCER)]
    assert first[0].kind != second[0].kind


def test_who_has_accepted_is_told_of_each_change_of_what_is_asked() -> None:
    accepted = led(OFFERED, Accepted())
    amended = decide(accepted, Amended(asked(brief="Otra cosa.")), NOW).after
    assert told(due(amended, NOW)) == [(About.AMENDED, To.INFLUENCER)]
    undone = decide(amended, Amended(ASKED), NOW).after
    assert due(undone, NOW) == []


def a_consent(**changes: object) -> Consent:
    fits: dict[str, object] = {
        "person": "P-014",
        "form": "ab" * 32,
        "scope": ("face",),
        "channels": ("all",),
        "until": NOW + 30 * DAY,
        "guardian": False,
        "granted_at": NOW,
        "granted_by": "ana",
    }
    return Consent(**(fits | changes))  # type: ignore[arg-type]


def test_a_consent_that_ends_within_two_weeks_is_told_to_the_desk() -> None:
    end = NOW + 30 * DAY
    assert due_of_consent(a_consent(), end - 15 * DAY) == []
    assert told(due_of_consent(a_consent(), end - 14 * DAY)) == [(About.CONSENT, To.DESK)]
    assert due_of_consent(a_consent(), end) == []
    assert due_of_consent(a_consent(until=None), end) == []
    assert due_of_consent(a_consent(withdrawn_at=NOW), end - DAY) == []


# The words.

ALL = {
    (each.about, each.to): (each, handoff)
    for handoff in (
        OFFERED,
        ACCEPTED,
        SUBMITTED,
        led(OFFERED, *TO_LIVE[:2], ChangesRequested("Más corto, por favor.")),
        led(OFFERED, *TO_LIVE[:3]),
        led(OFFERED, Cancelled("P-014 has withdrawn consent: la amenazan")),
        decide(led(OFFERED, Accepted()), Amended(asked(brief="Otra.")), NOW).after,
        LIVE,
        CONFIRMED,
        led(asked(format=Format.STORY), *TO_LIVE),
    )
    for hour in range(0, 24 * 230, 6)
    for each in due(handoff, NOW + hour * HOUR)
}
ALL[(About.TAKE_DOWN, To.INFLUENCER)] = (take_down(3), LIVE)


def test_there_are_words_for_everything_that_is_ever_told() -> None:
    assert {about for about, _ in ALL} == set(About) - {About.CONSENT}


@pytest.mark.parametrize("what", ALL, ids=" to ".join)
def test_each_message_says_what_it_is_about_and_nothing_private(what: tuple[About, To]) -> None:
    telling, handoff = ALL[what]
    words = messages.of_handoff(telling, handoff, theirs=PANAMA, desk=PANAMA)
    assert words.title == " ".join(words.title.split())
    assert "ana-reel" in words.title
    whole = f"{words.title}\n{words.body}"
    for private in ("ana@example.org", "P-014", "amenazan", "None", "{", DRAFT.text):
        assert private not in whole
    if telling.to is To.INFLUENCER:
        assert words.body.startswith("Hola, @ana:")
        assert "mesa@example.org" in words.body
        passed = messages.passed_on(telling.about, handoff, PANAMA)
        assert "@ana" in passed.title


def test_a_message_tells_times_in_the_zone_of_who_reads_it() -> None:
    telling, handoff = ALL[(About.DRAFT, To.INFLUENCER)]
    zone = ZoneInfo("Asia/Tokyo")
    words = messages.of_handoff(telling, handoff, theirs=zone, desk=PANAMA)
    assert "viernes 11 de diciembre de 2026, 23:00 (Asia/Tokyo, UTC+09:00)" in words.body


def test_braces_in_a_brief_stay_braces() -> None:
    hostile = replace(OFFERED, brief="{name} {0} {h.contact} %s")
    [telling] = due(hostile, NOW)
    assert hostile.brief in messages.of_handoff(telling, hostile, theirs=PANAMA, desk=PANAMA).body


def test_a_consent_is_told_by_what_stands_for_the_person_and_by_its_last_day() -> None:
    midnight = a_consent(until=(NOW + 10 * DAY).replace(hour=5))
    words = messages.of_consent(midnight, PANAMA)
    assert "P-014" in words.title
    assert "jueves 10 de diciembre de 2026" in words.body
