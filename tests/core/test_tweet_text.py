"""How X counts a text: examples, what holds for any text, and the time that it takes."""

import subprocess
import sys
import time
import unicodedata
from string import ascii_letters, ascii_lowercase, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somos_social.core.tweet_text import (
    MAX_WEIGHTED_LENGTH,
    V2,
    Span,
    cashtags,
    hashtags,
    is_valid,
    mentions,
    urls,
    weighted_length,
)

FRAGMENTS = st.sampled_from(
    [
        *("acnur", "org", "com", "es", "t.co", "http://", "https://", "xn--", "みんな", "中国"),
        *(".", "..", "/", "?", ":", "-", "_", "@", "#", "＃", "$", "&", "=", "(", ")", " ", "\n"),
        *("a", "1", "á", "e\u0301", "Ñ", "あ", "。", "acnur.org", " #Mañana", " @oim ", " $PAB "),
        *("👍🏽", "👨‍👩‍👧", "1️⃣", "\ufe0f", "\u200d", "\u20e3"),
    ]
)
TEXTS = st.text() | st.lists(FRAGMENTS, max_size=30).map("".join)
WORDS = st.text(ascii_lowercase + digits, min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("¡Somos lo mismo!", 16),
        ("Panamá, 1 de diciembre…", 24),  # the ellipsis weighs 2
        ("Más en https://www.acnur.org/es-es/panama", 7 + 23),
        ("Más en acnur.org", 7 + 23),
        ("acnur.org/es y oim.int", 23 + 3 + 23),
        ("ana@acnur.org", 13),
        ("uno.Dos", 7),
        ("acnur.org:8080", 23 + 5),
        ("acnur.org:8080/es", 23),
        ("línea\nlínea", 11),
        ("línea\r\nlínea", 12),
        ("🤝", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇵🇦", 2),
        ("1️⃣", 2),
        ("© ®", 3),
        ("©️", 2),
        ("难民", 4),
    ],
)
def test_a_text_weighs_what_x_says(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("emoji", "length"),
    [
        ("🧑‍🤝‍🧑", 2 + 1 + 2 + 1 + 2),
        ("🐦‍⬛", 2 + 1 + 2),
        ("🏳\u200d🌈", 2 + 1 + 2),
        ("👩🏽‍❤️‍👨🏻", 2 + 1 + 2 + 1 + 2),
    ],
)
def test_an_emoji_that_the_official_data_lacks_weighs_what_its_parts_do(
    emoji: str, length: int
) -> None:
    assert weighted_length(emoji) == length


def test_the_edition_before_the_one_in_force_counts_an_emoji_by_its_parts() -> None:
    assert weighted_length("👨‍👩‍👧‍👦", V2) == 11


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("a" * MAX_WEIGHTED_LENGTH, True),
        ("a" * (MAX_WEIGHTED_LENGTH + 1), False),
        ("", False),
        ("a\ufeffb", False),
        ("a\ufffeb", False),
        ("a\uffffb", False),
    ],
)
def test_a_text_is_valid_when_it_has_something_to_say_and_fits(text: str, valid: bool) -> None:
    assert is_valid(text) is valid


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lee http://acnur.org/a_(b)!", [Span(4, 26, "http://acnur.org/a_(b)")]),
        ("HTTPS://ACNUR.ORG", [Span(0, 17, "HTTPS://ACNUR.ORG")]),
        ("(acnur.org).", [Span(1, 10, "acnur.org")]),
        ("Únete.com", [Span(1, 9, "nete.com")]),
        ("ver Únete.com", [Span(4, 13, "Únete.com")]),
        ("難民acnur.orgと", [Span(2, 11, "acnur.org")]),
        (
            "http://mi_sitio.com y http://mi_sitio.acnur.org",
            [Span(22, 47, "http://mi_sitio.acnur.org")],
        ),
        ("-acnur.org _acnur.org .acnur.org /acnur.org", []),
        (
            "https://t.co/aB3 https://t.co/aB3-",
            [Span(0, 16, "https://t.co/aB3"), Span(17, 33, "https://t.co/aB3")],
        ),
        ("http://" + "a" * 64 + ".com", []),
        ("http://acnur.org/" + "a" * 4096, []),
        ("foo.onion foo.kids foo.zzz", [Span(0, 9, "foo.onion"), Span(10, 18, "foo.kids")]),
    ],
)
def test_links_are_found_where_x_finds_them(text: str, found: list[Span]) -> None:
    assert urls(text) == found


def test_hashtags_keep_their_accents_and_end_where_letters_do() -> None:
    assert hashtags("#SomosLoMismo, #Panamá2026! ¿#ConLosRefugiados?") == [
        "SomosLoMismo",
        "Panamá2026",
        "ConLosRefugiados",
    ]


