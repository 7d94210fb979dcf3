"""Whether a config can be worked with: its files, its secrets, and what it leaves unsaid."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from somos_social.core.health import Found, ok, problem, warning
from somos_social.errors import InvalidFiles

if TYPE_CHECKING:
    from somos_social.settings import Secret, Settings


def found(settings: "Settings") -> Iterator[Found]:
    """All but what the database knows."""
    yield _config(settings.source)
    yield from _ids(settings)
    yield from _secrets(settings)
    yield _media(settings.media_root)
    yield from _pictures(settings)
    yield _notify(settings)
    yield from _board(settings)


def _config(source: Path) -> Found:
    if source.stat().st_mode & 0o022:
        told = f"{source} can be changed by others on this machine."
        return problem("config", told, f"`chmod 600 {source}`")
    if source.stat().st_mode & 0o044:
        told = f"{source} can be read by others on this machine."
        return warning("config", told, f"`chmod 600 {source}`")
    return ok("config", f"{source} is sound.")


def _ids(settings: "Settings") -> Iterator[Found]:
    from somos_social.settings.first_config import EXAMPLE_BUCKET, EXAMPLE_IDS

    for channel in settings.channels.values():
        if channel.remote_id and channel.remote_id in EXAMPLE_IDS.values():
            told = f"still has the number of the example, {channel.remote_id}."
            yield problem(channel.name, told, f"Write its own into {settings.source}.")
    if settings.bucket and EXAMPLE_BUCKET.startswith(f"s3://{settings.bucket.name}/"):
        told = "still has the name of the example."
        yield problem("bucket", told, f"Write its own into {settings.source}.")


def _secrets(settings: "Settings") -> Iterator[Found]:
    """Each is read, and none is shown; a key store is asked only where the config names it."""
    every: dict[str, list[Secret]] = {}
    for channel in settings.channels.values():
        every[channel.name] = [*channel.secrets.values()]
    if settings.bucket:
        every["bucket"] = [*settings.bucket.secrets.values()]
    told = [*settings.notify.urls, *([settings.notify.mail] if settings.notify.mail else [])]
    every |= {"notify": told} if told else {}
    every |= {"board": [settings.board.secret]} if settings.board.secret else {}
    for name, references in every.items():
        failed = 0
        for secret in references:
            try:
                secret.reveal()
            except InvalidFiles as invalid:
                failed += 1
                for each in invalid.problems:
                    yield problem(name, f"{each.key} {each.problem}", each.hint)
        if references and not failed:
            yield ok(name, "its secrets are there.")


def _media(root: Path) -> Found:
    if not root.is_dir():
        return problem("media folder", f"{root} is not there.", f"`mkdir -p {root}`")
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        told = f"{root} cannot be written, so nothing can be made fit in it."
        return problem("media folder", told, f"`chmod u+rwx {root}`")
    return ok("media folder", f"{root} is there.")


def _pictures(settings: "Settings") -> Iterator[Found]:
    of_instagram = [it for it in settings.channels if it.startswith("instagram:")]
    if of_instagram and not settings.shows_pictures:
        told = "Instagram has nowhere to fetch pictures from; only videos go out there."
        yield warning("pictures", told, f"Write bucket or public_url into {settings.source}.")


def _notify(settings: "Settings") -> Found:
    if settings.notify.urls:
        return ok("notify", "the desk is told.")
    mend = f'Write [notify] urls = ["env:SOMOS_NOTIFY"] into {settings.source}.'
    return warning("notify", "nobody is told of what is late.", mend)


def _board(settings: "Settings") -> Iterator[Found]:
    from somos_social.store.backup import sqlite_file

    database = sqlite_file(settings.store_url)
    if settings.board.secret is None and database is None:
        mend = 'Write [board] secret = "env:SOMOS_BOARD_SECRET".'
        yield warning("board", "has no secret, so it cannot be served.", mend)
        return
    beside = database and database.with_name(f"{database.name}.board-key")
    for file in (database, beside):
        if file and file.is_file() and file.stat().st_mode & 0o077:
            told = f"{file} can be read by others on this machine."
            yield problem("files", told, f"`chmod 600 {file}`")
