"""Tells by its bytes whether a file is still the one that was approved."""

import hashlib
from pathlib import Path

from somos_social.document import Report, Unfit
from somos_social.errors import InvalidFiles
from somos_social.media.locating import locate


def fingerprint(root: Path, path: str) -> str:
    """The SHA-256 of an asset's bytes now, in hexadecimal; raises InvalidFiles when it is gone."""
    report = Report(str(root / path))
    try:
        with locate(root, path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except OSError as error:
        report.add("", f"cannot be read: {error.strerror}.")
    raise InvalidFiles(report.problems)
