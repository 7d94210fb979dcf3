"""The words that people write beside a picture or a video, and what is wrong with them."""

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from os.path import lexists
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from somos_social.core.fitting import Mending
from somos_social.document import (
    Line,
    Prose,
    Report,
    Shape,
    Unfit,
    fitted,
    near,
    read_toml,
    reasons,
)
from somos_social.errors import InvalidFiles, Problem
from somos_social.media import captions
from somos_social.media.locating import leads_out

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _mending(text: str) -> str:
    if text not in list(Mending):
        hint = near(text, list(Mending)) or 'Write "pad" or "crop".'
        raise Unfit("is no way to mend a ratio.", hint)
    return text


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise Unfit("is no colour.", 'Write it as in "#ffffff".')
    return text.lower()


def _second(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise Unfit("must be a second of the video.", "Write it as in 2.5, without quotes.")
    return float(value)


class _Sidecar(Shape):
    alt: Prose = ""
    credit: Prose = ""
    people: list[Line] = Field(default_factory=list)
    shows: list[Annotated[Line, AfterValidator(str.casefold)]] = Field(default_factory=list)
    minors: list[Line] = Field(default_factory=list)
    fit: Annotated[Line, AfterValidator(_mending)] = Mending.PAD.value
    background: Annotated[Line, AfterValidator(_colour)] = "#ffffff"
    cover: Annotated[float, BeforeValidator(_second)] | None = None
    captions: Line = ""
    accept: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """What a sidecar says of the asset, how it is mended, and what the desk is to know of it.

    Nothing where there is none.
    """

    of_asset: dict[str, Any] = field(default_factory=dict)
    of_mending: dict[str, Any] = field(default_factory=dict)
    of_desk: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depicted:
    """Who can be recognised in an asset, what is shown of them, and who of them is no adult."""

    people: frozenset[str]
    shows: frozenset[str]
    minors: frozenset[str]


def read_sidecar(root: Path, file: Path, seconds: float) -> tuple[Words, list[Problem]]:
    """The words beside an asset that lasts so long, and what is wrong with them."""
    report = Report(str(_beside(file)))
    words = _read(root, file, report)
    if words is None:
        return Words(), report.problems
    if words.cover is not None and seconds and words.cover >= seconds:
        hint = "Name an earlier second."
        report.add("cover", f"is after the end of the video, {seconds:.1f} s.", hint)
    of_asset = {
        "alt": words.alt,
        "credit": words.credit,
        "people": tuple(words.people),
        "shows": tuple(words.shows),
        "minors": tuple(words.minors),
        "cover": words.cover if seconds else None,
    }
    of_mending = {"mending": Mending(words.fit), "background": words.background}
    of_desk = {
        "captions": _captions(root, words, report),
        "accepted": reasons(words.accept, report, "accept"),
    }
    return Words(of_asset, of_mending, of_desk), report.problems


def depicted(root: Path, path: str) -> Depicted:
    """Who can be recognised in an asset, and how, as the words beside it say now.

    Raises InvalidFiles where they cannot be read.
    """
    file = root.joinpath(*PurePosixPath(path).parts)
    report = Report(str(_beside(file)))
    words = _read(root, file, report) or _Sidecar()
    if report.problems:
        raise InvalidFiles(report.problems)
    return Depicted(
        people=frozenset(words.people),
        shows=frozenset(words.shows),
        minors=frozenset(words.minors),
    )


def people_named(root: Path) -> set[str]:
    """All who are named beside any file of the folder; what cannot be read names nobody."""
    found: set[str] = set()
    for beside in root.rglob("*.toml"):
        with suppress(OSError, ValueError, RecursionError):
            told = tomllib.loads(beside.read_text(encoding="utf-8-sig")).get("people")
            people = told if isinstance(told, list) else []
            found |= {name for name in people if isinstance(name, str)}
    return found


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.toml")


def _read(root: Path, file: Path, report: Report) -> _Sidecar | None:
    """None where there is none, or none that may be read."""
    beside = _beside(file)
    if not lexists(beside):
        return None
    if _leads_out(root, beside):
        report.add("", "is a link that leads out of the media folder.", "Copy the file.")
        return None
    words = fitted(_Sidecar, read_toml(beside, report) or {}, report)
    for place, name in enumerate(words.minors):
        if name not in words.people:
            report.add(f"minors[{place}]", f"`{name}` is not among the people.", "Name both.")
    return words


def _captions(root: Path, words: _Sidecar, report: Report) -> str:
    try:
        return captions.named(root, words.captions) if words.captions else ""
    except Unfit as unfit:
        report.add("captions", unfit.problem, unfit.hint)
        return ""


def _leads_out(root: Path, beside: Path) -> bool:
    try:
        return leads_out(root, beside)
    except (OSError, RuntimeError):
        return False  # Its links lead in a circle, as reading it will tell.
