"""The tours of the pages, command by command as they stand there, in one shell, on the sandbox."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tests.architecture.pages import ROOT, fences, lines, section, text_of

FIRST_YEAR = 2026
"""In which the campaigns begin."""

NEEDS_PERSON = 6

SECONDS = 60
"""How long one command may take on a machine that has much else to do."""


class Shell:
    """One bash in which a person types; it hears commands one after the other."""

    def __init__(self, folder: Path) -> None:
        hidden = {name for name in os.environ if name.startswith("SOMOS_")}
        known = {name: value for name, value in os.environ.items() if name not in hidden}
        self._bash = subprocess.Popen(
            ["bash", "--norc", "-s"],  # noqa: S607 - that of the machine
            cwd=folder,
            env={**known, "XDG_CONFIG_HOME": str(folder / "nowhere"), "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def type(self, command: str, then: str = "") -> tuple[int, str]:
        """What the command ends with and what it says; `then` is typed when it asks."""
        assert self._bash.stdin
        assert self._bash.stdout
        self._bash.stdin.write(f"{{ {command}\n}}; ended=$?; echo; echo ended $ended\n{then}")
        self._bash.stdin.flush()
        said: list[str] = []
        patience = threading.Timer(SECONDS, self.close)
        patience.start()
        for line in self._bash.stdout:
            if found := re.fullmatch(r"ended (\d+)\n", line):
                break
            said.append(line)
        else:
            raise AssertionError(f"The shell ended at: {command}\n{''.join(said)}")
        patience.cancel()
        return int(found[1]), "".join(said)

    def close(self) -> None:
        """Ends the shell and all that was started in it."""
        with suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGKILL)
        self._bash.wait()


@contextmanager
def a_fresh_clone(folder: Path) -> Iterator[Shell]:
    """What a person has after `make rehearse`; the campaigns' times lie ahead, on any day."""
    shutil.copytree(ROOT / "campaigns", folder / "campaigns")
    (folder / "media").symlink_to(ROOT / "media")
    (folder / ".venv").symlink_to(sys.prefix)
    later = datetime.now(UTC).year - FIRST_YEAR + 1
    for file in (folder / "campaigns").iterdir():
        text = file.read_text(encoding="utf-8")
        moved = re.sub(r"\b20(\d\d)(?=-\d\d-\d\d)", lambda it: f"20{int(it[1]) + later:02}", text)
        file.write_text(moved, encoding="utf-8")
    shell = Shell(folder)
    try:
        yield shell
    finally:
        shell.close()


def walk(shell: Shell, scripts: list[str]) -> str:
    """Types every command; each must do what it is there for. What needs a person, status tells."""
    said, key = "", ""
    for command in (line for script in scripts for line in lines(script)):
        asks = command.startswith("somos approve ")
        code, heard = shell.type(command, f"{key}\n" if asks else "")
        assert code in ({0, NEEDS_PERSON} if command == "somos status" else {0}), (
            f"{command}\n{heard}"
        )
        if found := re.search(r"^  (\w{5}(?:-\w{5}){3})$", heard, re.MULTILINE):
            key = found[1]
        if "--write-env sandbox.env" in command:
            shell.type(
                f"for _ in {{1..{SECONDS}0}}; do [ -s sandbox.env ] && break; sleep 0.1; done"
            )
        said += heard
    return said


def test_the_tour_of_the_readme_can_be_walked_as_it_stands(tmp_path: Path) -> None:
    tour = section(ROOT / "README.md", "## A tour of five minutes")
    with a_fresh_clone(tmp_path) as shell:
        said = walk(shell, fences(tour, "sh"))
    assert "UNHCR has not approved it  waits" in said
    assert "The log is whole" in said
    assert said.count("  published  http") == 3
    assert "accepted" in said


def test_the_evening_of_a_manager_can_be_lived_through_as_it_stands(tmp_path: Path) -> None:
    page = ROOT / "docs" / "managers.md"
    before = [
        'export PATH="$PWD/.venv/bin:$PATH"',
        "somos sandbox --port 0 --write-config sandbox.toml --write-env sandbox.env &",
        ". ./sandbox.env",
        "export SOMOS_CONFIG=sandbox.toml",
        "somos schedule somos-lo-mismo-panama",
    ]
    with a_fresh_clone(tmp_path) as shell:
        walk(shell, ["\n".join(before)])
        said = walk(shell, fences(text_of(page), "sh"))
        shell.type("kill $!")
    assert "Nothing needs a person." in said
    assert "Paused: everything." in said
    assert "Resumed: everything." in said
    written = (tmp_path / "campaigns/somos-lo-mismo-panama.toml").read_text(encoding="utf-8")
    assert "la olla común" in written
    assert "propositos" not in written
