"""What people let go out: each rule by itself, and that nothing else is asked."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from somos_social.core.clearance import lacking, missing, obstacles, unapproved, unconsenting
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Extras, Variant
from somos_social.core.people import Approval, Consent, Pause, Said
from tests.samples import FACEBOOK, HOUR, NOW, X, a_delivery, an_asset

SEEN = an_asset(people=("P-014",), shows=("face", "first name"))
PLAIN = a_delivery()
CARMEN = a_delivery(variant=Variant(text="Carmen.", assets=(SEEN,)))
BOTH = {"somos-lo-mismo": ("UNHCR", "IOM")}


def a_yes(organisation: str, delivery: Delivery = PLAIN, **changes: Any) -> Approval:
    fits: dict[str, Any] = {
        "delivery": delivery.key,
        "organisation": organisation,
        "person": f"{organisation}'s own",
        "variant": delivery.variant,
        "due_at": delivery.due_at,
        "at": NOW - HOUR,
    }
    return Approval(**(fits | changes))


def a_consent(**changes: Any) -> Consent:
    fits: dict[str, Any] = {
        "person": "P-014",
        "form": "f0" * 32,
        "scope": ("face", "name"),
        "channels": ("all",),
        "until": NOW + HOUR,
        "guardian": False,
        "granted_at": NOW - HOUR,
        "granted_by": "ana",
    }
    return Consent(**(fits | changes))


def of_consent(consent: Consent | None, asset: Any = SEEN, now: datetime = NOW) -> str:
    consents = {} if consent is None else {"P-014": consent}
    return "; ".join(lacking((asset,), consents, X, now))


def test_what_asks_for_nobody_goes_out() -> None:
    assert obstacles(PLAIN, Said(), NOW) == []


# Approvals.


def test_of_one_person_the_first_yes_counts_and_no_other() -> None:
    first, second = a_yes("IOM", person="Eva"), a_yes("UNHCR", person="EVA", at=NOW)
    said = Said(required=BOTH, approvals=[second, first])
    [why] = missing(PLAIN, said, NOW)
    assert why.startswith("UNHCR has not approved it by a person of its own: EVA")
    three = {PLAIN.campaign: ("IOM", "UNHCR", "OEA")}
    assert missing(PLAIN, replace(said, required=three), NOW) == [why, "OEA has not approved it"]
    assert unapproved(PLAIN, said) == {"UNHCR": False}
    unasked = Said(required={PLAIN.campaign: ("UNHCR",)}, approvals=[second, first])
    assert missing(PLAIN, unasked, NOW) == []


def test_each_organisation_must_say_yes() -> None:
    said = Said(required=BOTH)
    assert missing(PLAIN, said, NOW) == ["UNHCR has not approved it", "IOM has not approved it"]
    said = replace(said, approvals=[a_yes("IOM")])
    assert missing(PLAIN, said, NOW) == ["UNHCR has not approved it"]
    assert missing(PLAIN, replace(said, approvals=[a_yes("IOM"), a_yes("UNHCR")]), NOW) == []


def test_another_campaign_needs_nobody() -> None:
    assert missing(a_delivery(campaign="otra"), Said(required=BOTH), NOW) == []


@pytest.mark.parametrize(
    "edited",
    [
        Variant(text="Otra cosa."),
        replace(PLAIN.variant, link="https://acnur.org/"),
        replace(PLAIN.variant, assets=(replace(SEEN, people=()),)),
        replace(PLAIN.variant, extras=Extras(made_with_ai=True)),
    ],
)
def test_any_edit_of_the_content_voids_a_yes(edited: Variant) -> None:
    said = Said(required={"somos-lo-mismo": ("IOM",)}, approvals=[a_yes("IOM")])
    why = missing(replace(PLAIN, variant=edited), said, NOW)
    assert why == ["IOM has not approved it since it was changed"]


def test_other_words_for_those_who_cannot_see_void_a_yes() -> None:
    before = a_delivery(variant=Variant(assets=(replace(SEEN, people=()),)))
    after = a_delivery(variant=Variant(assets=(replace(SEEN, people=(), alt="Otra."),)))
    said = Said(required={"somos-lo-mismo": ("IOM",)}, approvals=[a_yes("IOM", before)])
    assert missing(before, said, NOW) == []
    assert missing(after, said, NOW) != []


def test_a_yes_to_one_channel_is_none_to_another() -> None:
    other = a_delivery(channel=FACEBOOK)
    said = Said(required={"somos-lo-mismo": ("IOM",)}, approvals=[a_yes("IOM", other)])
    assert missing(PLAIN, said, NOW) == ["IOM has not approved it"]


def test_another_time_voids_a_yes_only_where_it_binds_the_time() -> None:
    said = Said(required={"somos-lo-mismo": ("IOM",)}, approvals=[a_yes("IOM")])
    later = replace(PLAIN, due_at=NOW + HOUR)
    assert missing(later, said, NOW) == []
    assert missing(later, replace(said, binds_time=True), NOW) != []
    assert missing(PLAIN, replace(said, binds_time=True), NOW) == []


# Consents.


@pytest.mark.parametrize(
    ("consent", "why"),
    [
        (None, "P-014 has not consented to it"),
        (a_consent(), ""),
        (a_consent(until=None), ""),
        (a_consent(until=NOW), "the consent of P-014 ended on 2026-12-01"),
        (a_consent(withdrawn_at=NOW - HOUR), "P-014 has withdrawn consent"),
        (a_consent(channels=("facebook", "instagram")), "the consent of P-014 is not for x:somosl"),
        (a_consent(channels=("x",)), ""),
        (a_consent(channels=(X,)), ""),
        (a_consent(channels=("x:otra",)), "the consent of P-014 is not for x:somosl"),
        (a_consent(scope=("face",)), "the consent of P-014 does not cover the first name"),
        (a_consent(scope=("voice",)), "does not cover the face and the first name"),
        (a_consent(scope=("face", "first name")), ""),
    ],
)
def test_a_consent_covers_what_is_shown_where_it_is_shown(
    consent: Consent | None, why: str
) -> None:
    found = of_consent(consent)
    assert why in found
    assert bool(why) == bool(found)


@pytest.mark.parametrize(
    ("shows", "scope", "is_covered"),
    [
        ((), ("face",), True),
        ((), ("voice",), False),
        (("full name",), ("name",), True),
        (("full name",), ("first name",), False),
        (("changed name", "face"), ("face",), True),
        (("place",), ("name", "face", "voice"), False),
        (("nickname",), ("name",), False),
    ],
)
def test_a_scope_is_taken_at_its_word(
    shows: tuple[str, ...], scope: tuple[str, ...], is_covered: bool
) -> None:
    asset = replace(SEEN, shows=shows)
    assert (of_consent(a_consent(scope=scope), asset) == "") is is_covered


def test_for_a_minor_a_guardian_must_have_signed() -> None:
    child = replace(SEEN, minors=("P-014",))
    assert of_consent(a_consent(), child) == "P-014 is a minor, and no guardian has signed"
    assert of_consent(a_consent(guardian=True), child) == ""


def test_everyone_in_every_file_is_asked_for_the_cover_of_a_reel_too() -> None:
    cover = replace(SEEN, people=("P-020",))
    variant = Variant(assets=(SEEN, replace(SEEN, people=("P-014", "P-015"))))
    seen = a_delivery(variant=replace(variant, extras=Extras(cover=cover)))
    said = Said(consents={"P-014": a_consent()})
    assert missing(seen, said, NOW) == [
        "P-015 has not consented to it",
        "P-020 has not consented to it",
    ]


def test_those_without_consent_are_named_once_by_what_stands_for_them_and_nothing_more() -> None:
    files = (SEEN, replace(SEEN, people=("P-015", "P-014")), replace(SEEN, people=("P-015",)))
    seen = a_delivery(variant=Variant(assets=files))
    assert unconsenting(seen, Said(consents={"P-014": a_consent()}), NOW) == ["P-015"]
    assert unconsenting(seen, Said(), NOW) == ["P-014", "P-015"]


# Pauses.


@pytest.mark.parametrize(
    ("pause", "covers"),
    [
        ({}, True),
        ({"campaign": "somos-lo-mismo"}, True),
        ({"campaign": "otra"}, False),
        ({"channel": X}, True),
        ({"channel": FACEBOOK}, False),
        ({"person": "P-014"}, True),
        ({"person": "P-015"}, False),
        ({"campaign": "somos-lo-mismo", "channel": FACEBOOK}, False),
    ],
)
def test_a_pause_keeps_back_what_it_names_and_nothing_else(
    pause: dict[str, Any], covers: bool
) -> None:
    known = Pause(reason="Duelo nacional.", since=NOW, **pause)
    said = Said(pauses=[known], consents={"P-014": a_consent()})
    kept = obstacles(CARMEN, said, NOW)
    assert bool(kept) is covers
    assert not kept or kept == [f"paused ({known.of}): Duelo nacional."]


def test_a_pause_begins_at_its_time_and_ends_only_when_it_is_ended() -> None:
    blackout = Pause(reason="Elecciones.", since=NOW, until=NOW + HOUR)
    said = Said(pauses=[blackout])
    assert obstacles(PLAIN, said, NOW - timedelta(microseconds=1)) == []
    for moment in (NOW, NOW + HOUR, NOW + 9 * HOUR):
        assert obstacles(PLAIN, said, moment) != []


def test_a_pause_says_what_it_covers() -> None:
    assert Pause(reason="", since=NOW).of == "everything"
    named = Pause(reason="", since=NOW, campaign="a", channel=X, person="P-1")
    assert named.of == f"the campaign a, {X}, what shows P-1"
