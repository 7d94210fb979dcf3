"""The direction of the imports, as contracts; and what a quick answer must not wait for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEAVY = {
    "alembic",
    "apprise",
    "apscheduler",
    "av",
    "dateparser",
    "dateutil",
    "facebook",
    "fpdf",
    "itsdangerous",
    "jinja2",
    "keyring",
    "limits",
    "PIL",
    "pydantic",
    "requests",
    "rich",
    "sqlalchemy",
    "starlette",
    "tomlkit",
    "tweepy",
    "uvicorn",
}


def test_every_import_contract_is_kept() -> None:
    # As a process: called in this one, it would silence the logging of every test after it.
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def imported_by(*arguments: str, **environ: str) -> set[str]:
    """The top-level packages that a call of the program has imported by its end."""
    script = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*{m.partition('.')[0] for m in sys.modules},"
        " file=sys.stderr))\n"
        f"sys.argv = ['somos', *{list(arguments)!r}]\n"
        "from somos_social.cli import main\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        # The campaign's times will be past one day, and `check` will say so.
        check=False,
    )
    return set(ended.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("queue", "--help"), ("run", "--help"), ("board", "--help")],
)
def test_no_library_is_waited_for_before_there_is_work_for_it(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments) & HEAVY == set()


def test_the_shell_completes_keys_and_channels_without_waiting_for_a_library() -> None:
    words = {"COMP_WORDS": "somos channel verify ", "COMP_CWORD": "3"}
    assert imported_by(_SOMOS_COMPLETE="complete_bash", **words) & HEAVY == set()


def test_checking_files_does_not_wait_for_the_database_or_a_network() -> None:
    campaign = "campaigns/somos-lo-mismo-panama.toml"
    config = {"SOMOS_CONFIG": "", "XDG_CONFIG_HOME": "/nonexistent"}
    imported = imported_by("check", campaign, **config)
    unneeded = {"sqlalchemy", "alembic", "tweepy", "facebook", "starlette", "apprise", "fpdf"}
    assert imported & unneeded == set()
