"""What is done to assets so that networks take them, in words and as bars."""

from collections.abc import Iterable

from somos_social.core.figures import TRAITS
from somos_social.core.model.asset import Asset, Fit, Kind, Trait
from somos_social.core.model.delivery import Delivery

_DONE = {
    Trait.TURNED: "turned upright",
    Trait.CMYK: "in colours for screens",
    Trait.INDEX_LAST: "with its index in front",
    Trait.INTERLACED: "with whole frames",
    Trait.OBLONG: "with square pixels",
    Trait.DEEP: "with 8 bits a colour",
    Trait.CHROMA: "with chroma 4:2:0",
    Trait.SURROUND: "in stereo",
    Trait.FAST_SOUND: "with sound at 48 kHz",
}
"""What becomes of traits that are not merely left out."""

_MIMES = {"image/jpeg": "JPEG", "video/mp4": "MP4"}


def notes(wanted: Iterable[Delivery]) -> list[str]:
    """One line for each asset and what is done to it, with the networks for which it is done."""
    lines: dict[tuple[str, str], list[str]] = {}
    for delivery in wanted:
        for asset in delivery.variant.files:
            if asset.fit:
                networks = lines.setdefault((asset.path, in_words(asset, asset.fit)), [])
                networks.append(delivery.platform)
    return [
        f"{path}: for {_listed(dict.fromkeys(networks))}, {done}"
        for (path, done), networks in lines.items()
    ]


def in_words(asset: Asset, fit: Fit) -> str:
    """What is done to an asset, such as "as JPEG 1080 x 1350, padded with #ffffff"."""
    parts = [] if fit.frame is None else [f"its frame at {fit.frame:g} s"]
    is_whole = fit.keeps_picture and (fit.keeps_sound or not asset.audio_codec)
    if not is_whole or asset.mime != fit.mime:
        parts.append(f"as {_MIMES.get(fit.mime, fit.mime)} {fit.width} x {fit.height}")
    if asset.kind is Kind.VIDEO and fit.frame is None and not is_whole:
        parts.append(_of_streams(asset, fit))
    if fit.window:
        left, top, width, height = fit.window
        parts.append(f"cropped to {width} x {height} from {left}, {top}")
    if fit.place:
        parts.append(f"padded with {fit.background}")
    elif fit.background:
        parts.append(f"on {fit.background}")
    if fit.fps:
        parts.append(f"at {fit.fps:.4g} frames a second")
    parts += [_DONE[trait] for trait in fit.without if trait in _DONE]
    if private := [TRAITS[trait] for trait in fit.without if trait not in _DONE]:
        parts.append(f"without its {_listed(private)}")
    return ", ".join(parts)


def _of_streams(asset: Asset, fit: Fit) -> str:
    made = [
        name
        for name, is_made in (
            ("H.264", not fit.keeps_picture),
            ("AAC", bool(asset.audio_codec) and not fit.keeps_sound),
        )
        if is_made
    ]
    return f"in {_listed(made)}"


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
