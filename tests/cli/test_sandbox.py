"""sandbox: the stand-in networks for whoever wants to try the whole tool by hand."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, X


@contextmanager
def serving(stage: Stage, *words: str) -> Iterator[tuple[Any, subprocess.Popen[str]]]:
    """The document that a running sandbox prints, and its process."""
    (stage.folder / "media").mkdir(exist_ok=True)
    running = stage.start("sandbox", "--port", "0", "--json", *words)
    assert running.stdout
    lines: list[str] = []
    for line in iter(running.stdout.readline, ""):
        lines.append(line)
        if line == "}\n":
            break
    try:
        yield json.loads("".join(lines)), running
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0


def test_it_answers_for_the_channels_of_the_campaigns(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    with serving(stage) as (said, _):
        assert list(said["feeds"]) == ["facebook:somoslomismo", "x:somoslomismo"]
        for feed in said["feeds"].values():
            assert requests.get(feed, timeout=10).status_code == 200
    assert sorted(path.name for path in stage.folder.iterdir()) == ["campaigns", "media"]


def test_it_answers_for_the_channels_of_the_config(connected: Stage) -> None:
    with serving(connected) as (said, _):
        assert list(said["feeds"]) == ["facebook:somoslomismo", "x:somoslomismo"]


def test_with_what_it_writes_the_tool_publishes_to_it(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    with serving(stage, "--write-config", "sb.toml", "--write-env", "sb.env"):
        env = stage.folder / "sb.env"
        assert env.stat().st_mode & 0o777 == 0o600
        exports = [line for line in env.read_text("utf-8").splitlines() if "=" in line]
        secrets = dict(line.removeprefix("export ").split("=") for line in exports)
        verified = stage.somos("channel", "verify", "--config", "sb.toml", **secrets)
        assert verified.code == 0
        assert stage.somos("schedule", SLUG, "--config", "sb.toml", **secrets).code == 0
    assert not (stage.folder / "somos.db").exists()


def test_a_shell_finds_the_file_that_it_is_told_to_read(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    (stage.folder / "media").mkdir()
    files = ("--write-config", "sb.toml", "--write-env", "sb.env")
    running = stage.start("sandbox", "--port", "0", *files)
    assert running.stdout
    read = next(line for line in running.stdout if line.startswith("  . "))
    script = f"set -e\n{read}\nenv"
    heard = subprocess.run(
        ["/bin/sh"], input=script, cwd=stage.folder, capture_output=True, text=True
    )
    assert "SOMOS_FACEBOOK_SOMOSLOMISMO_TOKEN=" in heard.stdout


def test_a_login_can_be_tried_with_an_app_of_its_own(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    path = stage.folder / "campaigns" / f"{SLUG}.toml"
    text = path.read_text("utf-8").replace(f'"{X}"', '"instagram:otra"')
    path.write_text(f'{text}channels = ["{FACEBOOK}"]\n', "utf-8")
    files = ("--write-config", "sb.toml", "--write-env", "sb.env")
    with serving(stage, "--login", *files) as (said, _):
        exports = (stage.folder / "sb.env").read_text("utf-8").splitlines()
        secrets = dict(it.removeprefix("export ").split("=") for it in exports if "=" in it)
        assert list(secrets) == ["SOMOS_SANDBOX_APP_SECRET"]
        assert list(said["codes"]) == [FACEBOOK, "instagram:otra"]
        for channel, code in said["codes"].items():
            words = ("channel", "login", channel, "--config", "sb.toml", "--code", code)
            answer = stage.somos(*words, **secrets)
            assert answer.code == 0, answer.err
            assert f"{channel}\tok" in answer.out
        verified = stage.somos("channel", "verify", "--config", "sb.toml", **secrets)
        assert verified.code == 0


def test_secrets_are_printed_only_when_asked_for(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    with serving(stage) as (_, quiet):
        pass
    with serving(stage, "--show-secrets") as (_, talkative):
        pass
    assert quiet.stderr
    assert talkative.stderr
    assert quiet.stderr.read() == ""
    assert "export SOMOS_X_SOMOSLOMISMO_API_KEY=" in talkative.stderr.read()


@pytest.mark.parametrize("option", ["--write-config", "--write-env"])
def test_a_file_that_is_not_its_own_is_never_overwritten(stage: Stage, option: str) -> None:
    stage.campaign({"uno": FAR})
    (stage.folder / "media").mkdir()
    real = stage.write("real.toml", "# the real one\n")
    refused = stage.start("sandbox", "--port", "0", option, "real.toml")
    assert refused.wait(30) == 2
    assert real.read_text("utf-8") == "# the real one\n"


def test_its_own_files_are_written_anew(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    for _ in range(2):
        with serving(stage, "--write-config", "sb.toml"):
            pass


def test_a_port_that_is_taken_is_said(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    (stage.folder / "media").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = stage.start("sandbox", "--port", port)
        _, err = refused.communicate(timeout=30)
    assert refused.returncode == 2
    assert f"127.0.0.1:{port}" in err


def test_without_a_config_or_a_campaign_there_is_nothing_to_answer_for(stage: Stage) -> None:
    assert stage.start("sandbox", "--port", "0").wait(30) == 2


def test_without_its_media_it_says_so(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    refused = stage.start("sandbox", "--port", "0", "--media", "nowhere")
    assert refused.wait(30) == 2
