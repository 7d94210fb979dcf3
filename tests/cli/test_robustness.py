"""Hostile surroundings: streams, files and folders that cannot be used are told of in words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.stage import FAR, ROOT, SLUG, Answer, Stage

full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
unprivileged = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
UNWRITTEN = "The output could not be written: No space left on device.\n"


def _redirected(stage: Stage, words: str, to: str) -> Answer:
    """The program as a shell starts it, with a redirection."""
    known = {**os.environ, **stage.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m somos_social {words} {to}', sys.executable],
        cwd=stage.folder,
        env={name: value for name, value in known.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Answer(code=ended.returncode, out=ended.stdout, err=ended.stderr)


@pytest.fixture
def long(connected: Stage) -> Stage:
    """With more deliveries than any buffer of the output holds."""
    connected.campaign({f"post-{number:03}": FAR for number in range(100)})
    assert connected.somos("schedule", SLUG).code == 0
    return connected


@pytest.mark.parametrize("to", [">&-", ">&- 2>&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(
    ("words", "code"),
    [("--version", 0), ("status", 0), ("--json queue list", 0), ("queue show nowhere", 2)],
)
def test_a_closed_output_ends_quietly_with_the_commands_own_code(
    connected: Stage, words: str, code: int, to: str
) -> None:
    answer = _redirected(connected, words, to)
    assert answer.code == code
    assert "Traceback" not in answer.err
    assert "bug" not in answer.err


@full_disk
@pytest.mark.parametrize(
    "words",
    [
        "--json queue list",
        "queue list",
        "queue show nowhere --json",
        "queue nowhere --json",
        "--help",
        "--version",
    ],
)
def test_an_output_that_cannot_be_written_is_told_in_one_line(long: Stage, words: str) -> None:
    answer = _redirected(long, words, ">/dev/full")
    assert (answer.code, answer.err) == (1, UNWRITTEN)


@full_disk
def test_a_short_output_that_cannot_be_written_is_told_too(connected: Stage) -> None:
    answer = _redirected(connected, "queue list --json", ">/dev/full")
    assert (answer.code, answer.err) == (1, UNWRITTEN)


@full_disk
@pytest.mark.parametrize("words", ["queue list", "queue show nowhere", "queue nowhere"])
def test_where_nothing_can_be_told_only_the_code_tells(connected: Stage, words: str) -> None:
    answer = _redirected(connected, words, "2>/dev/full")
    assert (answer.code, answer.out) == (1, "")


@pytest.mark.parametrize("length", [300, 5000])
@pytest.mark.parametrize(
    "words", ["check {}", "plan {}", "rehearse {}", "status --config {}", "check x --config {}"]
)
def test_a_name_that_is_too_long_is_a_problem_of_that_file(
    connected: Stage, words: str, length: int
) -> None:
    answer = connected.somos(*words.format("a" * length).split(), "--json")
    assert answer.code == 3
    [problem] = answer.json["problems"]
    assert problem["problem"] == "cannot be read: File name too long."
    assert problem["file"] == "a" * length


@unprivileged
@pytest.mark.parametrize("words", ["check {}", "status --config {}", "sandbox --config {}"])
def test_a_file_in_a_folder_that_cannot_be_read_is_a_problem(connected: Stage, words: str) -> None:
    folder = connected.folder / "closed"
    folder.mkdir(mode=0o000)
    answer = connected.somos(*words.format(folder / "uno.toml").split(), "--json")
    assert answer.code == 3
    [problem] = answer.json["problems"]
    assert problem["problem"] == "cannot be read: Permission denied."
    assert problem["file"] == str(folder / "uno.toml")


def test_a_campaign_that_is_a_link_to_nowhere_is_told_by_its_short_name_too(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    file = stage.folder / f"campaigns/{SLUG}.toml"
    file.unlink()
    file.symlink_to("moved.toml")
    for name in (SLUG, f"campaigns/{SLUG}.toml"):
        [problem] = stage.somos("check", name, "--json").json["problems"]
        assert problem["file"] == f"campaigns/{SLUG}.toml"
        assert problem["problem"] == "is a link that leads nowhere."
