"""Tries every mutant and prints what caught it; ends with 1 if one survives."""

import argparse
import ast
import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.mutants.mutation import Mutant, mutants
from tests.mutants.trial import QUIET, Collected, Trial, forget, hold

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
REMEMBERED = HERE / "caught.json"
"""What caught each mutant last time, to be asked first; whoever is not in it meets all tests."""

POSTGRES = "SOMOS_TEST_DATABASE_URL"
LONGEST = 1200.0

DELIVERY = "tests/core/test_delivery.py"
STORE = "tests/store"
FLOWS = "tests/flows"
LIVES = "tests/core/test_rule_machine.py"
CLEARANCE = "tests/core/test_clearance.py"
NEAR_STORE = tuple(f"tests/store/test_{name}.py" for name in ("claim", "apply", "reading"))
CONCURRENCY = "tests/store/test_concurrency.py"
NEAR_PEOPLE = ("tests/store/test_people.py", "tests/flows/test_approval.py")
NEAR_FLOWS = tuple(f"tests/flows/test_{name}.py" for name in ("work", "mend", "people"))
"""Where most is caught, so that it is caught soon."""

BACKUP = "tests/cli/test_backup.py"
ALL = (DELIVERY, CLEARANCE, STORE, FLOWS, LIVES, BACKUP)

UNBROKEN = "nothing is broken"

Allowed = Mapping[str, Mapping[str, str]]
"""By why it need not be caught: the mutants, each with the reason in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A module whose every rule is broken, the tests that may notice, and what holds no rules."""

    file: str
    tests: tuple[str, ...]
    leave: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


TARGETS = (
    Rules(
        file="somos_social/core/delivery.py",
        tests=(DELIVERY, *NEAR_FLOWS, STORE, FLOWS, LIVES),
        # What is said to people, and a name for types.
        leave=frozenset({"_WAY_OUT", "Event"}),
    ),
    Rules(file="somos_social/core/clearance.py", tests=(CLEARANCE, *NEAR_PEOPLE, STORE, FLOWS)),
    Rules(
        file="somos_social/store/moving.py",
        tests=(
            *NEAR_STORE,
            "tests/flows/test_carrying.py",
            CONCURRENCY,
            *NEAR_FLOWS,
            STORE,
            FLOWS,
            LIVES,
        ),
    ),
    Rules(
        file="somos_social/store/claimable.py",
        tests=(*NEAR_STORE, *NEAR_FLOWS, STORE, FLOWS, LIVES),
    ),
    Rules(
        file="somos_social/store/__init__.py",
        tests=(*NEAR_STORE, CONCURRENCY, *NEAR_FLOWS, STORE, FLOWS, LIVES),
        leave=frozenset({"_put_handoff", "Store.__init__", "Store.close"}),
    ),
    Rules(
        file="somos_social/store/reading.py",
        tests=(*NEAR_STORE, *NEAR_FLOWS, STORE, FLOWS, LIVES),
        only=frozenset(
            {
                "released",
                "Reading.overdue",
                "Reading.abandoned",
                "Reading.doubtful",
                "Reading.next_wake",
                "Reading.next_mend",
                "Reading._earliest",
                "Reading._select",
            }
        ),
    ),
    Rules(
        file="somos_social/store/said.py",
        tests=("tests/store/test_said.py", *NEAR_PEOPLE, *NEAR_STORE, CONCURRENCY, STORE, FLOWS),
        # What a claim goes by; the rest is what pages show.
        only=frozenset(
            {
                "hold_still",
                "of",
                "required_by",
                "newest",
                "vouched",
                "is_told_by",
                "_vouched_consents",
                "is_consent_of",
            }
        ),
    ),
    Rules(
        file="somos_social/store/likenesses.py",
        tests=("tests/store/test_likenesses.py", *NEAR_PEOPLE, *NEAR_FLOWS, STORE, FLOWS),
    ),
    Rules(
        file="somos_social/store/holds.py", tests=(*NEAR_STORE, *NEAR_FLOWS, STORE, FLOWS, LIVES)
    ),
    Rules(
        file="somos_social/flows/recovery.py",
        tests=("tests/flows/test_recovery.py", BACKUP, FLOWS, LIVES),
    ),
    Rules(file="somos_social/flows/recording.py", tests=(*NEAR_FLOWS, FLOWS, LIVES)),
    Rules(file="somos_social/flows/delivery.py", tests=(*NEAR_FLOWS, FLOWS, LIVES)),
    Rules(
        file="somos_social/flows/mending.py",
        tests=("tests/flows/test_mend.py", *NEAR_FLOWS, FLOWS, LIVES),
    ),
    Rules(
        file="somos_social/flows/by_hand.py",
        tests=("tests/flows/test_people.py", "tests/flows/test_removal.py", FLOWS, LIVES),
        # Its hints are words.
        leave=frozenset({"known"}),
    ),
)


