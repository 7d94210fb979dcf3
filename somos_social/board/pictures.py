"""The pictures and films that the board shows: only what a delivery names, only if unchanged."""

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from somos_social import media
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles
from somos_social.preview import Medium

PIXELS = 1080
QUALITY = 82
KEPT = 96
"""So many pictures stay in memory, as they were drawn last: about 150 kB each."""

FILMS = frozenset({"video/mp4", "video/quicktime", "video/webm", "video/mp2t", "image/gif"})
"""Media types that are sent to a browser as they are; of all else only a picture is."""


class Pictures:
    """Those of one media folder. Nothing outside of it is ever opened."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._fingerprint = lru_cache(maxsize=4096)(self._fingerprint_of)
        self._still = lru_cache(maxsize=KEPT)(self._drawn)

    def shows(self, delivery: Delivery, asset: Asset) -> Medium:
        """The addresses at which the asset is seen; none where it changed since, or is gone."""
        name = name_of(asset)
        at = f"/media/{quote(delivery.campaign)}/{quote(delivery.post)}/{name}"
        is_there = self.is_unchanged(asset)
        moves = is_there and asset.kind is not Kind.IMAGE and asset.rendition.mime in FILMS
        return Medium(
            asset=asset.rendition,
            picture=f"{at}.jpg" if is_there else "",
            moving=f"{at}.film" if moves else "",
        )

    def is_unchanged(self, asset: Asset) -> bool:
        """Whether what is on the disk is what was scheduled, or what was made of it."""
        if asset.fit and media.is_made(self._root, asset):
            return True
        try:
            file = media.locate(self._root, asset.path)
            stat = file.stat()
        except (OSError, Unfit):
            return False
        return self._fingerprint(asset.path, stat.st_mtime_ns, stat.st_size) == asset.sha256

    def still(self, asset: Asset) -> bytes:
        """A JPEG of it, drawn anew. Raises InvalidFiles."""
        return self._still(self._as_shown(asset))

    def film(self, asset: Asset) -> tuple[Path, str]:
        """The file itself, and its media type. Raises InvalidFiles, Unfit."""
        shown = self._as_shown(asset)
        mime = shown.rendition.mime
        return media.locate(self._root, media.path_of(shown)), mime

    def _as_shown(self, asset: Asset) -> Asset:
        """As it goes out; of a film that is yet to be made fit, which takes long, the source."""
        if media.is_made(self._root, asset):
            return asset
        if asset.kind is Kind.IMAGE:
            media.rendition(self._root, asset)
            return asset
        return replace(asset, fit=None)

    def _drawn(self, asset: Asset) -> bytes:
        return media.still(self._root, asset, most=PIXELS, quality=QUALITY).content

    def _fingerprint_of(self, path: str, _changed: int, _size: int) -> str:
        try:
            return media.fingerprint(self._root, path)
        except InvalidFiles:
            return ""


def name_of(asset: Asset) -> str:
    """By its content and what is done to it, so that a changed file has another address."""
    told = f"{asset.sha256} {asset.cover} {media.path_of(asset)}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