def test_what_only_looks_like_a_hashtag_is_none() -> None:
    assert hashtags("#1 #️⃣ a#b &#uno; https://acnur.org/#mapa #uno#dos") == []


def test_a_list_or_an_address_mentions_nobody() -> None:
    assert mentions("@ACNURPanama con @OIMPanama; @oim/equipo, ana@oim.int") == [
        "ACNURPanama",
        "OIMPanama",
    ]


def test_a_price_is_no_cashtag() -> None:
    assert cashtags("$PAB cuesta $20, no US$ ni $demasiado") == ["PAB"]


@given(TEXTS)
def test_a_length_is_never_negative_and_never_more_than_two_for_a_code_point(text: str) -> None:
    assert weighted_length(text) >= 0
    links = urls(unicodedata.normalize("NFC", text))
    assert weighted_length(text) <= 2 * len(unicodedata.normalize("NFC", text)) + 23 * len(links)


@given(TEXTS)
@example("a\u0323\u0301\u0323")
@example("\u0344\u0f73\u0301")
def test_how_accents_are_encoded_makes_no_difference(text: str) -> None:
    forms = {unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text), text}
    assert len({weighted_length(form) for form in forms}) == 1


@given(TEXTS, st.sampled_from(ascii_letters + digits))
def test_a_plain_character_in_a_word_of_its_own_adds_one(text: str, character: str) -> None:
    assert weighted_length(f"{text} {character}") == weighted_length(text) + 2


@given(TEXTS, TEXTS)
@example("http://acnur.org", "acnur.org")
def test_a_line_weighs_the_same_whatever_stands_before_it(first: str, second: str) -> None:
    both = weighted_length(f"{first}\n{second}")
    assert both == weighted_length(first) + weighted_length(f"\n{second}")


@given(st.sampled_from(["http://", "https://", ""]), WORDS, st.lists(WORDS), WORDS)
def test_every_link_weighs_23(scheme: str, name: str, path: list[str], key: str) -> None:
    url = f"{scheme}{name}.acnur.org/{'/'.join(path)}?{key}={key}"
    assert weighted_length(url) == 23
    assert weighted_length(f"Hola {url} adiós") == 5 + 23 + 6


@given(TEXTS)
def test_links_are_what_stands_in_their_places_and_never_overlap(text: str) -> None:
    found = urls(text)
    assert [text[link.start : link.end] for link in found] == [link.url for link in found]
    edges = [edge for link in found for edge in (link.start, link.end)]
    assert edges == sorted(edges)


@given(TEXTS)
def test_what_is_found_stands_in_the_text_behind_its_sign(text: str) -> None:
    assert all(f"#{tag}" in text or f"＃{tag}" in text for tag in hashtags(text))
    assert all(f"@{name}" in text or f"＠{name}" in text for name in mentions(text))
    assert all(f"${symbol}" in text for symbol in cashtags(text))


@pytest.mark.parametrize(
    "unit",
    [
        *("a.a.a.", "a.com.", "あ.com_", "a_b.com_", "com_あ.", "あ", "a-", ".", "xn--", "a.xn--"),
        *("http://", "http://a.co/(", "a.co/(a", "a.co/!", "a.co?!", "/(", "(", "é.", "。"),
        *("👩\u200d", "👨‍👩‍👧\u200d", "🇵", "e\u0301\u0323", "\u0f73"),
        *("#", "#1", "#a\ufe0f", "@", "@a ", "rt:", "$a"),
    ],
)
def test_no_text_takes_more_than_its_share_of_time(unit: str) -> None:
    # Sixteen times the text: some 16 times the work where it is linear, 256 times where not.
    # The bound lies between the two by a wide margin to either: processors are shared.
    assert _seconds(_hostile(unit, 8000)) < 100 * _seconds(_hostile(unit, 500))


def test_the_emoji_data_is_not_loaded_for_a_text_without_emoji() -> None:
    program = (
        "import sys; from somos_social.core.tweet_text import weighted_length;"
        "weighted_length('¡Únete! acnur.org/es #SomosLoMismo');"
        "sys.exit('emoji' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _hostile(unit: str, size: int) -> str:
    """Return a text that repeats `unit` for `size` characters wherever another grammar begins."""
    run = unit * (size // len(unit))
    return " ".join(before + run for before in ("", "http://a.", "a.co/", "a.co?"))


def _seconds(text: str) -> float:
    """Return the least processor time, of two tries, that reading `text` takes."""
    tries = []
    for _ in range(2):
        began = time.thread_time()
        for read in (weighted_length, hashtags, mentions, cashtags):
            read(text)
        tries.append(time.thread_time() - began)
    return min(tries)
