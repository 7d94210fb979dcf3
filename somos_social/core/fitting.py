"""What must be done to a file so that a network takes it, and no more than that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil, floor

from somos_social.core.limits import LIMITS, FileLimits, Span
from somos_social.core.model.asset import Asset, Fit, Kind, Rectangle, Trait
from somos_social.core.model.post import Variant
from somos_social.core.rules import file_limits, findings

PRIVATE = frozenset(
    {
        Trait.GPS,
        Trait.EXIF,
        Trait.XMP,
        Trait.IPTC,
        Trait.NOTES,
        Trait.TRACKS,
        Trait.HIDDEN,
    }
)
"""What nobody gets from us, whatever a network takes."""

_ON_A_SCREEN = (9 / 16, 1.91)
"""Our choice for films alone, of which Instagram takes ratios that nobody would want for others."""

_UNSHOWN = frozenset({Trait.CMYK, Trait.TURNED})
"""What of a picture is shown wrongly, or not as it was meant once its marks are gone."""

STRIPPED = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""The formats of which all that is private can be taken without making the picture anew."""

MOST_UPSCALED = 1.5
"""What is made larger than this looks it."""

LEAST_KILOBITS = 300
"""A second of video below this is not worth seeing."""

UNBOUND = 60_000
"""Kilobits; no film that we make comes near."""

SOUND_KILOBITS = 128
_SIZES = {"ratio", "least_sides", "greatest_sides", "width", "height"}
_PICTURE_RULES = _SIZES | {"formats", "max_bytes"}
_FRAME_RULES = _SIZES | {"video_codecs", "fps", "megabits", "max_bytes"}
_FRAME_TRAITS = {Trait.INTERLACED, Trait.OBLONG, Trait.DEEP, Trait.CHROMA, Trait.HIDDEN}
_SOUND_TRAITS = {Trait.SURROUND, Trait.FAST_SOUND}
_USUAL_IN_MP4 = {"h264", "hevc"}


