"""Bytes that arrive go straight to a file of their own, never whole into memory."""

import hashlib
import itertools
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

import requests
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

PIECE = 64 * 1024
FETCH_TIMEOUT = (5.0, 20.0)
"""Seconds to connect and between two reads, when a network fetches a picture itself."""


class NotFetched(Exception):
    """A URL did not give its bytes."""


class TooLarge(Exception):
    """More bytes came than the caller allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that has arrived completely; `size` in bytes."""

    path: Path
    size: int
    sha256: str


class Intake:
    """The directory into which all received media go."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._count = itertools.count(1)

    def new_path(self) -> Path:
        """A path that no file has yet."""
        return self.directory / f"{next(self._count):06d}"

    async def append(self, path: Path, chunks: AsyncIterable[bytes], room: int) -> None:
        """Write `chunks` behind what `path` already holds, piece by piece, at most `room` bytes.

        Raises TooLarge after the last byte that fits; what fitted stays.
        """
        with path.open("ab") as file:
            async for chunk in chunks:
                file.write(chunk[:room])
                file.flush()
                if len(chunk) > room:
                    raise TooLarge
                room -= len(chunk)

    async def keep_upload(self, upload: UploadFile) -> StoredFile:
        """Store one file of a multipart form."""
        path = self.new_path()
        with path.open("wb") as file:
            while piece := await upload.read(PIECE):
                file.write(piece)
        return self.stored(path)

    def keep_bytes(self, data: bytes) -> StoredFile:
        """Store a small piece that is in memory already."""
        path = self.new_path()
        path.write_bytes(data)
        return self.stored(path)

    async def fetch(self, url: str, limit: int) -> StoredFile:
        """Get `url` over HTTP as the network's own fetcher would; NotFetched or TooLarge."""
        return await run_in_threadpool(self._fetch, url, limit)

    def _fetch(self, url: str, limit: int) -> StoredFile:
        path = self.new_path()
        try:
            with (
                requests.Session() as session,
                session.get(url, stream=True, timeout=FETCH_TIMEOUT) as response,
                path.open("wb") as file,
            ):
                response.raise_for_status()
                for piece in response.iter_content(PIECE):
                    file.write(piece)
                    if file.tell() > limit:
                        raise TooLarge
        except (requests.RequestException, ValueError) as error:
            raise NotFetched(str(error)) from error
        return self.stored(path)

    def stored(self, path: Path) -> StoredFile:
        """What a finished file is."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return StoredFile(path=path, size=path.stat().st_size, sha256=digest)

    def join(self, parts: list[Path], path: Path) -> None:
        """Make one file of `parts`, which are removed."""
        with path.open("wb") as whole:
            for part in parts:
                with part.open("rb") as file:
                    while piece := file.read(PIECE):
                        whole.write(piece)
                part.unlink()
