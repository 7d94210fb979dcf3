"""Lays down a folder to begin with: a config, a campaign and a picture, beside what is there."""

import os
from collections.abc import Mapping
from pathlib import Path

from somos_social.errors import SomosError, UsageError
from somos_social.files import first_campaign
from somos_social.files.first_campaign import OTHER_PICTURE, PICTURE, First
from somos_social.settings.first_config import SECRETS_FOLDER, config

OWNER_ONLY = 0o600
EVERYONE = 0o644


def begin(folder: Path, first: First, slug: str) -> list[Path]:
    """The files that were made. Nothing that was there is touched: then none is made.

    Raises UsageError where one of them is there, SomosError where one cannot be written.
    """
    wanted = _files(first, slug)
    there = [name for name in wanted if os.path.lexists(folder / name)]
    if there:
        raise UsageError(
            f"{', '.join(str(folder / name) for name in there)}: there already, and nothing is "
            "replaced. Name another folder, or move them away."
        )
    made: list[Path] = []
    try:
        (folder / SECRETS_FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, (data, mode) in wanted.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
                made.append(path)
                file.write(data)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        where = error.filename or folder
        raise SomosError(f"{where} could not be written: {error.strerror}.") from None
    return made


def _files(first: First, slug: str) -> Mapping[str, tuple[bytes, int]]:
    """What is to be laid down, by its path in the folder: the bytes, and who may read them."""
    from somos_social.media.first_picture import ALT, picture

    texts = {
        "config.toml": (config(first.channels, first.timezone), OWNER_ONLY),
        f"campaigns/{slug}.toml": (first_campaign.campaign(first), EVERYONE),
        ".gitignore": (first_campaign.IGNORED, EVERYONE),
    }
    files = {name: (text.encode(), mode) for name, (text, mode) in texts.items()}
    shown = {path for post in first_campaign.posts(first) for path in post.assets}
    for number, path in enumerate((PICTURE, OTHER_PICTURE)):
        if path in shown:
            files[f"media/{path}"] = (picture(number), EVERYONE)
            files[f"media/{path}.toml"] = (first_campaign.sidecar(ALT).encode(), EVERYONE)
    return files
