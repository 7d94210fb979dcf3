"""The options that every command takes, and how each ending is told."""

import json
import signal

import pytest

from somos_social import __version__
from somos_social.cli import PIPE_CLOSED
from tests.cli.stage import FAR, Stage, key


@pytest.mark.parametrize("words", ["--json queue list", "queue --json list", "queue list --json"])
def test_json_may_stand_before_and_after_the_command(connected: Stage, words: str) -> None:
    assert connected.somos(*words.split()).json == []


@pytest.mark.parametrize(
    "words", ["--config other.toml channel list", "channel list --config other.toml"]
)
def test_the_config_may_stand_before_and_after_the_command(connected: Stage, words: str) -> None:
    (connected.folder / "config.toml").rename(connected.folder / "other.toml")
    assert connected.somos("channel", "list").code == 3
    assert connected.somos(*words.split()).code == 0


def test_the_environment_names_the_config(connected: Stage) -> None:
    (connected.folder / "config.toml").rename(connected.folder / "other.toml")
    assert connected.somos("channel", "list", SOMOS_CONFIG="other.toml").code == 0


def test_the_version_is_printed(stage: Stage) -> None:
    assert stage.somos("--version").out == f"somos_social {__version__}\n"


def test_without_a_config_it_says_what_to_do(stage: Stage) -> None:
    answer = stage.somos("queue", "list")
    assert answer.code == 3
    assert "config.example.toml" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("queue lst", 2),
        ("queue list --status nope", 2),
        ("queue list --nope", 2),
        ("queue show", 2),
        ("queue show nowhere", 2),
        ("--nope", 2),
        ("log --since yesterday-ish", 2),
        ("channel verify x:nobody", 2),
    ],
)
def test_wrong_usage_ends_with_2_in_words_and_in_json(
    connected: Stage, words: str, code: int
) -> None:
    told = connected.somos(*words.split())
    assert (told.code, told.out) == (code, "")
    assert "Error: " in told.err
    error = connected.somos(*words.split(), "--json").json["error"]
    assert error["exit_code"] == code
    assert error["message"]


def test_a_problem_in_the_config_is_one_document_in_json(stage: Stage) -> None:
    stage.write("config.toml", "[stor]\n")
    [problem] = stage.somos("queue", "list", "--json").json["problems"]
    assert set(problem) == {"file", "key", "problem", "hint"}
    assert problem["key"] == "stor"


def test_a_database_that_is_none_ends_with_7_and_stays_as_it_is(connected: Stage) -> None:
    file = connected.write("somos.db", "I am no database, " * 100)
    before = file.read_bytes()
    answer = connected.somos("queue", "list", "--json")
    assert (answer.code, answer.json["error"]["exit_code"]) == (7, 7)
    assert file.read_bytes() == before


def test_a_bug_is_told_in_one_line_without_its_words(
    connected: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_the_store(monkeypatch)
    answer = connected.somos("queue", "list")
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "bug" in answer.err
    assert "ZeroDivisionError" in answer.err
    assert "private words" not in answer.err
    assert connected.somos("queue", "list", "--json").json["error"]["exit_code"] == 1


def test_debug_shows_the_traceback_of_a_bug(
    connected: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_the_store(monkeypatch)
    answer = connected.somos("queue", "list", "--debug")
    assert "Traceback (most recent call last)" in answer.err
    assert "private words" in answer.err


def _break_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("private words")

    monkeypatch.setattr("somos_social.store.Store.listed", broken)


def test_a_closed_pipe_makes_no_noise(connected: Stage) -> None:
    connected.campaign({f"post-{number:03}": FAR for number in range(400)})
    connected.somos("schedule", "prueba")
    running = connected.start("queue", "list", "--json")
    assert running.stdout
    assert running.stderr
    running.stdout.close()
    assert running.wait(30) == PIPE_CLOSED
    assert running.stderr.read() == ""


def test_a_log_is_followed_line_by_line_until_ctrl_c(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    connected.somos("schedule", "prueba")
    running = connected.start("log", "--follow", "--json")
    assert running.stdout
    assert running.stderr
    lines = iter(running.stdout.readline, "")
    seen = [json.loads(next(lines)) for _ in range(2)]
    connected.somos("queue", "cancel", key("uno"), "--reason", "otra fecha")
    seen.append(json.loads(next(lines)))
    assert [(entry["delivery"], entry["to"]) for entry in seen] == [
        (key("uno", "facebook:somoslomismo"), "scheduled"),
        (key("uno"), "scheduled"),
        (key("uno"), "cancelled"),
    ]
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    assert running.stderr.read() == ""
