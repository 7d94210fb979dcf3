"""What is done to a file for each network: enough that it is taken, and no more than that."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.core.figures import figures
from somos_social.core.fitting import (
    MOST_UPSCALED,
    PRIVATE,
    Mending,
    Source,
    fit_for,
    fitted,
    fitted_cover,
)
from somos_social.core.limits import LIMITS, MIB, SOURCES, FileLimits
from somos_social.core.model.asset import Asset, Fit, Kind, Trait
from somos_social.core.model.post import Extras, Format, Variant
from somos_social.core.rules import file_limits, findings, problems_of
from tests.core.test_rules import a_clip, a_gif
from tests.samples import an_asset

UNMENDED = {"seconds", "alt"}
FORMATS = ["image/jpeg", "image/png", "image/webp", "image/heif", "image/tiff", "image/bmp"]
sides = st.integers(min_value=2, max_value=9000)
traits = st.frozensets(st.sampled_from(Trait))


def _fit(platform: str, asset: Asset, format: Format = Format.FEED, **more: Any) -> Fit | None:
    source = Source(asset=asset, **more)
    return fit_for(source, file_limits(asset, format, LIMITS[platform], 1))


def _broken(asset: Asset, fit: Fit | None, limits: FileLimits) -> set[str]:
    return {found.rule for found in findings(replace(asset, fit=fit).rendition, limits)}


@given(
    width=sides,
    height=sides,
    mime=st.sampled_from(FORMATS),
    size=st.integers(1, 40 * MIB),
    platform=st.sampled_from(list(LIMITS)),
    format=st.sampled_from([Format.FEED, Format.STORY]),
    mending=st.sampled_from(Mending),
    traits=traits,
)
def test_every_picture_of_any_shape_ends_as_one_that_the_network_takes(
    width: int,
    height: int,
    mime: str,
    size: int,
    platform: str,
    format: Format,
    mending: Mending,
    traits: frozenset[Trait],
) -> None:
    asset = an_asset(width=width, height=height, mime=mime, size=size)
    limits = file_limits(asset, format, LIMITS[platform], 1)
    fit = fit_for(Source(asset=asset, traits=traits, mending=mending), limits)
    assert _broken(asset, fit, limits) == set()
    if fit:
        assert traits & PRIVATE <= set(fit.without)


@given(
    width=sides,
    height=sides,
    size=st.integers(1, 400 * MIB),
    fps=st.floats(0, 240),
    codec=st.sampled_from(["h264", "hevc", "vp9", "mpeg4"]),
    sound=st.sampled_from(["aac", "opus", ""]),
    mime=st.sampled_from(["video/mp4", "video/webm", "video/quicktime"]),
    platform=st.sampled_from(list(LIMITS)),
    format=st.sampled_from([Format.FEED, Format.REEL, Format.STORY]),
    mending=st.sampled_from(Mending),
    traits=traits,
)
def test_every_video_of_any_shape_ends_as_one_that_the_network_takes_unless_it_is_too_small(
    width: int,
    height: int,
    size: int,
    fps: float,
    codec: str,
    sound: str,
    mime: str,
    platform: str,
    format: Format,
    mending: Mending,
    traits: frozenset[Trait],
) -> None:
    asset = a_clip(width=width, height=height, size=size, fps=fps, video_codec=codec, mime=mime)
    asset = replace(asset, audio_codec=sound)
    limits = file_limits(asset, format, LIMITS[platform], 1)
    fit = fit_for(Source(asset=asset, traits=traits, mending=mending), limits)
    left = _broken(asset, fit, limits)
    least = limits.least_sides or (0, 0)
    if min(width, height) * MOST_UPSCALED > max(least) and max(width, height) < 30 * min(
        width, height
    ):
        assert left == set()
    assert left <= {"least_sides", "ratio"}
    if fit and not fit.keeps_picture:
        assert (fit.width % 2, fit.height % 2) == (0, 0)


@pytest.mark.parametrize("platform", LIMITS)
def test_what_is_taken_as_it_is_is_left_as_it_is(platform: str) -> None:
    assert _fit(platform, an_asset()) is None
    assert _fit(platform, a_clip()) is None
    assert _fit(platform, a_gif()) is None


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/gif", "image/webp"])
def test_a_picture_that_only_tells_too_much_keeps_every_pixel(mime: str) -> None:
    fit = _fit("x", an_asset(mime=mime), traits=frozenset({Trait.GPS, Trait.EXIF}))
    assert fit is not None
    assert fit.keeps_picture
    assert (fit.mime, fit.without) == (mime, (Trait.GPS, Trait.EXIF))


def test_a_video_that_only_tells_too_much_or_has_its_index_last_is_copied() -> None:
    for trait in (Trait.GPS, Trait.INDEX_LAST, Trait.TRACKS):
        fit = _fit("instagram", a_clip(), traits=frozenset({trait}))
        assert fit is not None
        assert (fit.keeps_picture, fit.keeps_sound) == (True, True)


def test_only_the_part_of_a_video_that_is_not_taken_is_made_anew() -> None:
    fit = _fit("x", a_clip(audio_codec="opus"))
    assert fit is not None
    assert (fit.keeps_picture, fit.keeps_sound) == (True, False)
    fit = _fit("x", a_clip(video_codec="hevc"))
    assert fit is not None
    assert (fit.keeps_picture, fit.keeps_sound) == (False, True)


def test_a_tall_picture_is_padded_at_its_sides() -> None:
    fit = _fit("instagram", an_asset(width=900, height=1600), background="#102030")
    assert fit is not None
    assert (fit.width, fit.height, fit.place) == (1280, 1600, (190, 0, 900, 1600))
    assert (fit.background, fit.window) == ("#102030", None)


def test_a_wide_picture_is_cropped_in_the_middle_where_the_sidecar_says_so() -> None:
    fit = _fit("instagram", an_asset(width=2100, height=900), mending=Mending.CROP)
    assert fit is not None
    assert (fit.width, fit.height, fit.window) == (1719, 900, (190, 0, 1719, 900))
    assert (fit.background, fit.place) == ("", None)


def test_a_video_for_a_reel_is_padded_to_nine_by_sixteen() -> None:
    fit = _fit("facebook", a_clip(width=1920, height=1080), Format.REEL)
    assert fit is not None
    assert (fit.width, fit.height, fit.place) == (1080, 1920, (0, 656, 1080, 608))


@pytest.mark.parametrize("format", [Format.REEL, Format.STORY])
@pytest.mark.parametrize("mending", Mending)
def test_a_video_for_a_reel_is_made_no_larger_than_the_network_advises(
    format: Format, mending: Mending
) -> None:
    for size in ((3840, 2160), (2160, 2160), (2160, 4096), (1080, 1350)):
        fit = _fit("facebook", a_clip(width=size[0], height=size[1]), format, mending=mending)
        assert fit is not None
        assert (fit.width <= 1080, fit.height <= 1920) == (True, True)
    # What is taken as it is is left as it is.
    assert _fit("facebook", a_clip(width=2160, height=3840), format) is None


def test_a_large_video_is_made_as_small_as_the_network_asks_and_no_smaller() -> None:
    fit = _fit("x", a_clip(width=3840, height=2160))
    assert fit is not None
    assert (fit.width, fit.height) == (1280, 720)


def test_a_video_is_made_larger_only_as_far_as_it_still_looks_well() -> None:
    fit = _fit("facebook", a_clip(width=480, height=854), Format.REEL)
    assert fit is not None
    assert (fit.width, fit.height) == (540, 960)
    fit = _fit("facebook", a_clip(width=300, height=534), Format.REEL)
    assert fit is not None
    assert (fit.width, fit.height) == (450, 800)


def test_a_video_keeps_within_the_width_that_is_taken() -> None:
    fit = _fit("instagram", a_clip(width=3840, height=2160))
    assert fit is not None
    assert (fit.width, fit.height) == (1920, 1080)


@pytest.mark.parametrize(
    ("fps", "made"), [(120, 60), (240, 60), (119.88, 59.94), (90, 45), (10, 30), (15, 30), (0, 30)]
)
def test_frames_are_dropped_or_repeated_evenly(fps: float, made: float) -> None:
    fit = _fit("instagram", a_clip(fps=fps))
    assert fit is not None
    assert fit.fps == pytest.approx(made)


def test_the_bit_rate_lets_a_video_keep_the_size_that_is_taken() -> None:
    fit = _fit("x", a_clip(size=900 * MIB, seconds=140))
    assert fit is not None
    assert fit.max_bytes is not None
    assert 0 < (fit.kilobits + 128) * 1000 / 8 * 140 < fit.max_bytes


def test_what_cannot_be_mended_stays_a_problem_in_the_words_of_the_file() -> None:
    cases = {
        "lasts 900.5 s": a_clip(seconds=900.5, mime="video/webm", video_codec="vp9"),
        "is 200x200 pixels": a_clip(width=200, height=200),
        "is GIF": a_gif(),
    }
    for words, asset in cases.items():
        format = Format.REEL if asset.kind is Kind.VIDEO else Format.FEED
        platform = "instagram" if asset.width != 200 else "facebook"
        variant = fitted(Variant(format=format, assets=(asset,)), [Source(asset=asset)], platform)
        [problem] = problems_of(variant, platform)
        assert words in problem.problem


def test_a_video_that_would_look_bad_at_the_size_that_is_taken_stays_a_problem() -> None:
    asset = a_clip(size=20_000 * MIB, seconds=14_400)
    limits = replace(LIMITS["facebook"].video, max_bytes=300 * MIB)
    assert fit_for(Source(asset=asset), limits) is None


def test_a_cover_is_made_a_jpeg() -> None:
    cover = fitted_cover(Source(asset=an_asset(mime="image/png")), "instagram")
    assert cover.fit is not None
    assert cover.fit.mime == "image/jpeg"
    variant = Variant(assets=(a_clip(),), extras=Extras(cover=cover))
    assert Variant.from_json(variant.to_json()).extras.cover == cover
    assert variant.files == (a_clip(), cover)


@given(
    sides=st.lists(st.tuples(sides, sides, st.booleans()), min_size=2, max_size=10),
    mending=st.sampled_from(Mending),
)
def test_all_items_of_a_carousel_end_with_one_ratio(
    sides: list[tuple[int, int, bool]], mending: Mending
) -> None:
    assets = tuple(
        (a_clip if moves else an_asset)(width=max(width, 600), height=max(height, 600))
        for width, height, moves in sides
    )
    sources = [Source(asset=asset, mending=mending) for asset in assets]
    variant = fitted(Variant(assets=assets), sources, "instagram")
    ratios = [asset.rendition.width / asset.rendition.height for asset in variant.assets]
    assert max(ratios) - min(ratios) < 0.015
    first = assets[0].width / assets[0].height
    low = 0.8 if any(asset.kind is Kind.IMAGE for asset in assets) else 9 / 16
    assert ratios[0] == pytest.approx(min(max(first, low), 1.91), abs=0.01)
    assert problems_of(replace(variant, text="Hola"), "instagram") == []


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_elsewhere_each_picture_keeps_its_ratio(platform: str) -> None:
    assets = (an_asset(), an_asset(width=1080, height=1080))
    sources = [Source(asset=asset) for asset in assets]
    assert fitted(Variant(assets=assets), sources, platform).assets == assets


OLD = (
    '{"format":"feed","text":"Hola","link":null,"assets":[{"path":"historias/carmen.jpg","sha256":'
    f'"{"6f" * 32}","kind":"image","mime":"image/jpeg","size":48213,"width":1080,"height":1350,'
    '"seconds":0.0,"fps":0.0,"video_codec":"","audio_codec":"","alt":"Carmen lee con tres niños.",'
    '"credit":"© ACNUR/Nuria Batista","people":["P-014"],"shows":["face","first name"]}]}'
)


def test_what_was_recorded_before_there_were_renditions_is_read_and_approved_as_before() -> None:
    variant = Variant.from_json(OLD)
    assert variant.to_json() == OLD
    assert variant.digest == "4084f3027e80fd10be2edbee7c662e58ddd0818b27486c6465748bb285ce015d"


def test_an_approval_speaks_of_what_is_done_to_an_asset() -> None:
    asset = an_asset(width=900, height=1600)
    digests = set()
    for background in ("#ffffff", "#000000"):
        source = Source(asset=asset, background=background)
        variant = fitted(Variant(assets=(asset,)), [source], "instagram")
        assert Variant.from_json(variant.to_json()) == variant
        digests.add(variant.digest)
    covered = Variant(assets=(a_clip(cover=2.5),))
    assert Variant.from_json(covered.to_json()) == covered
    assert len(digests | {Variant(assets=(asset,)).digest, covered.digest}) == 4


@pytest.mark.parametrize("platform", LIMITS)
def test_every_figure_names_its_source(platform: str) -> None:
    listed = list(figures(platform))
    assert len(listed) > 20
    assert {each.source for each in listed} <= set(SOURCES.values())
    assert all(each.taken and each.what for each in listed)
    assert not any("e+" in each.taken for each in listed), "people read no powers of ten"


def test_what_stands_beside_a_post_and_how_films_in_a_carousel_last_is_listed() -> None:
    listed = {(each.kind, each.what): each.taken for each in figures("instagram")}
    assert listed["post", "collaborators"] == "at most 3"
    assert listed["post", "tags"] == "at most 20 on one picture or video"
    assert listed["post", "ratio"] == "that of the first for all"
    assert listed["video among others", "length"] == "3 s to 900 s"
