"""The script of misfortune: which calls are to fail, and in which of the known ways."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

Kind = Literal[
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502",
    "done-then-2207051", "done-then-400", "late",
    "close", "429", "190", "401", "500", "html-502",
    "slow", "truncated", "invalid-json", "no-content-type",
    "container-error", "container-expired", "container-slow", "not-fetched", "lag", "video-error",
    "no-reads", "restricted",
]  # fmt: skip
"""What `done-then-...` names has done its work and hides that; "late" is cut off and done later."""

MIX: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("*", ("slow", "close", "500", "html-502", "429", "401",
           "truncated", "invalid-json", "no-content-type", "lag")),
    ("POST *", ("done-then-close", "done-then-500", "done-then-html-502", "late")),
    ("* /graph*", ("190",)),
    ("POST /graph*", ("done-then-code1", "done-then-2207051")),
    ("POST /graph/*/comments", ("done-then-400",)),
    ("POST /graph/*/feed", ("done-then-400",)),
    ("POST /graph/*/media_publish", ("done-then-400",)),
    ("POST /x/2/tweets", ("done-then-400", "restricted")),
    ("GET /graph/*/published_posts", ("no-reads",)),
    ("GET /graph/*/media", ("no-reads",)),
    ("GET /x/2/users/*/tweets", ("no-reads",)),
    ("POST /graph/*/media", ("container-error", "container-expired", "container-slow",
                             "not-fetched")),
    ("POST /graph*/video*", ("video-error",)),
)  # fmt: skip
"""Which kinds can befall which calls, in an order that never changes."""

TORTURE: tuple[Kind, ...] = (
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502", "close", "429",
    "500", "html-502", "truncated", "invalid-json", "no-content-type",
)  # fmt: skip
"""What `seed` mixes unless told otherwise: all that passes by itself and says nothing for sure."""
BY_THE_CLOCK: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "slow")
"""All that a clock in the caller's hand can make pass."""
THROTTLES = (4, 17, 32, 613)
RESTRICTIONS = {
    63: "User has been suspended.",
    64: "Your account is suspended and is not permitted to access this feature.",
    185: "User is over daily status update limit.",
    226: "This request looks like it might be automated. To protect our users from spam and other "
    "malicious activity, we can't complete this action right now.",
    326: "To protect our users from spam and other malicious activity, this account is temporarily "
    "locked. Please log in to https://x.com to unlock your account.",
}
"""What X says of an account, by its own error numbers (X's page of response codes)."""
DEAD_TOKENS = (None, 458, 459, 460, 463, 464, 467, 492)
LONGEST_SECONDS = 45
"""Of what the mix draws: together far below the three minutes after which a look is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One misfortune for the next `times` calls whose "METHOD /path" matches the pattern `match`.

    "no-reads" is a token, or a plan, that may write and not read; "restricted" an account that is
    locked, suspended or limited, on X by the number `code` of RESTRICTIONS. `code` and `subcode`
    choose the Graph error of "429" and "190", `subcode` also how the container of "container-error"
    ends. "video-error" ends the processing of a video that was accepted. `seconds` is the wait of
    "slow" in real time; the distance of X's reset in "429"; and by the clock how long after its
    call "late" does the work, and how long, after "lag", each new post is missing from listings (0
    ends that). `polls` is how many reads of a container of "container-slow" still say IN_PROGRESS.
    """

    match: str
    kind: Kind
    times: int = 1
    code: int = 4
    subcode: int | None = None
    seconds: float = 60.0
    polls: int = 3


def as_fault(values: dict[str, Any]) -> Fault:
    """A fault from JSON; ValueError where it is none."""
    try:
        fault = Fault(**values)
    except TypeError as error:
        raise ValueError(str(error)) from None
    if fault.kind not in get_args(Kind):
        raise ValueError(f"no such kind: {fault.kind}")
    return fault


@dataclass(slots=True)
class Faults:
    """The script: what is still to go wrong, and in `struck` how often each kind has."""

    script: list[Fault] = field(default_factory=list)
    struck: Counter[Kind] = field(default_factory=Counter)
    _dice: random.Random | None = None
    _rate: float = 0.0
    _kinds: Sequence[Kind] = TORTURE
    _seconds: float | None = None

    def add(self, fault: Fault) -> None:
        """Let one more thing go wrong; faults are taken in the order of their adding."""
        self.script.append(fault)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.script.clear()
        self._dice = None

    def seed(
        self, n: int, rate: float, kinds: Sequence[Kind] = TORTURE, seconds: float | None = None
    ) -> None:
        """From now on let a share `rate` of all calls fail at random, the same for the same `n`.

        Each meets one of those `kinds` that can befall it, for `seconds` where given. ValueError
        where a kind is none.
        """
        if not kinds or not set(kinds) <= set(get_args(Kind)):
            raise ValueError(f"no such kinds: {kinds}")
        self._rate = float(rate)
        self._kinds = tuple(kinds)
        self._seconds = None if seconds is None else float(seconds)
        self._dice = random.Random(n)  # noqa: S311  not a secret, it must repeat

    def take(self, call: str) -> Fault | None:
        """The fault of this call, which is thereby used up once."""
        fault = self._scripted(call) or self._drawn(call)
        if fault is not None:
            self.struck[fault.kind] += 1
        return fault

    def _scripted(self, call: str) -> Fault | None:
        for place, fault in enumerate(self.script):
            if fnmatchcase(call, fault.match):
                if fault.times <= 1:
                    del self.script[place]
                else:
                    self.script[place] = replace(fault, times=fault.times - 1)
                return fault
        return None

    def _drawn(self, call: str) -> Fault | None:
        dice = self._dice
        if dice is None or dice.random() >= self._rate:
            return None
        possible = [kind for kind in befalling(call) if kind in self._kinds]
        if not possible:
            return None
        kind = dice.choice(possible)
        seconds = dice.randint(1, LONGEST_SECONDS)
        return Fault(
            match=call,
            kind=kind,
            code=dice.choice(THROTTLES),
            subcode=dice.choice(DEAD_TOKENS) if kind in {"190", "401"} else None,
            seconds=float(seconds) if self._seconds is None else self._seconds,
            polls=dice.randint(1, 4),
        )


def befalling(call: str) -> list[Kind]:
    """The kinds that can befall a call, "METHOD /path"."""
    return [kind for pattern, kinds in MIX if fnmatchcase(call, pattern) for kind in kinds]
