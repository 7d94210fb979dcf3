"""What is found where somebody looks whether all is in place: one line each, with what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is, from the best to the worst."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that was looked at: what about, how it stands, and the command that mends it.

    `is_invalid` says that it is a file or the config that is wrong, and nothing else.
    """

    about: str
    level: Level
    told: str
    mend: str = ""
    is_invalid: bool = False


def ok(about: str, told: str) -> Found:
    return Found(about=about, level=Level.OK, told=told)


def warning(about: str, told: str, mend: str) -> Found:
    return Found(about=about, level=Level.WARNING, told=told, mend=mend)


def problem(about: str, told: str, mend: str, *, is_invalid: bool = False) -> Found:
    return Found(about=about, level=Level.PROBLEM, told=told, mend=mend, is_invalid=is_invalid)


def worst(found: Iterable[Found]) -> Level:
    """The level of all together."""
    levels = {it.level for it in found}
    return next((it for it in reversed(Level) if it in levels), Level.OK)
