"""Every command, option and exit code is explained, in the program and in the README."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from somos_social import errors
from somos_social.cli import EXIT_CODES, app
from somos_social.errors import SomosError

README = Path(__file__).resolve().parents[2] / "README.md"


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))


COMMANDS = dict(commands(get_command(app)))
LEAVES = [
    path
    for path, command in COMMANDS.items()
    if not isinstance(command, TyperGroup) or command.invoke_without_command
]


def kinds_of_error() -> list[type[SomosError]]:
    found = [it for it in vars(errors).values() if isinstance(it, type)]
    return [it for it in found if issubclass(it, SomosError)]


@pytest.mark.parametrize("kind", kinds_of_error(), ids=lambda kind: kind.__name__)
def test_every_error_ends_in_a_code_that_is_documented(kind: type[SomosError]) -> None:
    assert kind.exit_code in EXIT_CODES
    assert f"{kind.exit_code} {EXIT_CODES[kind.exit_code]}" in COMMANDS[()].epilog
    assert re.search(rf"^\| {kind.exit_code} \|", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_two_kinds_of_error_share_a_code() -> None:
    codes = [kind.exit_code for kind in kinds_of_error()]
    assert sorted(codes) == sorted(set(codes)) == sorted(set(EXIT_CODES) - {0})


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_each_of_its_parameters_is_explained(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    unexplained = [param.name for param in command.params if not getattr(param, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_stands_in_the_readme(path: tuple[str, ...]) -> None:
    *group, name = path
    lines = README.read_text(encoding="utf-8").splitlines()
    words = [re.findall(r"[\w-]+", line) for line in lines if line.startswith("|")]
    start = ["somos", *group]
    assert any(row[: len(start)] == start and name in row for row in words)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_takes_the_global_options(path: tuple[str, ...]) -> None:
    taken = {option for param in COMMANDS[path].params for option in param.opts}
    assert {"--config", "--json", "-v", "--verbose", "--debug"} <= taken
