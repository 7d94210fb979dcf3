"""How many cases a run tries, and the texts that every surface is tried with."""

import os
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("SOMOS_FUZZ_CASES", "100"))
"""Cases for each surface: few with every change, ten thousand with `make fuzz`."""

LONGEST_CASE = timedelta(seconds=30)
"""No single case takes longer, even on a machine that is busy; most take milliseconds."""


def fuzzed(share: int = 1) -> settings:
    """The settings of a test that is one of `share` tests of a surface."""
    return settings(
        max_examples=max(2, -(-CASES // share)),
        deadline=LONGEST_CASE,
        suppress_health_check=list(HealthCheck),
    )


HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "\x1b]8;;https://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x9b31m",
    "\x9d0;owned\x9c",
    "\u202egpj.exe",
    "\u2066x\u2069",
    "\u200bzero\u200bwidth",
    "\u2028line\u2029",
    "bell\x07 back\x08\x08\x08 delete\x7f",
    "one\rtwo",
    "one\ntwo\tthree",
    "\x00",
    "\ufeffmark\ufffe\uffff",
    "[red]no[/red] [link=https://evil.example]x[/link] :smiley:",
    "👩🏽\u200d🚀 👨\u200d👩\u200d👧 🏳️\u200d🌈",
    "e" + "\u0301\u0323" * 500,
    "${HOME} $(id) `id` %s {0} {{7*7}}",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "' OR 1=1; --",
    "",
    " ",
    ".",
    "..",
    "-",
    "a" * 300,
    "a" * 3000,
)
"""Texts that steer a terminal, leave a folder, break a format or are merely odd."""

LONE = ("\ud800", "a\udfffb", "\udc1b[31m")
"""Halves of characters: JSON and file names can hold them, UTF-8 cannot."""


def texts(*, lone: bool = False) -> st.SearchStrategy[str]:
    """Hostile texts, mixed with plain ones; `lone` adds halves of characters."""
    odd = st.sampled_from(HOSTILE + (LONE if lone else ()))
    whole = st.characters(codec="utf-8")
    plain = st.text(st.characters() if lone else whole, max_size=20)
    return st.one_of(odd, plain, st.builds("{}{}".format, odd, plain))


def mutated(data: bytes, *, most: int = 8) -> st.SearchStrategy[bytes]:
    """`data` with some bytes changed, doubled or taken away, or cut off."""
    steps = st.lists(
        st.tuples(
            st.sampled_from(("set", "insert", "delete", "double", "cut", "number")),
            st.integers(0, max(0, len(data) - 1)),
            st.binary(min_size=1, max_size=8),
        ),
        min_size=1,
        max_size=most,
    )
    return steps.map(lambda found: _applied(data, found))


_NUMBERS = tuple(
    bytes.fromhex(it) for it in ("00000000", "7fffffff", "80000000", "ffffffff", "0000ffff")
)


def _applied(data: bytes, steps: Any) -> bytes:
    for kind, at, some in steps:
        match kind:
            case "set":
                data = data[:at] + some + data[at + len(some) :]
            case "insert":
                data = data[:at] + some + data[at:]
            case "delete":
                data = data[:at] + data[at + len(some) * 4 :]
            case "double":
                data = data[: at + 64] + data[at:]
            case "cut":
                data = data[:at]
            case _:
                number = _NUMBERS[some[0] % len(_NUMBERS)]
                data = data[:at] + number + data[at + 4 :]
    return data
