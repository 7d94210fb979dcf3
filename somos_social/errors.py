"""Every failure a person is told of, with the exit code it ends in."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in a file or setting: where, what, and what to do about it."""

    file: str
    key: str
    problem: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.problem} {self.hint}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Problem):
    """What a rule of the desk speaks against, and whose rule that is.

    `reason` is why a person accepts it, empty where nobody does.
    """

    rule: str
    source: str
    reason: str = ""


class SomosError(Exception):
    """Something a person can understand and act on. `exit_code` is what the command ends with."""

    exit_code = 1


class UsageError(SomosError):
    """The command was asked for something that does not exist or does not fit together."""

    exit_code = 2


class InvalidFiles(SomosError):
    """Files or the config have problems; all of them are listed, nothing was written.

    `warnings` and `accepted` are what else the desk found; they keep nothing back.
    """

    exit_code = 3

    def __init__(
        self,
        problems: Sequence[Problem],
        *,
        warnings: Sequence[Finding] = (),
        accepted: Sequence[Finding] = (),
    ) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
        self.warnings = tuple(warnings)
        self.accepted = tuple(accepted)


class NotAllowed(SomosError):
    """The move asked for is not one that this delivery may make now."""

    exit_code = 4


class NetworkRefused(SomosError):
    """A network said no, or did not answer, now."""

    exit_code = 5


class NeedsPerson(SomosError):
    """The work is done as far as a program may go; the rest needs a person."""

    exit_code = 6


class StoreError(SomosError):
    """The database cannot be used: missing, locked, full, corrupt or not ours."""

    exit_code = 7
