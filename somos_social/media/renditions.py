"""What is made of assets for a network: once for each content and rule, and kept beside them."""

import hashlib
import json
import os
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from somos_social.core.fitting import PRIVATE
from somos_social.core.model.asset import Asset, Fit, Kind
from somos_social.document import Report, Unfit
from somos_social.errors import InvalidFiles
from somos_social.media.film_making import make_film
from somos_social.media.fingerprints import fingerprint
from somos_social.media.locating import leads_out, locate
from somos_social.media.measuring import measured
from somos_social.media.picture_making import make_picture
from somos_social.media.still_making import make_still

FOLDER = ".fitted"
"""In the media folder, so that Instagram can fetch what lies there, too."""

_ENDINGS = {"image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4"}

_ELSE = "Export it as the network asks for: see `somos channel limits`."

Progress = Callable[[str, int, int], None]
"""Called while a rendition is made: the asset's path, and how much of all is done."""

_A_DAY = 24 * 60 * 60

_making: dict[Path, threading.Lock] = defaultdict(threading.Lock)
"""So that two workers do not make the same; two processes may, and the later one wins."""


def path_of(asset: Asset) -> str:
    """Where the rendition of an asset lies below the media folder, by its content and its rule."""
    if asset.fit is None:
        return asset.path
    rule = [asset.sha256, asset.fit.to_raw()]
    key = hashlib.sha256(json.dumps(rule, separators=(",", ":")).encode()).hexdigest()
    return f"{FOLDER}/{key}.{_ENDINGS.get(asset.fit.mime, 'jpg')}"


def is_made(root: Path, asset: Asset) -> bool:
    """Whether an asset can go out without anything being made."""
    return asset.fit is None or (root / path_of(asset)).is_file()


def rendition(root: Path, asset: Asset, progress: Progress = lambda *_: None) -> Asset:
    """The asset as it goes out: itself, or its rendition, made now where it is not there.

    Raises InvalidFiles where the asset changed since it was measured, or cannot be made fit.
    """
    if asset.fit is None:
        return asset
    report = Report(str(root / asset.path))
    try:
        file = root / path_of(asset)
        with _making[file]:
            return _found(file, asset) or _made(root, file, asset, progress)
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except OSError as error:
        where = error.filename or root / FOLDER
        reason = error.strerror or type(error).__name__
        report.add("", f"cannot be made fit: {where}: {reason}.", "See to that folder.")
    raise InvalidFiles(report.problems)


def sweep(root: Path) -> None:
    """Removes what was begun a day ago or longer and is not finished: its maker was killed."""
    for part in (root / FOLDER).glob("*.part.*"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _A_DAY:
                part.unlink()


def _found(file: Path, asset: Asset) -> Asset | None:
    """The rendition as it lies there, if it is what was asked for."""
    if not file.is_file():
        return None
    try:
        with file.open("rb") as opened:
            facts, traits = measured(opened)
    except Unfit:
        return None
    wanted = asset.rendition
    found = replace(wanted, path=path_of(asset), **facts)
    most = asset.fit and asset.fit.max_bytes
    # A picture that would be too large in bytes is made with fewer pixels.
    height = found.width * wanted.height / wanted.width
    is_smaller = asset.kind is Kind.IMAGE and abs(found.height - height) <= height / 20 + 1
    is_as_wanted = (
        (found.kind, found.mime) == (wanted.kind, wanted.mime)
        and (is_smaller or (found.width, found.height) == (wanted.width, wanted.height))
        and not (most and found.size > most)
        and not traits & PRIVATE
    )
    return found if is_as_wanted else None


def _made(root: Path, file: Path, asset: Asset, progress: Progress) -> Asset:
    source = locate(root, asset.path)
    if fingerprint(root, asset.path) != asset.sha256:
        raise Unfit("changed since it was looked at.", "Run that command again.")
    folder = file.parent
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        # Open to whoever may look into the media folder, whatever the umask of a service is.
        shutil.copymode(root, folder)
    if leads_out(root, folder):
        raise Unfit(f"cannot be made fit: {folder} leads out of the media folder.", "Remove it.")
    with NamedTemporaryFile(dir=folder, suffix=f".part{file.suffix}", delete=False) as target:
        part = Path(target.name)
    try:
        _write(source, asset, part, progress)
        # Readable for whoever reads the asset: Instagram fetches it through a web server.
        shutil.copymode(source, part)
        made = _found(part, asset)
        if made is None:
            raise Unfit("could not be made fit.", _ELSE)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return made


def _write(source: Path, asset: Asset, part: Path, progress: Progress) -> None:
    fit = asset.fit
    if fit is None:
        return
    if fit.frame is not None:
        _make_still(source, fit, part)
    elif asset.kind is Kind.VIDEO:
        whole = max(round(asset.seconds * 1000), 1)

        def seen(second: float) -> None:
            progress(asset.path, min(max(round(second * 1000), 0), whole - 1), whole)

        _make_film(source, fit, part, seen)
    else:
        _make_picture(source, fit, part)
    with part.open("rb") as made:
        os.fsync(made.fileno())
    progress(asset.path, 1, 1)


def _make_film(source: Path, fit: Fit, part: Path, seen: Callable[[float], None]) -> None:
    from av import FFmpegError

    try:
        make_film(source, fit, part, seen)
    except (FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unfit(f"cannot be made fit: {reason}.", _ELSE) from None


def _make_still(source: Path, fit: Fit, part: Path) -> None:
    from av import FFmpegError

    try:
        with part.open("wb") as target:
            make_still(source, fit, target)
    except (FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unfit(f"cannot be made fit: {reason}.", _ELSE) from None


def _make_picture(source: Path, fit: Fit, part: Path) -> None:
    try:
        with source.open("rb") as opened, part.open("wb") as target:
            make_picture(opened, fit, target)
    except Unfit:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # The disk, and not the file.
        raise Unfit(f"cannot be made fit ({type(error).__name__}).", _ELSE) from None
