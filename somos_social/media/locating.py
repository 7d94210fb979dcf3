"""Finds the file that an asset's path names, and never one outside of the media folder."""

import stat
from pathlib import Path, PurePosixPath

from somos_social.document import Unfit, near


def locate(root: Path, path: str) -> Path:
    """The regular file that an asset's path names; raises Unfit where it is not one of the root's.

    Neither `..` nor a link leads out of the root.
    """
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path:
        raise Unfit("is not the name of a file.")
    if "\\" in path:
        raise Unfit(f"`{path}` is written with backslashes.", "Use /, on every system.")
    if parts[0] == "/" or ".." in parts:
        raise Unfit(f"`{path}` leads out of the media folder.", f"Name a file below {root}.")
    file = root.joinpath(*parts)
    try:
        if not root.is_dir():
            raise Unfit(f"the media folder {root} does not exist.", "Set [media] root.")
        if leads_out(root, file):
            raise Unfit(f"`{path}` is a link that leads out of the media folder.", "Copy the file.")
        if not file.exists():
            beside = file.parent.iterdir() if file.parent.is_dir() else ()
            names = [other.relative_to(root).as_posix() for other in beside]
            hint = near(path, names) or f"Put it into {root}, or correct the path."
            raise Unfit(f"`{path}` is not in the media folder.", hint)
        if not stat.S_ISREG(file.stat().st_mode):
            raise Unfit(f"`{path}` is not a regular file.", "Name a picture or a video.")
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        raise Unfit(f"`{path}` cannot be opened: {reason}.") from None
    return file


def leads_out(root: Path, file: Path) -> bool:
    """Whether links lead a file out of the folder; raises OSError or RuntimeError on a circle."""
    return not file.resolve().is_relative_to(root.resolve())
