"""A stretch of a media file that reads itself out to the network and says how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from somos_social.core.events import Blocked
from somos_social.core.model.asset import Asset
from somos_social.platforms import Progress, Unfulfilled

_BLOCK = 1024 * 1024


class Outgoing:
    """Bytes [start, end) of a file as requests reads them: `len` is what is yet to come."""

    def __init__(
        self, file: BinaryIO, asset: Asset, start: int, end: int, progress: Progress
    ) -> None:
        file.seek(start)
        self._file = file
        self._at = start
        self._end = end
        self._asset = asset
        self._progress = progress

    @property
    def name(self) -> str:
        """A name for the form field: plain ASCII, ending as the file does."""
        return f"{self._asset.sha256[:16]}{PurePosixPath(self._asset.path).suffix}"

    @property
    def mime(self) -> str:
        return self._asset.mime

    @property
    def len(self) -> int:
        return self._end - self._at

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        wanted = self.len if size < 0 else min(size, self.len)
        block = self._file.read(wanted)
        if len(block) < wanted:
            raise Unfulfilled(Blocked(f"{self._asset.path} became shorter while it was sent."))
        before, self._at = self._at, self._at + len(block)
        # Once a megabyte is often enough for eyes, and does not slow a large file down.
        if block and (self._at == self._end or before // _BLOCK != self._at // _BLOCK):
            self._progress(self._asset.path, self._at, self._asset.size)
        return block


@contextmanager
def outgoing(
    root: Path, asset: Asset, progress: Progress, *, start: int = 0, end: int | None = None
) -> Iterator[Outgoing]:
    """`asset` opened for sending, whole or a stretch of it in bytes.

    Raises Unfulfilled with Blocked when the file is not there or not as it was measured.
    """
    trouble = None
    try:
        file = (root / asset.path).open("rb")
    except OSError as error:
        trouble = f"{asset.path} cannot be read: {error.strerror}."
    if trouble is not None:
        raise Unfulfilled(Blocked(trouble))
    with file:
        if file.seek(0, 2) != asset.size:
            raise Unfulfilled(Blocked(f"{asset.path} has changed since it was checked."))
        yield Outgoing(file, asset, start, asset.size if end is None else end, progress)
