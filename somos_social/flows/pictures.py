"""Tries, before it is promised, whether Instagram could fetch what it is to show."""

from collections.abc import Iterable
from pathlib import Path

from somos_social import media
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery
from somos_social.platforms.pictures import Pictures


def look(pictures: Pictures, root: Path, wanted: Iterable[Delivery]) -> None:
    """Raises InvalidFiles where a picture that is ready cannot be fetched.

    Tried are the smallest of those that go out as they are and the smallest of those that were made
    fit, which lie in another folder. Where no picture is to be fetched, nobody is asked.
    """
    ready = [asset for asset in _fetched(wanted) if media.is_made(root, asset)]
    as_they_are = [asset for asset in ready if asset.fit is None]
    made_fit = [asset for asset in ready if asset.fit]
    for kind in (as_they_are, made_fit):
        if kind:
            pictures.look(media.rendition(root, min(kind, key=_pixels)))


def _pixels(asset: Asset) -> int:
    return asset.rendition.width * asset.rendition.height


def _fetched(wanted: Iterable[Delivery]) -> Iterable[Asset]:
    for delivery in wanted:
        if delivery.platform == "instagram":
            yield from (asset for asset in delivery.variant.files if asset.kind is not Kind.VIDEO)
