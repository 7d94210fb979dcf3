"""Links are marked where nobody sees it, and lead where they led before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.core.links import USUAL, Utm, tagged, with_tags, without_tags
from somos_social.core.model.post import Format, Variant
from somos_social.core.tweet_text import urls, weighted_length

TAGS = {"utm_source": "x", "utm_content": "carmen"}
ADDED = "utm_source=x&utm_content=carmen"


@pytest.mark.parametrize(
    ("url", "marked"),
    [
        ("https://acnur.org/es", f"https://acnur.org/es?{ADDED}"),
        ("https://acnur.org", f"https://acnur.org/?{ADDED}"),
        ("acnur.org", f"acnur.org/?{ADDED}"),
        ("https://acnur.org/?a=1&b=%20+", f"https://acnur.org/?a=1&b=%20+&{ADDED}"),
        ("https://acnur.org/es#top", f"https://acnur.org/es?{ADDED}#top"),
        ("https://acnur.org/?a=1#/es?b=2", f"https://acnur.org/?a=1&{ADDED}#/es?b=2"),
        ("https://acnur.org/es?", f"https://acnur.org/es?{ADDED}"),
        ("https://acnur.org/es?a&", f"https://acnur.org/es?a&{ADDED}"),
        ("https://acnur.org/?q=a?b", f"https://acnur.org/?q=a?b&{ADDED}"),
        (
            "https://acnur.org/?utm_source=mail",
            "https://acnur.org/?utm_source=mail&utm_content=carmen",
        ),
        (f"https://acnur.org/?{ADDED}", f"https://acnur.org/?{ADDED}"),
    ],
)
def test_all_that_an_address_holds_stays_as_it_is(url: str, marked: str) -> None:
    assert tagged(url, TAGS) == marked


def test_what_no_address_takes_is_written_as_one_takes_it() -> None:
    assert tagged("https://a.org/", {"utm_source": "x:somos lo&mismo"}) == (
        "https://a.org/?utm_source=x%3Asomos%20lo%26mismo"
    )


def test_the_usual_parameters_tell_network_campaign_and_post_apart() -> None:
    assert USUAL.of(channel="x:somos", campaign="panama", post="carmen~2026-12-08") == {
        "utm_source": "x",
        "utm_medium": "social",
        "utm_campaign": "panama",
        "utm_content": "carmen~2026-12-08",
    }


def test_a_pattern_may_name_the_channel_and_an_empty_one_adds_nothing() -> None:
    utm = Utm(source="{network}-{channel}", medium="", campaign="", content="a")
    found = utm.of(channel="x:somos", campaign="panama", post="carmen")
    assert found == {"utm_source": "x-x:somos", "utm_content": "a"}


def test_on_x_the_text_is_marked_and_is_as_long_as_before() -> None:
    text = "Lee (https://acnur.org/es), o acnur.org. ¡Y difunde! 🍞"
    marked = with_tags(Variant(text=text), "x", TAGS)
    assert (
        marked.text == f"Lee (https://acnur.org/es?{ADDED}), o acnur.org/?{ADDED}. ¡Y difunde! 🍞"
    )
    assert weighted_length(marked.text) == weighted_length(text)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_elsewhere_only_the_card_is_marked_and_no_text_that_people_see(platform: str) -> None:
    variant = Variant(text="Lee https://acnur.org/es", link="https://acnur.org/es")
    marked = with_tags(variant, platform, TAGS)
    assert (marked.text, marked.link) == (variant.text, f"https://acnur.org/es?{ADDED}")


def test_a_first_comment_on_x_is_marked_as_well() -> None:
    comment = Variant(format=Format.COMMENT, text="acnur.org/es")
    assert with_tags(comment, "x", TAGS).text == f"acnur.org/es?{ADDED}"


def test_what_x_shortened_already_is_left_alone() -> None:
    text = "https://t.co/abc"
    assert with_tags(Variant(text=text), "x", TAGS).text == text


def test_nothing_is_marked_without_parameters() -> None:
    variant = Variant(text="https://acnur.org", link="https://acnur.org")
    assert with_tags(variant, "x", {}) == variant


PIECES = st.sampled_from(
    (
        *("https://acnur.org", "http://a.org/é?x=ñ#f", "acnur.org/es", "ACNUR.ORG", "t.co/abc"),
        *("https://a.org/(x)", "https://a.org/x?y=1&z", "a.b.c.org", "x@acnur.org", "#acnur.org"),
        *(" ", ", ", ".", "(", ")", "\n", "🍞", "ñ", "Único.com", "https://", "?", "&", "/"),
    )
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join)))
def test_no_text_gets_longer_on_x_or_loses_a_link_by_being_marked(text: str) -> None:
    marked = with_tags(Variant(text=text), "x", TAGS).text
    assert weighted_length(marked) == weighted_length(text)
    assert len(urls(marked)) == len(urls(text))


def test_a_text_is_compared_without_its_marks() -> None:
    text = "Lee https://acnur.org/es?a=1#top y acnur.org/es"
    marked = with_tags(Variant(text=text), "x", TAGS).text
    assert marked != text
    assert without_tags(marked) == text
