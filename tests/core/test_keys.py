"""A post without a key gets one that people can read, and that nothing else has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.core.keys import free_key
from somos_social.files.shapes import checked_key


@pytest.mark.parametrize(
    ("text", "otherwise", "key"),
    [
        ("Carmen llegó a Panamá con una receta.", "", "carmen-llego-a-panama"),
        ("#SomosLoMismo @acnur https://acnur.org ¡Hola, vecina!", "", "hola-vecina"),
        ("🍞🍞", "carmen_2", "carmen-2"),
        ("🍞🍞", "", "post"),
        ("Sí", "", "si"),
        ("a" * 80, "", "a" * 40),
        ("El y la de un con a", "", "el"),
        ("Поздравляем", "foto", "foto"),
    ],
)
def test_a_key_is_made_of_the_first_words(text: str, otherwise: str, key: str) -> None:
    assert free_key(text, otherwise, ()) == key


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert free_key("Hola, vecina", "", {"hola-vecina", "hola-vecina-2"}) == "hola-vecina-3"


@given(st.text(max_size=600), st.text(max_size=30), st.sets(st.sampled_from(("post", "post-2"))))
def test_every_text_leads_to_a_key_that_can_be_used(
    text: str, otherwise: str, taken: set[str]
) -> None:
    key = free_key(text, otherwise, taken)
    assert checked_key(key) == key
    assert key not in taken
