"""What was given is said in plain words, and only such words count."""

import pytest

from somos_social.core.disclosure import discloses, label, names
from somos_social.core.model.handoff import Compensation

GIVEN = [each for each in Compensation if each is not Compensation.NONE]


@pytest.mark.parametrize("compensation", GIVEN)
def test_each_label_is_a_disclosure_itself(compensation: Compensation) -> None:
    words = label(compensation, "ACNUR y OIM")
    assert words is not None
    assert "ACNUR y OIM" in words
    assert discloses(words, compensation)


def test_who_got_nothing_has_nothing_to_disclose() -> None:
    assert label(Compensation.NONE, "ACNUR") is None
    assert discloses("Somos lo mismo.", Compensation.NONE)


@pytest.mark.parametrize(
    "text",
    [
        "Somos lo mismo. #Publicidad",
        "#PUBLICIDAD Somos lo mismo.",
        "#ad",
        "Colaboración pagada con ACNUR",
        "COLABORACION\nPAGADA con ACNUR",
        "Este es contenido patrocinado.",
    ],
)
@pytest.mark.parametrize("compensation", GIVEN)
def test_plain_words_disclose(text: str, compensation: Compensation) -> None:
    assert discloses(text, compensation)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gracias a ACNUR por invitarme.",
        "#colab #sp #gracias",
        "#PublicidadPolítica",
        "La publicidad nos rodea.",
        "https://example.org/#publicidad",
        "Descolaboración pagada",
    ],
)
def test_vague_words_do_not(text: str) -> None:
    assert not discloses(text, Compensation.PAID)


def test_that_someone_works_there_discloses_employment_alone() -> None:
    text = "Trabajo para la OIM y esta es mi historia."
    assert discloses(text, Compensation.EMPLOYMENT)
    assert not discloses(text, Compensation.PAID)


@pytest.mark.parametrize("text", ["¡Ya! #SomosLoMismo", "#somoslomismo", "＃SomosLoMismo"])
def test_a_hashtag_is_found_however_it_is_written(text: str) -> None:
    assert names(text, "#SomosLoMismo")


@pytest.mark.parametrize(
    "text", ["#SomosLosMismos", "#SomosLoMismoPanamá", "SomosLoMismo", "a#SomosLoMismo", ""]
)
def test_a_longer_or_misspelt_one_is_another(text: str) -> None:
    assert not names(text, "#SomosLoMismo")
