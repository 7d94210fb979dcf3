"""Writes docs/commands.md from the commands of the program itself, whatever the terminal's width.

Run from the top of the repository: `python scripts/write_commands.py`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from somos_social.cli import EXIT_CODES, app

PAGE = Path("docs/commands.md")

HEAD = """\
# Every command

Written by `python scripts/write_commands.py` from the program itself; `somos COMMAND --help` says
the same. What stands in braces is yours to fill in, what stands in square brackets may be left out.
A campaign is named by its file, or by its short name: the file's name without the ending. A
delivery is named `CAMPAIGN/POST@CHANNEL`, a post `CAMPAIGN/POST`.
"""
EVERYWHERE = """\
## Options that every command takes

They may stand before the command or after it. Colours follow `NO_COLOR`; what is piped is plain.
"""
ALONE = """\
## `somos` alone
"""
CODES = """\
## Exit codes

| code | meaning |
|---|---|
"""


def as_page() -> str:
    """The whole page: the global options, the exit codes, then each command in the help's order."""
    root = get_command(app)
    everywhere = [param for param in root.params if not param.expose_value]
    names = {param.name for param in everywhere}
    codes = "\n".join(f"| {code} | {_plain(said)} |" for code, said in EXIT_CODES.items())
    alone = [param for param in root.params if param.name not in names]
    parts = [
        HEAD,
        f"{EVERYWHERE}\n{_table(root, everywhere)}\n",
        f"{ALONE}\n{_table(root, alone)}\n",
        f"{CODES}{codes}\n",
    ]
    for path, command in _below(root, ("somos",)):
        parts.append(_section(path, command, without=names))
    return "\n".join(parts)


def _below(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, TyperGroup):
            yield from _below(command, (*path, name))


def _section(path: tuple[str, ...], command: Any, *, without: set[str | None]) -> str:
    """The heading, the usage, the help and the parameters of one command or group."""
    name = " ".join(path)
    own = [param for param in command.params if param.name not in without]
    parts = [f"{'#' * len(path)} `{name}`\n"]
    if not isinstance(command, TyperGroup) or command.invoke_without_command:
        context = command.context_class(command, info_name=name)
        usage = [name, *command.collect_usage_pieces(context)]
        parts.append(f"```\n{' '.join(usage)}\n```\n")
    parts += [f"{_plain(' '.join(it.split()))}\n" for it in (command.help or "").split("\n\n")]
    if own:
        parts.append(f"{_table(command, own)}\n")
    return "\n".join(parts)


def _table(command: Any, params: list[Any]) -> str:
    context = command.context_class(command)
    rows = [f"| {_name(param, context)} | {_said(param)} |" for param in params]
    return "\n".join(["| argument or option | what it says |", "|---|---|", *rows])


def _name(param: Any, context: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.make_metavar(ctx=context).strip('[]{}.')}`"
    *short, long = sorted(param.opts, key=len)
    value = "" if param.is_flag else f" {param.make_metavar(ctx=context)}"
    return ", ".join(f"`{option}`" for option in [f"{long}{value}", *short]).replace("|", r"\|")


def _said(param: Any) -> str:
    said = _plain(re.sub(r"\s+", " ", param.help or ""))
    if param.required:
        return f"{said} [required]"
    is_told = "[default:" in said or param.default in (None, False, "", (), [])
    return said if is_told or callable(param.default) else f"{said} [default: {param.default}]"


def _plain(text: str) -> str:
    """As Markdown shows it letter by letter, but for `code`, which stays code."""
    return re.sub(r"([|<>*])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(as_page(), encoding="utf-8")
