"""What a report tells: by the log, without a person in it, and honest about how late it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from somos_social.core.model.asset import Kind
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.handoff import Ask, Handoff, Proof
from somos_social.core.model.post import Format, Variant
from somos_social.core.people import Consent, Said
from somos_social.core.report import (
    Cause,
    Line,
    PostKind,
    Step,
    asked_of,
    cause_of,
    goal_of,
    kind_of,
    line,
    months,
    punctuality,
    weeks,
)
from tests.samples import (
    FACEBOOK,
    HOUR,
    INSTAGRAM,
    MINUTE,
    NOW,
    X,
    a_comment,
    a_delivery,
    an_asset,
    standing,
)

SHOWS = Variant(text="Carmen.", assets=(an_asset(),))
SECOND = timedelta(seconds=1)


def consent(**changes: object) -> Consent:
    given = Consent(
        person="P-014",
        form="f" * 64,
        scope=("face", "name"),
        channels=("all",),
        until=None,
        guardian=False,
        granted_at=NOW - HOUR,
        granted_by="luz",
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def steps(delivery: Delivery, *moves: tuple[timedelta, str, Status, Status]) -> list[Step]:
    return [
        Step(NOW + after, delivery.key, event, before.value, to.value)
        for after, event, before, to in moves
    ]


def told(delivery: Delivery, found: Sequence[Step] = (), consents: Sequence[Consent] = ()) -> Line:
    said = Said(consents={it.person: it for it in consents})
    return line(delivery, found, goal="empathy", said=said, now=NOW + HOUR, reading=None)


def test_a_post_was_out_when_the_network_answered() -> None:
    delivery = standing(Status.PUBLISHED, asked_at=NOW + SECOND)
    found = steps(
        delivery,
        (SECOND, "prepared", Status.CLAIMED, Status.PUBLISHING),
        (4 * SECOND, "published", Status.PUBLISHING, Status.PUBLISHED),
        (HOUR, "kept", Status.PUBLISHED, Status.PUBLISHED),
    )
    assert told(delivery, found).late == 4 * SECOND


def test_a_post_that_was_found_later_was_out_when_it_was_asked_for() -> None:
    delivery = standing(Status.PUBLISHED, asked_at=NOW + 2 * SECOND)
    found = steps(
        delivery,
        (30 * SECOND, "unanswered", Status.PUBLISHING, Status.UNCONFIRMED),
        (5 * MINUTE, "published", Status.UNCONFIRMED, Status.PUBLISHED),
    )
    assert told(delivery, found).late == 2 * SECOND


def test_nothing_is_early_and_what_is_not_out_is_not_late() -> None:
    early = standing(Status.PUBLISHED, due_at=NOW + HOUR)
    found = steps(early, (SECOND, "published", Status.PUBLISHING, Status.PUBLISHED))
    assert told(early, found).late == timedelta(0)
    assert told(standing(Status.MISSED)).late is None


def test_the_percentile_is_one_that_was_measured_and_the_median_the_middle() -> None:
    delivery = standing(Status.PUBLISHED)
    lines = [replace(told(delivery), late=number * SECOND) for number in range(1, 101)]
    found = punctuality(lines)
    assert found is not None
    assert (found.posts, found.in_a_minute) == (100, 60)
    assert found.median == 50.5 * SECOND
    assert (found.most, found.worst) == (95 * SECOND, 100 * SECOND)
    one = punctuality(lines[:1])
    assert one is not None
    assert one.median == one.most == one.worst == SECOND
    assert punctuality([told(standing(Status.MISSED))]) is None


TOO_LATE = "Its hour passed by more than its grace. It goes out only if someone asks for it again."


@pytest.mark.parametrize(
    ("status", "event", "reason", "cause"),
    [
        (Status.FAILED, "refused", "X refused it", Cause.REFUSED),
        (Status.FAILED, "duplicate", "", Cause.REFUSED),
        (Status.FAILED, "unreachable", "", Cause.UNREACHED),
        (Status.FAILED, "abandoned", "", Cause.UNREACHED),
        (Status.FAILED, "absent", "", Cause.NOT_THERE),
        (Status.FAILED, "settled", "", Cause.NOT_THERE),
        (Status.MISSED, "blocked", "token", Cause.TOKEN),
        (Status.MISSED, "overdue", TOO_LATE, Cause.UNATTENDED),
        (Status.MISSED, "prepared", TOO_LATE, Cause.UNATTENDED),
        (Status.MISSED, "overdue", f"{TOO_LATE} IOM has not approved it", Cause.HELD_BACK),
        (Status.MISSED, "passedby", "paused", Cause.HELD_BACK),
        (Status.CANCELLED, "cancelled", "", Cause.CALLED_OFF),
        (Status.REMOVED, "removed", "", Cause.TAKEN_DOWN),
        (Status.UNCONFIRMED, "unanswered", "", Cause.UNCLEAR),
        (Status.PUBLISHED, "published", None, None),
        (Status.SCHEDULED, "scheduled", None, None),
    ],
)
def test_each_end_has_a_cause_by_the_event_that_led_to_it(
    status: Status, event: str, reason: str | None, cause: Cause | None
) -> None:
    delivery = standing(status, reason=reason)
    earlier = (SECOND, "claimed", Status.SCHEDULED, Status.CLAIMED)
    found = steps(delivery, earlier, (MINUTE, event, Status.CLAIMED, status))
    assert cause_of(delivery, found) is cause


def test_what_is_public_and_consented_to_is_shown() -> None:
    shown = told(standing(Status.PUBLISHED, variant=SHOWS), consents=[consent()])
    assert shown.text == "Carmen."
    assert shown.url == "https://social.example/1234_5678"
    assert shown.picture == an_asset()
    assert shown.post == "historia-carmen"


@pytest.mark.parametrize(
    "consents",
    [[], [consent(until=NOW)], [consent(channels=("facebook",))]],
    ids=["none", "ended", "elsewhere"],
)
def test_what_nobody_consents_to_any_more_is_not_shown(consents: list[Consent]) -> None:
    shown = told(standing(Status.PUBLISHED, variant=SHOWS), consents=consents)
    assert (shown.text, shown.url, shown.picture) == ("", None, None)


def test_of_a_consent_taken_back_not_even_the_name_of_the_post_is_told() -> None:
    withdrawn = [consent(withdrawn_at=NOW, reason="Teme por su familia.")]
    for status in (Status.PUBLISHED, Status.CANCELLED, Status.REMOVED, Status.MISSED):
        shown = told(standing(status, variant=SHOWS), consents=withdrawn)
        assert (shown.key, shown.post, shown.text, shown.url) == ("", "", "", None)
        assert "P-014" not in str(shown)


def test_whatever_shows_people_and_was_called_off_is_told_alike() -> None:
    """Else a missing name would say that somebody took a consent back."""
    shown = told(standing(Status.CANCELLED, variant=SHOWS), consents=[consent()])
    assert shown.post == ""
    assert told(standing(Status.CANCELLED)).post == "historia-carmen"


def test_what_was_changed_behind_the_log_is_not_shown() -> None:
    shown = told(standing(Status.PUBLISHED, digest="0" * 64))
    assert (shown.text, shown.url) == ("", None)


FILM = an_asset(kind=Kind.VIDEO, mime="video/mp4", seconds=20, fps=25, width=1920, height=1080)
UPRIGHT = replace(FILM, width=1080, height=1920, video_codec="h264", audio_codec="aac")


@pytest.mark.parametrize(
    ("variant", "channel", "kind"),
    [
        (Variant(text="Hola."), X, PostKind.TEXT),
        (Variant(text="Hola.", link="https://a.org"), FACEBOOK, PostKind.LINK),
        (Variant(assets=(an_asset(),)), X, PostKind.PICTURE),
        (Variant(assets=(an_asset(), an_asset())), INSTAGRAM, PostKind.CAROUSEL),
        (Variant(assets=(an_asset(kind=Kind.GIF),)), X, PostKind.GIF),
        (Variant(assets=(FILM,)), FACEBOOK, PostKind.VIDEO),
        (Variant(assets=(UPRIGHT,)), FACEBOOK, PostKind.REEL),
        (Variant(assets=(UPRIGHT,), format=Format.REEL), INSTAGRAM, PostKind.REEL),
        (Variant(assets=(an_asset(),), format=Format.STORY), INSTAGRAM, PostKind.STORY),
    ],
)
def test_a_post_is_of_the_kind_that_is_seen(variant: Variant, channel: str, kind: PostKind) -> None:
    assert kind_of(a_delivery(channel=channel, variant=variant)) is kind


def test_a_day_of_a_post_that_repeats_has_the_goal_of_the_post() -> None:
    goals = {"receta": "empathy"}
    assert goal_of(a_delivery("receta~2026-12-08"), goals) == "empathy"
    assert goal_of(a_delivery("otra"), goals) == ""


def test_a_comment_below_a_post_is_no_post() -> None:
    assert told(a_comment(standing(Status.PUBLISHED))).follows


def test_weeks_and_months_without_a_post_are_told_as_well() -> None:
    panama = ZoneInfo("America/Panama")
    # Sunday evening in Panama is Monday in UTC already.
    out = [
        NOW.replace(day=7, hour=2),
        NOW.replace(month=12, day=22),
        NOW.replace(year=2027, month=2),
    ]
    lines = [replace(told(standing(Status.PUBLISHED)), out_at=at) for at in out]
    assert list(weeks(lines[:2], panama)) == [
        (date(2026, 11, 30), 1),
        (date(2026, 12, 7), 0),
        (date(2026, 12, 14), 0),
        (date(2026, 12, 21), 1),
    ]
    assert [number for _, number in months(lines, panama)] == [2, 0, 1]
    assert list(weeks([], panama)) == list(months([], panama)) == []


def test_a_hand_off_is_told_with_its_proof_and_without_its_contact() -> None:
    handoff = Handoff(
        key="ana-reel",
        campaign="somos",
        influencer="@ana",
        contact="ana@example.org",
        draft_due=None,
        live_due=NOW,
        brief="Un reel.",
        review=False,
        url="https://www.instagram.com/reel/a",
        live_at=NOW + HOUR,
        proof=Proof(url="https://www.instagram.com/reel/a", at=NOW, how="luz", seen=("hashtag",)),
        ask=Ask(media={"instagram": (an_asset(),)}),
    )
    asked = asked_of(handoff, frozenset(), NOW)
    assert (asked.late, asked.proved_at, asked.seen) == (True, NOW, ("hashtag",))
    assert asked.url == handoff.url
    assert "example.org" not in str(asked)
    assert asked_of(handoff, frozenset({"P-014"}), NOW).url is None
