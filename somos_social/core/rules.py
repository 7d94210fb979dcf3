"""Whether a network will take a variant, and if not, everything that speaks against it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from somos_social.core.extras import problems_of_extras
from somos_social.core.limits import LIMITS, MB, MIB, FileLimits, Limits, Span, TextLimits
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Format, Variant
from somos_social.core.tweet_text import cashtags, hashtags, mentions, weighted_length


@dataclass(frozen=True, slots=True)
class Breach:
    """One reason why a network would refuse: the part of the variant, what is wrong, what to do.

    `part` is "text", "format", "assets", or one of them, such as "assets[2]".
    """

    part: str
    problem: str
    hint: str


def problems_of(variant: Variant, platform: str) -> list[Breach]:
    """Every documented rule of the network that the variant breaks; empty when it may go out."""
    limits = LIMITS[platform]
    match variant.format:
        case Format.STORY:
            found = [*_of_story(variant, limits)]
        case Format.COMMENT:
            found = [*_of_emptiness(variant), *_of_text(variant.text, limits.comment, limits.name)]
        case Format.REEL:
            found = [*_of_text(variant.text, limits.text, limits.name), *_of_reel(variant, limits)]
        case Format.FEED:
            found = [
                *_of_emptiness(variant),
                *_of_text(variant.text, limits.text, limits.name),
                *_of_feed(variant, limits),
            ]
    return found + [Breach(*each) for each in problems_of_extras(variant, limits.extras)]


def shown_as(format: Format, assets: Sequence[Asset], platform: str) -> Format:
    """Where assets of a format really appear: an upright video of a Page's feed is a reel."""
    limits = LIMITS[platform]
    if format is Format.FEED and len(assets) == 1 and _is_reel(assets[0], limits):
        return Format.REEL
    return format


def _is_reel(asset: Asset, limits: Limits) -> bool:
    if not (limits.upright_is_reel and limits.reel and asset.kind is Kind.VIDEO):
        return False
    return not any(findings(asset.rendition, limits.reel))


def length(text: str, limits: TextLimits) -> int:
    """How long the network counts a text to be, in the unit of `limits.length`."""
    return weighted_length(text) if limits.weighted else len(text)


def fits(text: str, limits: TextLimits) -> bool:
    """Whether the network takes the text."""
    return next(_of_text(text, limits, ""), None) is None


def _of_emptiness(variant: Variant) -> Iterator[Breach]:
    if not (variant.text or variant.link or variant.assets):
        yield Breach("text", "is empty, and there is nothing else to show.", "Write a text.")


def _of_text(text: str, limits: TextLimits, name: str) -> Iterator[Breach]:
    if _bound(text) > limits.length and (size := length(text, limits)) > limits.length:
        counted = " as X counts them (a link 23, an emoji 2)" if limits.weighted else ""
        yield Breach(
            "text",
            f"has {size} characters{counted}; {name} takes {limits.length}.",
            f"Shorten it by {size - limits.length}, or write {name} a text of its own.",
        )
    counts = (
        ("hashtags", "#＃", limits.hashtags, hashtags),
        ("mentions", "@＠", limits.mentions, mentions),
        ("cashtags", "$", limits.cashtags, cashtags),
    )
    for what, signs, most, found in counts:
        if most is None or sum(map(text.count, signs)) <= most:
            continue  # Most texts need no search.
        if (count := len(found(text))) > most:
            yield Breach("text", f"has {count} {what}; {name} takes {most}.", "Leave some out.")


_HEAVY = re.compile("[^\\u0000-\\u10ff]")
_LINK_LIKE = re.compile(r"\.\S")


def _bound(text: str) -> int:
    """What no network counts more than: as if all that may be a link were one, whatever it holds.

    Counting as X does takes long, and most texts are far from any limit.
    """
    composed = unicodedata.normalize("NFC", text)
    links = 23 * len(_LINK_LIKE.findall(composed))
    return max(len(text), len(composed) + len(_HEAVY.findall(composed)) + links)


def _of_reel(variant: Variant, limits: Limits) -> Iterator[Breach]:
    if limits.reel is None:
        yield Breach("format", f"asks for a reel; {limits.name} has none.", 'Write "feed".')
    elif [asset.kind for asset in variant.assets] != [Kind.VIDEO]:
        yield Breach("assets", "a reel is exactly one video.", 'Or write format = "feed".')
    else:
        yield from _of_file(0, variant.assets[0], limits.reel, limits.name)


