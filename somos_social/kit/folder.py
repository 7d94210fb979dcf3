"""Writes a kit: a folder that appears whole, its fingerprints, and the same as a zip.

The same kit is the same bytes whenever it is made, so that two zips can be compared. All of it is
readable by its owner alone until they hand it over.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from somos_social.errors import InvalidFiles, Problem
from somos_social.kit.html import as_html
from somos_social.kit.pages import Kit, caption_of, page_of
from somos_social.kit.pdf import as_pdf
from somos_social.kit.plain import as_text
from somos_social.whole_file import replacing, to_disk

SUMS = "SHA256SUMS"

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell."""

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Where a kit was written, the fingerprint of the zip, and the names of its files."""

    folder: Path
    zip: Path
    sha256: str
    files: tuple[str, ...]


def zip_of(folder: Path) -> Path:
    """Where the zip of a kit lies that is written to this folder."""
    return folder.with_name(f"{folder.name}.zip")


def is_kit(folder: Path) -> bool:
    """Whether a folder is one that was written here, and so may be replaced."""
    return folder.is_dir() and not folder.is_symlink() and (folder / SUMS).is_file()


def build(kit: Kit, folder: Path) -> Built:
    """Writes the kit to the folder, in place of an earlier one, and the zip beside it.

    Raises OSError, and InvalidFiles where a file is not the one any more that was asked for.
    """
    part = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        sums = {name: _write(part, name, data) for name, data in _files(kit)}
        _check(kit, sums)
        lines = (f"{digest}  {name}\n" for name, digest in sums.items())
        _write(part, SUMS, "".join(lines).encode())
        _put_in_place(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    names = tuple(sorted(it.relative_to(folder).as_posix() for it in _all_files(folder)))
    with replacing(zip_of(folder)) as target:
        _zip(folder, names, target)
    with zip_of(folder).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Built(folder=folder, zip=zip_of(folder), sha256=sha256, files=names)


def _check(kit: Kit, sums: Mapping[str, str]) -> None:
    """What was agreed is what is handed over, byte for byte."""
    changed = [piece for piece in kit.pieces if sums[piece.name] != piece.asset.sha256]
    if changed:
        hint = "Run `somos schedule` on the campaign, then make the kit again."
        problem = "changed since the campaign was scheduled."
        raise InvalidFiles(
            [
                Problem(file=str(piece.source), key="", problem=problem, hint=hint)
                for piece in changed
            ]
        )


def _files(kit: Kit) -> Iterator[tuple[str, bytes | Path]]:
    page = page_of(kit)
    yield "kit.html", as_html(page).encode()
    yield "kit.pdf", as_pdf(page)
    yield "kit.txt", as_text(page).encode()
    for network in kit.handoff.ask.captions:
        if text := caption_of(kit.handoff, network):
            yield f"textos/{network}.txt", f"{text}\n".encode()
    for piece in kit.pieces:
        yield piece.name, piece.source


def _write(root: Path, name: str, data: bytes | Path) -> str:
    """Writes one file for its owner only, and returns its SHA-256."""
    file = root / name
    for folder in reversed(PurePosixPath(name).parents):
        (root / folder).mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as target:
        for block in [data] if isinstance(data, bytes) else _blocks(data):
            digest.update(block)
            target.write(block)
    to_disk(file)
    return digest.hexdigest()


def _blocks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _put_in_place(part: Path, folder: Path) -> None:
    """A kit that stands there is taken away only once the new one is whole."""
    if not folder.exists():
        part.rename(folder)
        return
    old = Path(mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    folder.rename(old / folder.name)
    part.rename(folder)
    shutil.rmtree(old)


def _all_files(folder: Path) -> Iterator[Path]:
    return (it for it in folder.rglob("*") if it.is_file())


def _zip(folder: Path, names: tuple[str, ...], target: Path) -> None:
    with zipfile.ZipFile(target, "w") as packed:
        for name in names:
            about = zipfile.ZipInfo(f"{folder.name}/{name}", _LONG_AGO)
            about.external_attr = 0o600 << 16
            # The same whatever machine wrote it.
            about.create_system = 3
            is_media = name.startswith("medios/")
            about.compress_type = zipfile.ZIP_STORED if is_media else zipfile.ZIP_DEFLATED
            about.file_size = (folder / name).stat().st_size
            with packed.open(about, "w") as entry:
                for block in _blocks(folder / name):
                    entry.write(block)
