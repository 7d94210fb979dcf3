"""How text, link and hashtag come together on each network."""

from typing import Any

import pytest

from somos_social.core.composition import composed
from somos_social.core.model.post import Extras, Format, Variant
from tests.samples import an_asset

LINK = "https://www.somoslomismo.com/"
TAG = "#SomosLoMismo"


def _composed(platform: str, **changes: Any) -> Variant:
    post: dict[str, Any] = {
        "text": "Hola.",
        "link": None,
        "assets": (),
        "format": Format.FEED,
        "hashtag": TAG,
        "extras": Extras(),
    }
    return composed(platform=platform, **(post | changes))


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("facebook", f"Hola.\n\n{TAG}"),
        ("instagram", f"Hola.\n\n{TAG}"),
        ("x", f"Hola.\n{TAG}"),
    ],
)
def test_a_text_that_lacks_the_hashtag_is_given_it(platform: str, text: str) -> None:
    assert _composed(platform).text == text


@pytest.mark.parametrize("text", [f"Hola {TAG}.", "Hola #somoslomismo", "#SOMOSLOMISMO hola"])
def test_a_text_that_has_the_hashtag_stays_as_it_is(text: str) -> None:
    assert _composed("x", text=text).text == text


def test_a_longer_hashtag_is_another() -> None:
    assert _composed("x", text="Hola #SomosLoMismoPa").text == f"Hola #SomosLoMismoPa\n{TAG}"


def test_a_campaign_without_a_hashtag_adds_none() -> None:
    assert _composed("facebook", hashtag="").text == "Hola."


def test_a_picture_without_a_text_has_the_hashtag_alone() -> None:
    assert _composed("instagram", text="", assets=(an_asset(),)).text == TAG


def test_nothing_stays_nothing() -> None:
    assert _composed("x", text="").text == ""


@pytest.mark.parametrize(("platform", "most"), [("x", 280 - 14), ("instagram", 2200 - 15)])
def test_the_hashtag_is_left_out_where_it_does_not_fit(platform: str, most: int) -> None:
    assert _composed(platform, text=most * "a").text.endswith(TAG)
    assert _composed(platform, text=(most + 1) * "a").text == (most + 1) * "a"


def test_the_hashtag_is_left_out_where_instagram_takes_no_more_of_them() -> None:
    full = " ".join(f"#a{number}" for number in range(30))
    assert _composed("instagram", text=full).text == full


def test_a_link_is_a_card_on_facebook() -> None:
    variant = _composed("facebook", link=LINK)
    assert (variant.text, variant.link) == (f"Hola.\n\n{TAG}", LINK)


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("facebook", f"Hola.\n\n{LINK}\n\n{TAG}"),
        ("instagram", f"Hola.\n\n{LINK}\n\n{TAG}"),
        ("x", f"Hola.\n{LINK}\n{TAG}"),
    ],
)
def test_a_link_beside_a_picture_is_a_line_of_the_text(platform: str, text: str) -> None:
    variant = _composed(platform, link=LINK, assets=(an_asset(),))
    assert (variant.text, variant.link) == (text, None)


@pytest.mark.parametrize("text", [f"Mira {LINK} hoy.", f"Mira {LINK}.", f"({LINK})"])
def test_a_link_that_the_text_has_is_not_said_twice(text: str) -> None:
    assert _composed("x", text=text, link=LINK).text.count(LINK) == 1


def test_a_link_that_merely_begins_another_is_said() -> None:
    assert _composed("x", text=f"Mira {LINK}historias", link=LINK).text.splitlines()[1] == LINK


def test_an_empty_link_is_none() -> None:
    assert _composed("facebook", link="").link is None


def test_format_and_assets_stay_as_they_are() -> None:
    variant = _composed("instagram", assets=(an_asset(),), format=Format.REEL)
    assert (variant.format, variant.assets) == (Format.REEL, (an_asset(),))


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_story_shows_its_picture_alone(platform: str) -> None:
    story = _composed(platform, format=Format.STORY, link=LINK, assets=(an_asset(),))
    assert (story.text, story.link, len(story.assets)) == ("", None, 1)
