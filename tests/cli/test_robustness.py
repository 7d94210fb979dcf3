"""Hostile surroundings: streams, files and folders that cannot be used are told of in words."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from somos_social.cli.stopping import Stopping
from tests.cli.stage import FACEBOOK, FAR, ROOT, SLUG, Answer, Stage, X, just_now

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
    told = "does not exist." if "--config" in words else "cannot be read: File name too long."
    assert problem["problem"] == told
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


@pytest.mark.parametrize("database", [b"I am no database. " * 99, b"SQLite format 3\0" + b"?" * 99])
def test_a_check_tells_of_the_files_even_where_the_database_is_damaged(
    connected: Stage, database: bytes
) -> None:
    (connected.folder / "somos.db").write_bytes(database)
    connected.campaign({"uno": FAR}, head='colour = "teal"')
    answer = connected.somos("check", SLUG, "--json")
    assert answer.code == 3
    assert [it["key"] for it in answer.json["problems"]] == ["colour"]
    assert "What is scheduled already is not known" in answer.err
    connected.campaign({"uno": FAR})
    assert connected.somos("check", SLUG).code == 0


def test_a_database_that_is_a_folder_is_told_beside_the_check(connected: Stage) -> None:
    (connected.folder / "somos.db").mkdir()
    connected.campaign({"uno": FAR})
    answer = connected.somos("check", SLUG)
    assert (answer.code, answer.err.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    "taken", ["kept", "kept/feeds", "kept/rehearsal.toml/x", "kept/rehearsal.db/x"]
)
def test_a_rehearsal_whose_place_is_taken_is_wrong_usage(stage: Stage, taken: str) -> None:
    stage.write(taken, "somebody's")
    _cannot_be_kept(stage, "kept")


@pytest.mark.parametrize("out", ["/dev/null/x", "a" * 300, "a/" * 5000])
def test_a_rehearsal_in_a_place_that_cannot_be_is_wrong_usage(stage: Stage, out: str) -> None:
    _cannot_be_kept(stage, out)


def _cannot_be_kept(stage: Stage, out: str) -> None:
    stage.campaign({"uno": FAR})
    (stage.folder / "media").mkdir()
    answer = stage.somos("rehearse", SLUG, "--out", out)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert "cannot be written: " in answer.err
    assert "Name another folder with --out." in answer.err
    error = stage.somos("rehearse", SLUG, "--out", out, "--json").json["error"]
    assert error["exit_code"] == 2


@full_disk
def test_a_rehearsal_that_cannot_be_told_blames_the_output_and_not_its_folder(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    (stage.folder / "media").mkdir()
    answer = _redirected(stage, f"rehearse {SLUG} --out kept", ">/dev/full")
    assert (answer.code, answer.err) == (1, UNWRITTEN)


def test_a_filter_that_nothing_passes_is_not_taken_for_emptiness(connected: Stage) -> None:
    words = [
        ("log", "--channel", "x:nadie"),
        ("log", "--post", "nada"),
        ("log", "--delivery", "nada"),
        ("log", "--since", "2060-01-01"),
        ("queue", "list", "--channel", "x:nadie"),
        ("queue", "list", "--campaign", "nada"),
        ("queue", "list", "--status", "failed"),
    ]
    empty = {connected.somos(*each).err for each in words}
    assert empty == {"Nothing happened yet.\n", "No deliveries.\n"}
    connected.campaign({"uno": FAR})
    connected.somos("schedule", SLUG)
    for each in words:
        none = "Nothing matches.\n" if each[0] == "log" else "No delivery matches.\n"
        answer = connected.somos(*each)
        assert (answer.code, answer.out, answer.err) == (0, "", none)
        assert connected.somos(*each, "--json").json == []


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (FAR, "; the next at 2060-12-01 09:00:00 (UTC-05:00)."),
        (None, "; nothing waits."),
    ],
)
def test_the_daemon_begins_by_saying_when_the_next_goes_out(
    connected: Stage, due: datetime | None, words: str
) -> None:
    connected.campaign({"uno": due} if due else {})
    connected.somos("schedule", SLUG)
    running = connected.start("run")
    assert running.stderr
    assert words in running.stderr.readline()


def test_what_is_prepared_already_is_next_when_it_is_due(connected: Stage) -> None:
    due = datetime.now(UTC) + timedelta(minutes=5)
    connected.campaign({"uno": due})
    connected.somos("schedule", SLUG)
    running = connected.start("run")
    assert running.stderr
    here = due.astimezone(ZoneInfo("America/Panama"))
    assert f"; the next at {here:%Y-%m-%d %H:%M:%S} (" in running.stderr.readline()


def test_what_is_due_already_is_next_now(connected: Stage) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    running = connected.start("run")
    assert running.stderr
    assert "; the next now." in running.stderr.readline()


def test_what_was_put_off_is_not_said_to_be_next(connected: Stage) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    with closing(sqlite3.connect(connected.folder / "somos.db")) as database, database:
        database.execute("UPDATE deliveries SET run_at = '2060-01-01 12:00:00.000000'")
    running = connected.start("run")
    assert running.stderr
    assert "; the next at 2060-01-01 07:00:00 (UTC-05:00)." in running.stderr.readline()


hangup = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminal hangs up here")


@hangup
def test_a_hangup_ends_the_daemon_in_order(connected: Stage) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    running = connected.start("run")
    assert running.stderr
    lines = iter(running.stderr.readline, "")
    assert len([line for line in islice(lines, 5) if "  published  " in line]) == 2
    running.send_signal(signal.SIGHUP)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "nothing is left in hand" in err


@hangup
def test_a_hangup_that_is_repeated_does_not_hurry(connected: Stage) -> None:
    with Stopping() as stopping:
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        stopping.wait()
        assert stopping.exit_code == 128 + signal.SIGHUP


@hangup
def test_a_hangup_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Stopping() as stopping:
            signal.raise_signal(signal.SIGHUP)
            assert not stopping()
            signal.raise_signal(signal.SIGTERM)
            assert stopping()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_missing_secret_is_not_called_a_refusal(connected: Stage) -> None:
    [name] = [it for it in connected.environ if "ACCESS_TOKEN_SECRET" in it]
    connected.environ[name] = None
    rows = [line.split("\t") for line in connected.somos("channel", "verify").out.splitlines()]
    assert [row[:2] for row in rows[1:]] == [[FACEBOOK, "ok"], [X, "no secret"]]
