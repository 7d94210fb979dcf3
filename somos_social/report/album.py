"""The small pictures of a report, drawn anew from pixels; of what changed since there is none."""

from dataclasses import replace
from pathlib import Path

from somos_social import media
from somos_social.core.model.asset import Asset
from somos_social.errors import InvalidFiles

PIXELS = 160
QUALITY = 70
MOST = 100
"""So many are drawn, of what went out last: with more, a report is slow and cannot be mailed."""


class Pictures:
    """Those of one media folder. Nothing outside of it is ever opened."""

    def __init__(self, root: Path, *, most: int = MOST) -> None:
        self._root = root
        self._most = most
        self._drawn: dict[str, bytes] = {}
        self.left_out = 0

    def draw(self, assets: list[Asset]) -> None:
        """Draws the last of them, as many as there is room for."""
        unique = list({media.path_of(it): it for it in assets}.values())
        self.left_out = max(len(unique) - self._most, 0)
        for asset in unique[-self._most :]:
            self._drawn[media.path_of(asset)] = self._still(asset)

    def of(self, asset: Asset | None) -> bytes:
        """A JPEG; empty where there is none."""
        return self._drawn.get(media.path_of(asset), b"") if asset else b""

    def _still(self, asset: Asset) -> bytes:
        try:
            shown = self._as_it_went_out(asset)
            if shown is None:
                return b""
            return media.still(self._root, shown, most=PIXELS, quality=QUALITY).content
        except InvalidFiles:
            return b""

    def _as_it_went_out(self, asset: Asset) -> Asset | None:
        """What was made of it, else the file itself; None where that is another one by now."""
        if asset.fit and media.is_made(self._root, asset):
            return asset
        is_the_same = media.fingerprint(self._root, asset.path) == asset.sha256
        return replace(asset, fit=None) if is_the_same else None
