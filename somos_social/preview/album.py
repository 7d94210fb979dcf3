"""The pictures of a page that holds them itself, each as large as all of them have room."""

import base64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from somos_social import media
from somos_social.core.model.asset import Asset
from somos_social.core.model.delivery import Delivery
from somos_social.errors import InvalidFiles, Problem
from somos_social.media import Progress
from somos_social.preview.looks import Medium


class Size(NamedTuple):
    """How a picture is drawn: pixels of its longer side, and JPEG quality."""

    most: int
    quality: int


SIZES = (Size(900, 80), Size(640, 74), Size(480, 68), Size(320, 60))
"""The first of them at which all pictures have room is taken."""


class Album:
    """Pictures as `data:` addresses, none larger and all together no longer than allowed.

    Those that have no room even at the least size are left out, the last ones first.
    """

    def __init__(
        self,
        root: Path,
        found: Iterable[Delivery],
        *,
        most_bytes: int,
        progress: Progress = lambda *_: None,
    ) -> None:
        """Raises InvalidFiles with all files that cannot be shown."""
        shown = [asset for delivery in found for asset in delivery.variant.files]
        self._often = Counter(media.path_of(asset) for asset in shown)
        unique = {media.path_of(asset): asset for asset in shown}
        for self.size in SIZES:
            drawn = _drawn(root, unique, self.size, progress)
            if self._room_of(drawn) <= most_bytes:
                break
        self._pictures = dict(self._that_fit(drawn, most_bytes))
        self.left_out = len(drawn) - len(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def shows(self, _delivery: Delivery, asset: Asset) -> Medium:
        """The asset with its picture, where it found room."""
        return Medium(asset=asset.rendition, picture=self._pictures.get(media.path_of(asset), ""))

    def _room_of(self, drawn: Mapping[str, str]) -> int:
        return sum(len(address) * self._often[path] for path, address in drawn.items())

    def _that_fit(self, drawn: Mapping[str, str], room: int) -> Iterator[tuple[str, str]]:
        for path, address in drawn.items():
            room -= len(address) * self._often[path]
            if room < 0:
                return
            yield path, address


def _drawn(
    root: Path, assets: Mapping[str, Asset], size: Size, progress: Progress
) -> dict[str, str]:
    drawn: dict[str, str] = {}
    problems: list[Problem] = []
    for number, (path, asset) in enumerate(assets.items(), start=1):
        try:
            still = media.still(root, asset, most=size.most, quality=size.quality)
        except InvalidFiles as invalid:
            problems += invalid.problems
            continue
        drawn[path] = f"data:image/jpeg;base64,{base64.b64encode(still.content).decode()}"
        progress(f"pictures of {size.most} pixels", number, len(assets))
    if problems:
        raise InvalidFiles(problems)
    return drawn
