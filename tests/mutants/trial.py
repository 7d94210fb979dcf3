"""One mutant's trial in a process of its own: the first test that fails has caught it.

The tests are collected once. Each trial is a fork of that: what is broken inside a function is
broken there in place, and so is a constant; a module whose class is broken is imported anew, and
so are its tests.
"""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NoReturn

import pytest
from hypothesis import Phase, settings

from tests.mutants.mutation import Mutant

CPU_SECONDS = 60
"""For one test; counted in CPU, so that none runs out of it where others keep the machine busy."""

WAITING_SECONDS = 200
"""For one test that waits instead of working."""

MEMORY = 6 * 2**30
FEW_LIVES = 15

QUIET = ("-q", "--disable-warnings", "-s", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist")


class Hangs(BaseException):
    """Not an Exception, so that no code under test takes it for a failure of its own."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A mutant, or None for nothing broken at all, and the tests it meets, first to last."""

    mutant: Mutant | None
    tree: ast.Module
    module: str
    path: Path
    tests: tuple[str, ...]
    leave: Collection[str] = ()
    needs_postgresql: bool = False
    needs_no_test: bool = False


class Collected:
    """Hands the collected tests over instead of running them, and remembers the first failure."""

    def __init__(self, then: Callable[[Sequence[pytest.Item]], None]) -> None:
        self._then = then
        self.caught_by: str | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.be_steady()
        self._then(session.items)
        return True

    @staticmethod
    def be_steady() -> None:
        """After the profiles of conftest.py: a trial must end the same way each time."""
        usual = settings.get_profile("default")
        settings.register_profile(
            "steady",
            usual,
            max_examples=FEW_LIVES,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
        )
        settings.load_profile("steady")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.caught_by:
            hangs = " (time limit)" if "Hangs" in report.longreprtext else ""
            self.caught_by = report.nodeid + hangs

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.caught_by:
            self.caught_by = f"loading {report.nodeid}"

    def run(self, items: Sequence[pytest.Item]) -> str | None:
        """Until the first failure, whose test is returned."""
        for item, following in pairwise([*items, None]):
            if item is None:
                break
            with _limited():
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.caught_by:
                return self.caught_by
        return None


class _limited:  # noqa: N801 - a context manager
    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, CPU_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, WAITING_SECONDS, WAITING_SECONDS)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def hold(
    trial: Trial, collected: Collected, items: Sequence[pytest.Item], folder: Path, answer: int
) -> NoReturn:
    """In a process of its own: writes the name of the test that failed, if any, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, _end_it)
    signal.signal(signal.SIGALRM, _end_it)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device, and its number is needed
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    try:
        verdict = {"caught_by": _held(trial, collected, items, folder)}
    except BaseException as error:  # noqa: BLE001 - this process must end here, and tell
        verdict = {"failed": repr(error)}
    os.write(answer, json.dumps(verdict).encode())
    os._exit(0)


def _end_it(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Hangs


def _held(
    trial: Trial, collected: Collected, items: Sequence[pytest.Item], folder: Path
) -> str | None:
    if trial.mutant:
        trial.mutant.break_it()
        code = compile(ast.fix_missing_locations(trial.tree), str(trial.path), "exec")
        module = sys.modules[trial.module]
        if function := _function(module, trial.mutant.where):
            _put_function(function, code)
        elif isinstance(getattr(module, trial.mutant.where, type), type):
            return _imported_anew(trial, code, folder)
        else:
            _put_constants(module, code, trial.leave)
    _keep_files_in(folder, items[0].config)
    return collected.run(_in_order(items, trial.tests))


def _function(module: ModuleType, where: str) -> FunctionType | None:
    """The outermost function at this place, or None where it is outside of all functions."""
    found: Any = module
    for name in where.split("."):
        found = getattr(found, name, None)
        inner = inspect.unwrap(found) if callable(found) else found
        if isinstance(inner, FunctionType):
            return inner
    return None


def _put_function(function: FunctionType, code: CodeType) -> None:
    """With what it is given where nobody gives anything, which is no part of its code."""
    function.__code__ = _inner(code, function.__qualname__)
    broken = _function(_executed(code), function.__qualname__)
    if broken is None:
        raise LookupError(function.__qualname__)
    if broken.__defaults__ != function.__defaults__:
        function.__defaults__ = broken.__defaults__
    if broken.__kwdefaults__ != function.__kwdefaults__:
        function.__kwdefaults__ = broken.__kwdefaults__


def _inner(code: CodeType, name: str) -> CodeType:
    for inner in _all_inside(code):
        if inner.co_qualname == name:
            return inner
    raise LookupError(name)


def _all_inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _all_inside(constant)


def _executed(code: CodeType) -> ModuleType:
    broken = ModuleType("broken")
    sys.modules[broken.__name__] = broken
    exec(code, vars(broken))  # noqa: S102 - our own code, with one change
    return broken


def _put_constants(module: ModuleType, code: CodeType, leave: Collection[str]) -> None:
    """Those that differ, wherever they are known by their name."""
    broken = _executed(code)
    for name, old in list(vars(module).items()):
        new = getattr(broken, name, old)
        if name.startswith("__") or name in leave or callable(old) or new == old:
            continue
        for known in list(sys.modules.values()):
            if known.__name__.startswith(("somos_social", "tests")) and (
                vars(known).get(name) is old
            ):
                setattr(known, name, new)


def _keep_files_in(folder: Path, config: pytest.Config) -> None:
    """Else all trials would have their files in the one folder that pytest chose."""
    factory: Any = config._tmp_path_factory  # type: ignore[attr-defined]
    factory._given_basetemp, factory._basetemp = folder, None


def _in_order(items: Sequence[pytest.Item], tests: Sequence[str]) -> list[pytest.Item]:
    """Each name stands for one test, or for all of a file or folder; no test comes twice."""
    chosen: dict[str, pytest.Item] = {}
    for test in tests:
        for item in items:
            if item.nodeid == test or item.nodeid.startswith((f"{test}/", f"{test}::")):
                chosen.setdefault(item.nodeid, item)
    return list(chosen.values())


def _imported_anew(trial: Trial, code: CodeType, folder: Path) -> str | None:
    forget("somos_social", "tests")
    sys.meta_path.insert(0, _Broken(trial.module, trial.path, code))
    for test in trial.tests:
        if caught_by := _caught_anew(test, folder):
            return caught_by
    return None


def _caught_anew(test: str, folder: Path) -> str | None:
    file = test.partition("::")[0]
    if not Path(file).exists():
        return None  # it caught this once, and is no more

    def run(items: Sequence[pytest.Item]) -> None:
        collected.run(_in_order(items, [test]))

    collected = Collected(run)
    ended = pytest.main([*QUIET, f"--basetemp={folder}", file], plugins=[collected])
    if collected.caught_by or ended in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return collected.caught_by
    return f"loading {file}"


class _Broken(importlib.abc.MetaPathFinder):
    """Lets one module be imported from broken code."""

    def __init__(self, module: str, path: Path, code: CodeType) -> None:
        self._module = module
        self._path = str(path)
        self._code = code

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        loader = _Loader(fullname, self._path, self._code)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self._broken = code

    def get_code(self, fullname: str) -> CodeType:
        return self._broken


def forget(*packages: str) -> None:
    """Lets these packages be imported afresh, with all that they import at hand already."""
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]