def _of_story(variant: Variant, limits: Limits) -> Iterator[Breach]:
    if limits.story is None:
        yield Breach("format", f"asks for a story; {limits.name} has none.", 'Write "feed".')
    elif len(variant.assets) != 1:
        yield Breach("assets", "a story is exactly one picture or video.", "Name one.")
    else:
        (asset,) = variant.assets
        file = file_limits(asset, variant.format, limits, 1)
        yield from _of_file(0, asset, file, limits.name)


def _of_feed(variant: Variant, limits: Limits) -> Iterator[Breach]:
    assets = variant.assets
    if limits.needs_media and not assets:
        yield Breach(
            "assets", f"{limits.name} takes no post without a picture or video.", "Name one."
        )
    alone = {Kind.VIDEO} | ({Kind.GIF} if limits.gif else set())
    if len(assets) > 1 and not limits.mixed and alone & {asset.kind for asset in assets}:
        either = " or ".join(sorted(_CALLED[kind] for kind in alone))
        yield Breach(
            "assets",
            f"{limits.name} takes up to {limits.items} pictures, or one {either} alone.",
            f"Choose, or give {limits.name} assets of its own.",
        )
    elif len(assets) > limits.items:
        yield Breach(
            "assets",
            f"are {len(assets)}; {limits.name} takes {limits.items} in one post.",
            f"Leave some out, or give {limits.name} assets of its own.",
        )
    for place, asset in enumerate(assets):
        yield from _of_file(
            place, asset, file_limits(asset, variant.format, limits, len(assets)), limits.name
        )


def file_limits(asset: Asset, format: Format, limits: Limits, count: int) -> FileLimits:
    """What holds for an asset among `count` in a variant of this format."""
    if format is Format.REEL and limits.reel:
        return limits.reel
    if format is Format.STORY and limits.story and limits.moving_story:
        return limits.moving_story if asset.kind is Kind.VIDEO else limits.story
    match asset.kind:
        case Kind.VIDEO if limits.reel and _is_reel(asset, limits):
            return limits.reel
        case Kind.VIDEO:
            return (limits.beside if count > 1 else None) or limits.video
        case Kind.GIF:
            return limits.gif or limits.image
        case Kind.IMAGE:
            return limits.image


