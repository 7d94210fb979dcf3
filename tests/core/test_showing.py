"""A text is cut where its network cuts it, and what stands out there stands out here."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.core.showing import SEEN, Mark, Piece, seen_until, shown
from somos_social.core.tweet_text import weighted_length

PLATFORMS = ("facebook", "instagram", "x")
WORDS = "palabra " * 200


def marked(text: str, platform: str) -> list[tuple[str, str]]:
    """What stands out in the text, and what it is."""
    found = shown(text, platform)
    return [(p.text, p.mark.value) for p in (*found.seen, *found.more) if p.mark is not Mark.PLAIN]


TEXT = "Lee @acnur_pa en https://www.acnur.org/es/historias/carmen-y-elvia?lang=es #SomosLoMismo"


def test_x_sets_off_links_tags_and_names_and_shortens_links() -> None:
    assert marked(TEXT, "x") == [
        ("@acnur_pa", "mention"),
        ("acnur.org/es/historias/c…", "link"),
        ("#SomosLoMismo", "hashtag"),
    ]
    assert marked("Más en acnur.org/es.", "x") == [("acnur.org/es", "link")]


def test_facebook_shows_a_link_as_it_is_and_a_name_as_mere_text() -> None:
    assert marked(TEXT, "facebook") == [
        ("https://www.acnur.org/es/historias/carmen-y-elvia?lang=es", "link"),
        ("#SomosLoMismo", "hashtag"),
    ]


def test_instagram_knows_names_with_dots_and_makes_no_link() -> None:
    text = "Con @ana.lopez_ y @eva. Correo: ana@oim.int, acnur.org #SomosLoMismo"
    assert marked(text, "instagram") == [
        ("@ana.lopez_", "mention"),
        ("@eva", "mention"),
        ("#SomosLoMismo", "hashtag"),
    ]


def test_a_tag_within_a_link_is_no_tag() -> None:
    assert marked("https://acnur.org/#historias", "facebook") == [
        ("https://acnur.org/#historias", "link")
    ]


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_long_text_is_cut_between_words_where_the_network_cuts_it(platform: str) -> None:
    end = seen_until(WORDS, platform)
    assert SEEN[platform] - len("palabra ") < end <= SEEN[platform]
    assert WORDS[end] == " "


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_what_fits_is_shown_whole(platform: str) -> None:
    text = "a" * SEEN[platform]
    assert shown(text, platform).more == ()
    assert shown(f"{text}b", platform).more == (Piece("b"),)


def test_x_cuts_what_weighs_more_than_a_post_may() -> None:
    link = "https://acnur.org/" + "a" * 100
    text = f"{link} " + "b" * 256
    assert weighted_length(text) == 280
    assert shown(text, "x").more == ()
    end = seen_until(f"{text} y más", "x")
    assert weighted_length(f"{text} y más"[:end]) <= 280
    assert end == len(text)


def test_a_first_comment_is_not_cut() -> None:
    assert shown(WORDS, "instagram", whole=True).more == ()


@pytest.mark.parametrize("together", ["e\u0301", "👩\u200d🚀", "👩\U0001f3fd", "1\ufe0f\u20e3"])
def test_no_character_is_cut_in_two(together: str) -> None:
    most = SEEN["instagram"]
    for before in range(most - len(together), most + 1):
        text = "a" * before + together + "a" * 50
        end = seen_until(text, "instagram")
        assert not before < end < before + len(together)


def test_a_tag_that_is_cut_in_two_stands_out_on_both_sides() -> None:
    found = shown("#" + "a" * 200, "instagram")
    assert [piece.mark for piece in (*found.seen, *found.more)] == [Mark.HASHTAG] * 2


@given(st.text(max_size=400), st.sampled_from(("facebook", "instagram")))
def test_nothing_of_a_text_is_lost_or_doubled(text: str, platform: str) -> None:
    found = shown(text, platform)
    assert "".join(piece.text for piece in (*found.seen, *found.more)) == text


@given(st.text(max_size=400))
def test_what_x_cuts_is_never_more_than_a_post(text: str) -> None:
    end = seen_until(text, "x")
    if end < len(text):
        assert weighted_length(text[:end]) <= 280
        assert not text[:end] or not unicodedata.combining(text[end]) or text[end - 1].isspace()
    assert 0 <= end <= len(text)