ALLOWED = HERE / "equivalent.toml"


@dataclass(kw_only=True)
class Running:
    number: int
    pid: int
    answer: int
    since: float
    folder: Path


def main() -> int:
    asked = _asked()
    allowed = _allowed()
    # Whoever ends it leaves nothing behind either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=_quick_folder()) as folder:
        root = Path(folder)
        _copy_to(root)
        trials = [trial for trial in _trials(root, asked, allowed) if asked.only in _name(trial)]
        if asked.list:
            print(*(_name(trial) for trial in trials), sep="\n")
            return 0
        held = _all_held(trials, asked.j, root, allowed)
    if asked.remember:
        _remember(held)
    return _told(held, allowed, asked, time.monotonic() - began)


def _allowed() -> Allowed:
    groups = tomllib.loads(ALLOWED.read_text())
    return {
        kind: {
            name: group["because"] for group in groups.get(kind, []) for name in group["mutants"]
        }
        for kind in ("equivalent", "postgresql")
    }


def _asked() -> argparse.Namespace:
    asks = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    asks.add_argument("--only", default="", help="those whose name holds this")
    asks.add_argument("--list", action="store_true", help="only name them")
    asks.add_argument("--by", nargs="+", help="let only these tests catch them")
    asks.add_argument("--all", action="store_true", help="try those that break nothing, too")
    asks.add_argument("-j", type=int, default=os.cpu_count() or 1, help="how many at a time")
    asks.add_argument(
        "--out", type=lambda out: Path(out).absolute(), help="write the list as JSON to this file"
    )
    asks.add_argument(
        "--remember", action="store_true", help="keep what caught each, for next time"
    )
    return asks.parse_args()


def _quick_folder() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - never awaits a disk


def _copy_to(root: Path) -> None:
    """What is tried does not change while someone works on it."""
    for name in ("somos_social", "tests"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "tmp").mkdir()
    os.chdir(root)
    sys.path.insert(0, str(root))


def _trials(root: Path, asked: argparse.Namespace, allowed: Allowed) -> Iterator[Trial]:
    first = json.loads(REMEMBERED.read_text()) if REMEMBERED.exists() else {}
    if not asked.only or asked.only == UNBROKEN:
        yield _trial(TARGETS[0], root, ast.Module([], []), None, ALL)
    for rules in TARGETS:
        tree = ast.parse((root / rules.file).read_text())
        for mutant in mutants(rules.file, tree, rules.leave):
            if not rules.only or mutant.where in rules.only:
                likely = (first[mutant.name],) if mutant.name in first else ()
                trial = _trial(rules, root, tree, mutant, (*likely, *(asked.by or rules.tests)))
                yield replace(
                    trial,
                    needs_postgresql=mutant.name in allowed["postgresql"],
                    needs_no_test=mutant.name in allowed["equivalent"] and not asked.all,
                )


def _trial(
    rules: Rules, root: Path, tree: ast.Module, mutant: Mutant | None, tests: tuple[str, ...]
) -> Trial:
    path = root / rules.file
    return Trial(
        mutant=mutant,
        tree=tree,
        module=rules.module,
        path=path,
        tests=tests,
        leave=rules.leave,
    )


def _all_held(
    trials: Sequence[Trial], at_a_time: int, root: Path, allowed: Allowed
) -> list[tuple[Trial, str | None]]:
    """Prints and returns what caught each, in the order of the source."""
    held: list[tuple[Trial, str | None]] = []

    def hold_all(items: Sequence[pytest.Item]) -> None:
        for trial, caught_by in _held(trials, at_a_time, root, collected, items):
            print(_line(trial, caught_by, allowed), flush=True)
            held.append((trial, caught_by))

    collected = Collected(hold_all)
    forget("somos_social", "tests")
    pytest.main([*QUIET, *ALL], plugins=[collected])
    return held


def _held(
    trials: Sequence[Trial],
    at_a_time: int,
    root: Path,
    collected: Collected,
    items: Sequence[pytest.Item],
) -> Iterator[tuple[Trial, str | None]]:
    found: dict[int, str | None] = {}
    running: list[Running] = []
    waiting = list(enumerate(trials))[::-1]
    told = 0
    gc.freeze()
    try:
        while told < len(trials):
            while waiting and len(running) < at_a_time:
                number, trial = waiting.pop()
                if trial.needs_no_test:
                    found[number] = None
                    continue
                running.append(_begin(number, trial, root, collected, items))
            for ended in [one for one in running if _has_ended(one)]:
                running.remove(ended)
                found[ended.number] = _verdict(ended)
            while told in found:
                yield trials[told], found[told]
                told += 1
            if running:
                select.select([one.answer for one in running], [], [], 1.0)
    finally:
        for one in running:
            os.killpg(one.pid, signal.SIGKILL)