def _of_file(place: int, asset: Asset, limits: FileLimits, name: str) -> Iterator[Breach]:
    """Held against what goes out, but told in the words of what was delivered."""
    delivered = {found.rule: found for found in findings(asset, limits)}
    for left in findings(asset.rendition, limits):
        found = delivered.get(left.rule, left)
        problem = (
            f"`{asset.path}` {found.what}; {name} takes {found.taken} for a {_CALLED[asset.kind]}."
        )
        yield Breach(f"assets[{place}]", problem, found.hint)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an asset is or has against a `rule`, a field of FileLimits; what would be taken."""

    rule: str
    what: str
    taken: str
    hint: str


def findings(asset: Asset, limits: FileLimits) -> Iterator[Finding]:
    """Every figure of these limits that the bytes of an asset, or its words, do not keep."""
    yield from _of_container(asset, limits)
    yield from _of_picture(asset, limits)
    yield from _of_motion(asset, limits)


_CALLED = {Kind.IMAGE: "picture", Kind.GIF: "GIF", Kind.VIDEO: "video"}

FORMATS = {
    "image/jpeg": "JPEG",
    "image/mpo": "MPO (several pictures in one JPEG)",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/heif": "HEIC",
    "image/avif": "AVIF",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "video/mp2t": "MPEG-TS",
}
_INSTEAD = {
    Kind.IMAGE: "Convert it to JPEG.",
    Kind.GIF: "Export it as a video, an MP4 of 3 s or longer: it would not move here.",
    Kind.VIDEO: "Convert it to MP4.",
}
CODECS = {"h264": "H.264", "hevc": "H.265 (HEVC)", "vp9": "VP9", "av1": "AV1", "aac": "AAC"}


def named(values: frozenset[str], names: dict[str, str]) -> str:
    return " or ".join(sorted(names[value] for value in values))


def _of_container(asset: Asset, limits: FileLimits) -> Iterator[Finding]:
    if limits.formats and asset.mime not in limits.formats:
        is_what = f"is {FORMATS.get(asset.mime, asset.mime)}"
        yield Finding("formats", is_what, named(limits.formats, FORMATS), _INSTEAD[asset.kind])
    if limits.max_bytes and asset.size > limits.max_bytes:
        unit, name = unit_of(limits.max_bytes)
        size, taken = f"{asset.size / unit:.1f} {name}", f"{limits.max_bytes // unit} {name}"
        yield Finding("max_bytes", f"has {size}", taken, "Save it smaller.")
    if limits.alt and len(asset.alt) > limits.alt:
        described = f"is described in {len(asset.alt)} characters"
        hint = "Shorten `alt` in the file beside it."
        yield Finding("alt", described, f"{limits.alt}", hint)


def _of_picture(asset: Asset, limits: FileLimits) -> Iterator[Finding]:
    size = f"is {asset.width}x{asset.height} pixels"
    short, long = sorted((asset.width, asset.height))
    ratio = asset.width / asset.height
    if limits.ratio and not _within(ratio, limits.ratio, 2):
        low, high = (f"{bound:.2f}:1" for bound in limits.ratio)
        taken = low if low == high else f"{low} to {high}"
        what = f"{size}, a ratio of {ratio:.2f}:1"
        yield Finding("ratio", what, taken, "Crop it, or fill up its sides.")
    if (least := limits.least_sides) and (short < least[0] or long < least[1]):
        yield Finding("least_sides", size, f"at least {sides(least)}", "Export it larger.")
    if (most := limits.greatest_sides) and (short > most[0] or long > most[1]):
        yield Finding("greatest_sides", size, f"at most {sides(most)}", "Export it smaller.")
    for side in ("width", "height"):
        if (longest := getattr(limits, side)) and getattr(asset, side) > longest:
            yield Finding(side, size, f"a {side} of {longest}", "Export it smaller.")


def unit_of(size: int) -> tuple[int, str]:
    """The unit in which a limit of bytes was written down, and its name."""
    return (MIB, "MiB") if size % MIB == 0 else (MB, "MB")


def sides(sides: tuple[int, int]) -> str:
    return f"{sides[1]}x{sides[0]} (or upright)"


def _of_motion(asset: Asset, limits: FileLimits) -> Iterator[Finding]:
    if limits.seconds and not _lasts(asset.seconds, limits.seconds):
        low, high = limits.seconds
        lasts, taken = f"lasts {round(asset.seconds, 2)} s", f"{low:g} to {high:g} s"
        yield Finding("seconds", lasts, taken, "Cut it to that length.")
    if limits.fps and not _within(asset.fps, limits.fps, 0):
        low, high = limits.fps
        what, taken = f"has {asset.fps:.2f} frames a second", f"{low:g} to {high:g}"
        yield Finding("fps", what, taken, "Export it at 30.")
    for rule, codec, codecs in (
        ("video_codecs", asset.video_codec, limits.video_codecs),
        ("audio_codecs", asset.audio_codec, limits.audio_codecs),
    ):
        if codec and codecs and codec not in codecs:
            yield Finding(
                rule,
                f"holds {CODECS.get(codec, codec)}",
                named(codecs, CODECS),
                "Export it as H.264 with AAC sound.",
            )
    if limits.megabits and (rate := _megabits(asset)) > limits.megabits:
        what, taken = f"has {rate:.1f} megabits a second", f"{limits.megabits:.0f}"
        yield Finding("megabits", what, taken, "Export it smaller.")
    frames = round(asset.seconds * asset.fps)
    if limits.frames and frames > limits.frames:
        yield Finding("frames", f"has {frames} frames", f"{limits.frames}", "Shorten it.")
    if limits.pixels and frames * asset.width * asset.height > limits.pixels:
        total = frames * asset.width * asset.height / 1_000_000
        what = f"has {total:.0f} million pixels in all frames"
        yield Finding("pixels", what, f"{limits.pixels // 1_000_000} million", "Make it smaller.")


def _megabits(asset: Asset) -> float:
    return asset.size * 8 / 1_000_000 / asset.seconds if asset.seconds else 0.0


def _lasts(seconds: float, span: Span) -> bool:
    """Too short by a frame is too short; sound may outlast the picture a little."""
    low, high = span
    return low <= seconds and round(seconds, 1) <= round(high, 1)


def _within(value: float, span: Span, digits: int) -> bool:
    low, high = span
    return round(low, digits) <= round(value, digits) <= round(high, digits)
