"""What each network takes and refuses, at both sides of every documented figure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.core.limits import LIMITS, MB, MIB
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Format, Variant
from somos_social.core.rules import fits, problems_of
from somos_social.core.tweet_text import weighted_length
from tests.samples import an_asset

PLATFORMS = ("facebook", "instagram", "x")
CLIP: dict[str, Any] = {
    "path": "carmen.mp4",
    "kind": Kind.VIDEO,
    "mime": "video/mp4",
    "width": 720,
    "height": 1280,
    "seconds": 12.0,
    "fps": 30.0,
    "video_codec": "h264",
    "audio_codec": "aac",
}
GIF: dict[str, Any] = {
    "path": "hola.gif",
    "kind": Kind.GIF,
    "mime": "image/gif",
    "width": 640,
    "height": 640,
    "seconds": 5.0,
    "fps": 10.0,
}


def a_clip(**changes: Any) -> Asset:
    return an_asset(**(CLIP | changes))


def a_gif(**changes: Any) -> Asset:
    return an_asset(**(GIF | changes))


def _told(platform: str, *assets: Asset, text: str = "Hola", **changes: Any) -> str:
    """All that is said against a variant, empty when it may go out."""
    variant = Variant(text=text, assets=assets, **changes)
    return "; ".join(f"{each.part}: {each.problem}" for each in problems_of(variant, platform))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_text_with_a_picture_goes_out_everywhere(platform: str) -> None:
    assert _told(platform, an_asset()) == ""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_text_with_a_clip_goes_out_everywhere(platform: str) -> None:
    assert _told(platform, a_clip()) == ""


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_a_text_alone_goes_out(platform: str) -> None:
    assert _told(platform) == ""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_picture_alone_goes_out(platform: str) -> None:
    assert _told(platform, an_asset(), text="") == ""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_at_all_is_refused(platform: str) -> None:
    assert "text: is empty" in _told(platform, text="")


def test_a_link_alone_goes_out_on_facebook() -> None:
    assert _told("facebook", text="", link="https://www.somoslomismo.com/") == ""


def test_a_story_is_refused_in_words_where_there_are_none() -> None:
    assert _told("x", an_asset(), format=Format.STORY) == "format: asks for a story; X has none."


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_story_is_one_picture_or_video(platform: str) -> None:
    tall = an_asset(width=1080, height=1920)
    film = a_clip(width=1080, height=1920, seconds=30)
    assert _told(platform, tall, text="", format=Format.STORY) == ""
    assert _told(platform, film, text="", format=Format.STORY) == ""
    for assets in ((), (tall, tall)):
        assert "exactly one" in _told(platform, *assets, text="", format=Format.STORY)


def test_a_story_of_instagram_lasts_a_minute_at_most() -> None:
    film = a_clip(width=1080, height=1920, seconds=61)
    assert "lasts 61 s" in _told("instagram", film, text="", format=Format.STORY)


LENGTHS = [
    ("facebook", 63_206),
    ("instagram", 2200),
    ("x", 280),
]


@pytest.mark.parametrize(("platform", "most"), LENGTHS)
@pytest.mark.parametrize("shown_as", [Format.FEED, Format.COMMENT])
def test_a_text_is_as_long_as_the_network_takes(platform: str, most: int, shown_as: Format) -> None:
    assets = () if shown_as is Format.COMMENT else (an_asset(),)
    assert _told(platform, *assets, text=most * "ñ", format=shown_as) == ""
    told = _told(platform, *assets, text=(most + 1) * "ñ", format=shown_as)
    assert f"text: has {most + 1} characters" in told


def test_a_text_is_weighed_on_x() -> None:
    link = "https://www.somoslomismo.com/" + 100 * "a"
    assert _told("x", text=f"{256 * 'a'} {link}") == ""
    assert "has 281 characters" in _told("x", text=f"{257 * 'a'} {link}")
    assert _told("x", text=140 * "家") == ""
    assert "has 282 characters" in _told("x", text=141 * "家")


COUNTS = [
    ("instagram", "hashtags", 30, " #somos"),
    ("instagram", "mentions", 20, " @somos"),
    ("x", "cashtags", 1, " $SLM"),
]


@pytest.mark.parametrize(("platform", "what", "most", "word"), COUNTS)
def test_what_a_network_counts_in_a_text_is_counted(
    platform: str, what: str, most: int, word: str
) -> None:
    assert _told(platform, an_asset(), text=f"Hola{most * word}") == ""
    told = _told(platform, an_asset(), text=f"Hola{(most + 1) * word}")
    assert told.startswith(f"text: has {most + 1} {what};")


def test_signs_that_are_no_hashtags_are_not_counted() -> None:
    tags = " ".join(f"#a{number}" for number in range(30))
    assert _told("instagram", an_asset(), text=f"{tags} {40 * '# '}") == ""


def test_instagram_takes_no_text_alone() -> None:
    assert _told("instagram").startswith("assets: Instagram takes no post without")


MOST = [("facebook", 10), ("instagram", 10), ("x", 4)]


@pytest.mark.parametrize(("platform", "most"), MOST)
def test_a_post_shows_as_many_pictures_as_the_network_takes(platform: str, most: int) -> None:
    assert _told(platform, *(most * [an_asset()])) == ""
    assert f"assets: are {most + 1}" in _told(platform, *((most + 1) * [an_asset()]))


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_a_clip_stands_alone(platform: str) -> None:
    assert "video alone" in _told(platform, a_clip(), an_asset())
    assert "video alone" in _told(platform, a_clip(), a_clip())


def test_a_carousel_of_instagram_mixes_pictures_and_clips() -> None:
    assert _told("instagram", an_asset(), a_clip(), an_asset()) == ""


def test_a_gif_stands_alone_on_x_and_is_a_picture_on_facebook() -> None:
    assert _told("x", a_gif()) == ""
    assert "GIF or video alone" in _told("x", a_gif(), an_asset())
    assert _told("facebook", a_gif(), an_asset()) == ""


def test_a_still_gif_is_a_picture_on_x() -> None:
    assert _told("x", *(4 * [an_asset(mime="image/gif")])) == ""


TAKEN_PICTURES = {
    "facebook": {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"},
    "instagram": {"image/jpeg"},
    "x": {"image/jpeg", "image/png", "image/gif", "image/webp"},
}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "mime", sorted({*set().union(*TAKEN_PICTURES.values()), "image/mpo", "image/avif"})
)
def test_a_picture_is_of_a_format_that_the_network_takes(platform: str, mime: str) -> None:
    told = _told(platform, an_asset(mime=mime))
    assert (told == "") is (mime in TAKEN_PICTURES[platform])


def test_a_png_for_instagram_is_to_be_converted() -> None:
    [breach] = problems_of(Variant(assets=(an_asset(mime="image/png"),)), "instagram")
    assert breach.part == "assets[0]"
    assert breach.problem == "`historias/carmen.jpg` is PNG; Instagram takes JPEG for a picture."
    assert breach.hint == "Convert it to JPEG."


def test_a_gif_for_instagram_is_to_be_a_video() -> None:
    [breach] = problems_of(Variant(assets=(a_gif(),)), "instagram")
    assert breach.hint.startswith("Export it as a video, an MP4 of 3 s or longer")


BOUNDS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    # network, how the variant is shown, what is taken, what is not, what is said
    ("facebook", {}, {"size": 10 * MB}, {"size": 10 * MB + 1}, "10 MB"),
    ("instagram", {}, {"size": 8 * MIB}, {"size": 8 * MIB + 1}, "8 MiB"),
    ("x", {}, {"size": 5 * MB}, {"size": 5 * MB + 1}, "5 MB"),
    ("instagram", {}, {"height": 1350}, {"height": 1370}, "0.80:1"),
    ("instagram", {}, {"height": 566}, {"height": 560}, "1.91:1"),
    ("instagram", {}, {"alt": 1000 * "a"}, {"alt": 1001 * "a"}, "1000"),
    ("x", {}, {"alt": 1000 * "a"}, {"alt": 1001 * "a"}, "1000"),
    ("x", GIF, {"size": 15 * MB}, {"size": 15 * MB + 1}, "15 MB"),
    ("x", GIF, {"width": 1280}, {"width": 1281}, "a width of 1280"),
    ("x", GIF, {"height": 1080}, {"height": 1081}, "a height of 1080"),
    ("x", GIF, {"seconds": 35.0}, {"seconds": 35.1}, "350"),
    (
        "x",
        GIF,
        {"seconds": 30.0, "width": 1000, "height": 1000},
        {"seconds": 30.0, "width": 1000, "height": 1001},
        "300 million",
    ),
    ("x", CLIP, {"size": 512 * MB}, {"size": 512 * MB + 1}, "512 MB"),
    ("x", CLIP, {"seconds": 140.04}, {"seconds": 140.06}, "0.5 to 140 s"),
    ("x", CLIP, {"seconds": 0.5}, {"seconds": 0.4}, "0.5 to 140 s"),
    ("x", CLIP, {"fps": 60.3}, {"fps": 61.0}, "0 to 60"),
    ("x", CLIP, {"height": 1280}, {"height": 1282}, "1280x1024"),
    ("x", CLIP, {"width": 1280, "height": 1024}, {"width": 1280, "height": 1026}, "1280x1024"),
    ("x", CLIP, {"width": 96, "height": 32}, {"width": 90, "height": 30}, "32x32"),
    ("x", CLIP, {"width": 1200, "height": 400}, {"width": 1200, "height": 390}, "3.00:1"),
    ("x", CLIP, {"video_codec": "h264"}, {"video_codec": "hevc"}, "H.264"),
    ("x", CLIP, {"audio_codec": "aac"}, {"audio_codec": "mp3"}, "AAC"),
    ("x", CLIP, {"mime": "video/quicktime"}, {"mime": "video/webm"}, "MOV or MP4"),
    ("x", CLIP, {"mime": "video/mp4"}, {"mime": "video/mp2t"}, "MOV or MP4"),
    ("facebook", CLIP, {"width": 1920, "height": 1080}, {"width": 1920, "height": 1000}, "1.78:1"),
    ("facebook", CLIP, {"seconds": 14_400.0}, {"seconds": 14_401.0}, "14400 s"),
    ("instagram", CLIP, {"size": 35 * MIB}, {"size": 36 * MIB}, "25"),
    ("instagram", CLIP | {"seconds": 800.0}, {"size": 300 * MB}, {"size": 300 * MB + 1}, "300 MB"),
    ("instagram", CLIP, {"seconds": 3.0}, {"seconds": 2.99}, "lasts 2.99 s; Instagram takes 3"),
    ("instagram", CLIP, {"seconds": 900.0}, {"seconds": 900.1}, "3 to 900 s"),
    ("instagram", CLIP, {"fps": 23.0}, {"fps": 22.0}, "23 to 60"),
    ("instagram", CLIP, {"width": 1920}, {"width": 1922}, "1920"),
    ("instagram", CLIP, {"video_codec": "hevc"}, {"video_codec": "vp9"}, "H.264 or H.265"),
    ("instagram", CLIP, {"mime": "video/quicktime"}, {"mime": "video/webm"}, "MOV or MP4"),
]


@pytest.mark.parametrize(("platform", "base", "taken", "refused", "words"), BOUNDS)
def test_a_figure_is_taken_and_what_lies_beyond_it_is_not(
    platform: str,
    base: dict[str, Any],
    taken: dict[str, Any],
    refused: dict[str, Any],
    words: str,
) -> None:
    assert _told(platform, an_asset(**(base | taken))) == ""
    told = _told(platform, an_asset(**(base | refused)))
    assert told.startswith("assets[0]: ")
    assert words in told


REELS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("facebook", {"seconds": 90.0}, {"seconds": 90.1}, "3 to 90 s"),
    ("facebook", {"seconds": 3.0}, {"seconds": 2.99}, "3 to 90 s"),
    ("facebook", {"width": 540, "height": 960}, {"width": 538, "height": 956}, "960x540"),
    ("facebook", {"width": 608, "height": 1080}, {"width": 1080, "height": 1350}, "0.56:1"),
    ("facebook", {"fps": 23.976}, {"fps": 23.4}, "24 to 60"),
    ("facebook", {"video_codec": "av1"}, {"video_codec": "mpeg4"}, "H.264"),
    ("instagram", {"seconds": 900.0}, {"seconds": 901.0}, "3 to 900 s"),
    ("instagram", {"width": 1920, "height": 1080}, {"width": 2000, "height": 1080}, "1920"),
]


@pytest.mark.parametrize(("platform", "taken", "refused", "words"), REELS)
def test_a_reel_has_figures_of_its_own(
    platform: str, taken: dict[str, Any], refused: dict[str, Any], words: str
) -> None:
    assert _told(platform, a_clip(**taken), format=Format.REEL) == ""
    told = _told(platform, a_clip(**refused), format=Format.REEL)
    assert told.startswith("assets[0]: ")
    assert words in told


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_reel_is_exactly_one_clip(platform: str) -> None:
    for assets in ((), (an_asset(),), (a_clip(), a_clip()), (a_clip(), an_asset())):
        told = _told(platform, *assets, format=Format.REEL)
        assert told == "assets: a reel is exactly one video."


def test_x_has_no_reels() -> None:
    assert _told("x", a_clip(), format=Format.REEL) == "format: asks for a reel; X has none."


def test_a_clip_without_sound_goes_out() -> None:
    assert [_told(platform, a_clip(audio_codec="")) for platform in PLATFORMS] == ["", "", ""]


def test_a_clip_in_a_carousel_has_the_figures_of_one_that_stands_alone() -> None:
    for changes, words in (({"seconds": 2.9}, "3 to 900 s"), ({"size": 36 * MIB}, "25")):
        assert words in _told("instagram", a_clip(**changes))
        assert words in _told("instagram", a_clip(**changes), an_asset())
    assert _told("instagram", a_clip(), an_asset()) == ""


def test_everything_that_speaks_against_a_variant_is_said_at_once() -> None:
    variant = Variant(text=281 * "a", assets=(an_asset(mime="image/tiff", size=6 * MIB), a_clip()))
    parts = [breach.part for breach in problems_of(variant, "x")]
    assert parts == ["text", "assets", "assets[0]", "assets[0]"]


@given(st.text(alphabet="añ .:/#@家🍲\u0301é…coma.org", max_size=400))
def test_no_text_is_taken_for_shorter_than_x_counts_it(text: str) -> None:
    assert fits(text, LIMITS["x"].text) is (weighted_length(text) <= 280)