def _begin(
    number: int,
    trial: Trial,
    root: Path,
    collected: Collected,
    items: Sequence[pytest.Item],
) -> Running:
    answer, theirs = os.pipe()
    folder = root / "tmp" / str(number)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if not trial.needs_postgresql:
            os.environ.pop(POSTGRES, None)
        hold(trial, collected, items, folder, theirs)
    os.close(theirs)
    return Running(number=number, pid=pid, answer=answer, since=time.monotonic(), folder=folder)


def _has_ended(one: Running) -> bool:
    if time.monotonic() - one.since > LONGEST:
        os.killpg(one.pid, signal.SIGKILL)
        return True
    return bool(select.select([one.answer], [], [], 0)[0])


def _verdict(ended: Running) -> str | None:
    answer = os.read(ended.answer, 65536)
    os.close(ended.answer)
    os.waitpid(ended.pid, 0)
    # They lie in memory, and hundreds of them would fill it.
    shutil.rmtree(ended.folder, ignore_errors=True)
    verdict = json.loads(answer) if answer else {"caught_by": "the end of its process"}
    if "failed" in verdict:
        # Nothing was shown, so it counts as a survivor.
        print(f"The trial itself failed: {verdict['failed']}", file=sys.stderr)
        return None
    caught_by: str | None = verdict["caught_by"]
    return caught_by


Held = Sequence[tuple[Trial, str | None]]


def _name(trial: Trial) -> str:
    return trial.mutant.name if trial.mutant else UNBROKEN


def _line(trial: Trial, caught_by: str | None, allowed: Allowed) -> str:
    return f"{_place(trial)} | {_outcome(trial, caught_by, allowed)}"


def _place(trial: Trial) -> str:
    mutant = trial.mutant
    return f"{mutant.file}:{mutant.line} {mutant.where}: {mutant.says}" if mutant else UNBROKEN


def _outcome(trial: Trial, caught_by: str | None, allowed: Allowed) -> str:
    if caught_by:
        return caught_by
    if trial.mutant is None:
        return "no test fails, as it should be"
    if _name(trial) in allowed["equivalent"]:
        return f"breaks nothing: {allowed['equivalent'][_name(trial)]}"
    if _name(trial) in allowed["postgresql"] and POSTGRES not in os.environ:
        return f"needs PostgreSQL to be caught: {allowed['postgresql'][_name(trial)]}"
    return "SURVIVED"


def _remember(held: Held) -> None:
    known = json.loads(REMEMBERED.read_text()) if REMEMBERED.exists() else {}
    for trial, caught_by in held:
        if trial.mutant and caught_by and "::" in caught_by:
            known[_name(trial)] = caught_by.partition(" (time limit)")[0]
    REMEMBERED.write_text(json.dumps(known, indent=0, sort_keys=True, ensure_ascii=False) + "\n")


def _told(held: Held, allowed: Allowed, asked: argparse.Namespace, seconds: float) -> int:
    """The sum of it, and the exit code."""
    lines = [(trial, caught_by, _outcome(trial, caught_by, allowed)) for trial, caught_by in held]
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(
            json.dumps(
                [
                    {"mutant": _place(trial), "caught_by": caught_by, "outcome": outcome}
                    for trial, caught_by, outcome in lines
                ],
                indent=1,
                ensure_ascii=False,
            )
        )
    tried = [line for line in lines if line[0].mutant]
    wrong = [_place(trial) for trial, _, outcome in tried if outcome == "SURVIVED"]
    wrong += [f"{UNBROKEN}, and yet: {by}" for trial, by, _ in lines if not trial.mutant and by]
    wrong += _stale(tried, allowed, asked.only)
    caught = sum(1 for _, by, _ in tried if by)
    print(f"\n{len(tried)} mutants, {caught} caught, in {seconds:.0f} seconds.")
    for line in wrong:
        print(f"- {line}")
    return 1 if wrong else 0


def _stale(
    tried: Sequence[tuple[Trial, str | None, str]], allowed: Allowed, only: str
) -> list[str]:
    """What is allowed and is no mutant any more, or is caught after all."""
    caught = {_name(trial): by for trial, by, _ in tried}
    return [
        f"{ALLOWED.name} speaks of what is no mutant any more: {name}"
        for reasons in allowed.values()
        for name in reasons
        if only in name and name not in caught
    ] + [
        f"{ALLOWED.name} calls harmless what is caught by {caught[name]}: {name}"
        for name in allowed["equivalent"]
        if caught.get(name)
    ]


if __name__ == "__main__":
    sys.exit(main())
