"""A small picture of a picture, to be shown beside its name; of a video there is none."""

from io import BytesIO
from pathlib import Path

from somos_social.core.model.asset import Asset, Kind
from somos_social.media.memory import bounded_memory

SIDE = 360
"""Pixels of the longer side."""


def preview(file: Path, asset: Asset) -> bytes:
    """A JPEG without anything private, the same for the same file; empty where there is none."""
    if asset.kind is Kind.VIDEO:
        return b""
    from PIL import Image

    made = BytesIO()
    try:
        with bounded_memory(), Image.open(file) as opened:
            opened.draft("RGB", (SIDE, SIDE))
            opened.thumbnail((SIDE, SIDE))
            flat = Image.new("RGB", opened.size, "white")
            seen = opened.convert("RGBA")
            flat.paste(seen, mask=seen)
            flat.save(made, "JPEG", quality=80)
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, the page goes without it
        return b""
    return made.getvalue()