class Mending(StrEnum):
    """How a ratio that is not taken is mended."""

    PAD = "pad"
    CROP = "crop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as it was delivered, and how its sidecar wants it mended where that is needed.

    `captions` says where those of a video are, empty where there are none. `accepted` are reasons
    by the name of a rule of the desk that is not to speak against the file.
    """

    asset: Asset
    traits: frozenset[Trait] = frozenset()
    mending: Mending = Mending.PAD
    background: str = "#ffffff"
    captions: str = ""
    accepted: Mapping[str, str] = field(default_factory=dict)


def fitted(variant: Variant, sources: Sequence[Source], platform: str) -> Variant:
    """The variant with what is done to each of its assets, of which `sources` tell more."""
    limits = LIMITS[platform]
    held = [file_limits(each.asset, variant.format, limits, len(sources)) for each in sources]
    if limits.one_ratio and len(sources) > 1:
        ratio = _common_ratio(sources, held)
        held = [replace(each, ratio=(ratio, ratio)) for each in held]
    fits = [fit_for(source, each) for source, each in zip(sources, held, strict=True)]
    assets = tuple(
        replace(source.asset, fit=fit) if fit else source.asset
        for source, fit in zip(sources, fits, strict=True)
    )
    return replace(variant, assets=assets)


def _common_ratio(sources: Sequence[Source], limits: Sequence[FileLimits]) -> float:
    """That of the first item, as far as every one of them, and a screen, may have it."""
    first = sources[0].asset
    spans = [*(each.ratio for each in limits if each.ratio), _ON_A_SCREEN]
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    return min(max(first.width / first.height, low), high)


def fitted_cover(source: Source, platform: str) -> Asset:
    """A picture that stands for a reel."""
    limits = LIMITS[platform].cover
    fit = fit_for(source, limits) if limits and source.asset.kind is Kind.IMAGE else None
    return replace(source.asset, fit=fit) if fit else source.asset


def still_of(assets: Sequence[Asset], platform: str) -> Asset | None:
    """The frame that its sidecar lets stand for a video, for a network that takes no second of it.

    It is framed as the video is. None where none is wanted or needed.
    """
    limits = LIMITS[platform]
    video = next((each for each in assets if each.cover is not None), None)
    if video is None or limits.second or limits.cover is None:
        return None
    shape = video.fit or Fit(mime=video.mime, width=video.width, height=video.height)
    fit = Fit(
        mime="image/jpeg",
        width=shape.width,
        height=shape.height,
        window=shape.window,
        place=shape.place,
        background=shape.background,
        max_bytes=limits.cover.max_bytes,
        frame=video.cover,
    )
    return replace(video, cover=None, fit=fit)


def fit_for(source: Source, limits: FileLimits) -> Fit | None:
    """What is done to a file under these limits; None where it is taken as it is.

    What cannot be mended is not: the rules then speak against the rendition, too.
    """
    broken = {found.rule for found in findings(source.asset, limits)}
    match source.asset.kind:
        case Kind.VIDEO:
            return _of_video(source, limits, broken)
        case Kind.IMAGE:
            return _of_picture(source, limits, broken)
        case Kind.GIF:
            return _kept(source) if source.traits & PRIVATE else None


def _kept(source: Source) -> Fit:
    """The picture bit by bit, without what is private."""
    asset = source.asset
    return Fit(
        mime=asset.mime,
        width=asset.width,
        height=asset.height,
        keeps_picture=True,
        keeps_sound=True,
        without=_ordered(source.traits & PRIVATE),
    )


def _ordered(traits: Iterable[Trait]) -> tuple[Trait, ...]:
    return tuple(trait for trait in Trait if trait in set(traits))


def _of_picture(source: Source, limits: FileLimits, broken: set[str]) -> Fit | None:
    private = source.traits & PRIVATE
    anew = bool(broken & _PICTURE_RULES or source.traits & _UNSHOWN)
    if not anew and private:
        anew = source.asset.mime not in STRIPPED
    if not anew:
        return _kept(source) if private else None
    frame = _frame(source, limits, 1)
    is_seen_through = frame.place is not None or Trait.TRANSPARENT in source.traits
    return Fit(
        mime="image/jpeg",
        width=frame.width,
        height=frame.height,
        window=frame.window,
        place=frame.place,
        background=source.background if is_seen_through else "",
        max_bytes=limits.max_bytes,
        without=_ordered(private | source.traits & _UNSHOWN),
    )


def _of_video(source: Source, limits: FileLimits, broken: set[str]) -> Fit | None:
    asset = source.asset
    refused = source.traits & (limits.refused | PRIVATE)
    frames_anew = bool(broken & _FRAME_RULES or refused & _FRAME_TRAITS)
    sound_anew = bool("audio_codecs" in broken or refused & _SOUND_TRAITS)
    if not (frames_anew or sound_anew or refused or "formats" in broken):
        return None
    # What comes of it is an MP4, which players expect to hold certain codecs.
    frames_anew = frames_anew or asset.video_codec not in _USUAL_IN_MP4
    sound_anew = sound_anew or asset.audio_codec not in ("", "aac")
    kilobits = _kilobits(asset, limits) if frames_anew else 0
    if 0 < kilobits < LEAST_KILOBITS and "max_bytes" in broken:
        return None
    frame = _frame(source, limits, 2) if frames_anew else _Frame(asset.width, asset.height)
    return Fit(
        mime="video/mp4",
        width=frame.width,
        height=frame.height,
        window=frame.window,
        place=frame.place,
        background=source.background if frame.place else "",
        max_bytes=limits.max_bytes,
        kilobits=kilobits,
        fps=_rate(asset.fps, limits.fps) if "fps" in broken else 0.0,
        keeps_picture=not frames_anew,
        keeps_sound=not sound_anew,
        without=_ordered(refused),
    )


def _kilobits(asset: Asset, limits: FileLimits) -> int:
    """The most that a second of the picture may take, so that the whole keeps the limits."""
    bounds = []
    if limits.megabits:
        bounds.append(limits.megabits * 1000 - SOUND_KILOBITS)
    if limits.max_bytes and asset.seconds:
        # A part is left for the container, and for what an encoder overshoots.
        bounds.append(0.94 * limits.max_bytes * 8 / 1000 / asset.seconds - SOUND_KILOBITS)
    most = max(int(min(bounds)), 1) if bounds else 0
    return most if most < UNBOUND else 0


def _rate(fps: float, span: Span | None) -> float:
    """The nearest rate within the span for which frames are only dropped or repeated evenly."""
    low, high = span or (0.0, 60.0)
    if fps > high:
        return fps / ceil(fps / (high + 0.49))
    return fps * ceil(low / fps) if fps >= 1 and fps * ceil(low / fps) <= high else 30.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """The size of a rendition, what of the source is kept, and where that stands in it."""

    width: int
    height: int
    window: Rectangle | None = None
    place: Rectangle | None = None


def _frame(source: Source, limits: FileLimits, step: int) -> _Frame:
    """The frame that keeps the limits, in whole steps of pixels: padded or cropped, then scaled."""
    asset = source.asset
    width, height = _with_ratio(asset.width, asset.height, limits.ratio, source.mending)
    is_cropped = source.mending is Mending.CROP
    scale = _scale(width, height, limits)
    made = _whole(width * scale, height * scale, limits, step)
    if (width, height) == (asset.width, asset.height):
        return _Frame(*made)
    if is_cropped:
        kept = (min(asset.width, round(width)), min(asset.height, round(height)))
        return _Frame(*made, window=_centred(kept, (asset.width, asset.height), step))
    inner = (
        min(made[0], max(step, round(asset.width * scale / step) * step)),
        min(made[1], max(step, round(asset.height * scale / step) * step)),
    )
    return _Frame(*made, place=_centred(inner, made, step))


def _with_ratio(
    width: int, height: int, span: Span | None, mending: Mending
) -> tuple[float, float]:
    if span is None:
        return width, height
    low, high = span
    ratio = width / height
    if round(low, 2) <= round(ratio, 2) <= round(high, 2):
        return width, height
    bound = low if ratio < low else high
    if (ratio < bound) == (mending is Mending.PAD):
        return height * bound, height
    return width, width / bound


def _scale(width: float, height: float, limits: FileLimits) -> float:
    short, long = sorted((width, height))
    scale = 1.0
    if least := limits.least_sides:
        scale = max(scale, min(MOST_UPSCALED, max(least[0] / short, least[1] / long)))
    if most := limits.greatest_sides:
        scale = min(scale, most[0] / short, most[1] / long)
    if advised := limits.advised_sides:
        scale = min(scale, advised[0] / short, advised[1] / long)
    if limits.width:
        scale = min(scale, limits.width / width)
    if limits.height:
        scale = min(scale, limits.height / height)
    return scale


def _whole(width: float, height: float, limits: FileLimits, step: int) -> tuple[int, int]:
    """The size in whole steps that keeps the ratio's span, and is nearest to what is given."""
    low, high = limits.ratio or (0.0, float("inf"))
    across = [max(step, cut(width / step) * step) for cut in (round, floor, ceil)]
    down = [max(step, cut(height / step) * step) for cut in (round, floor, ceil)]
    sizes = [(w, h) for w in across for h in down]

    def misfit(size: tuple[int, int]) -> tuple[bool, bool, float]:
        w, h = size
        short, long = sorted(size)
        most = limits.greatest_sides or limits.advised_sides or (short, long)
        least = limits.least_sides or (0, 0)
        outside = short > most[0] or long > most[1]
        outside = outside or w > (limits.width or w) or h > (limits.height or h)
        # Sides that were scaled up to the least ones must not be cut below them.
        below = width * height >= least[0] * least[1] and (short < least[0] or long < least[1])
        return (
            outside or below,
            not round(low, 2) <= round(w / h, 2) <= round(high, 2),
            abs(w - width) + abs(h - height),
        )

    return min(sizes, key=misfit)


def _centred(inner: tuple[int, int], outer: tuple[int, int], step: int) -> Rectangle:
    left, top = ((out - side) // 2 // step * step for side, out in zip(inner, outer, strict=True))
    return left, top, *inner
