"""No secret is ever said: not when all goes well, not when a network or the program fails."""

import pytest
import requests

from somos_social.sandbox import Fault, Sandbox
from tests.cli.stage import SLUG, Answer, Stage, just_now, key

FAULTS = [
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502", "done-then-400",
    "close", "429", "190", "401", "500", "html-502", "truncated", "invalid-json", "no-content-type",
]  # fmt: skip


def leaks(stage: Stage, *answers: Answer) -> list[str]:
    """The secrets that can be read in what was said or in any file but the test's own."""
    said = "".join(answer.out + answer.err for answer in answers).encode()
    files = b"".join(path.read_bytes() for path in stage.folder.rglob("*") if path.is_file())
    return [secret for secret in stage.secrets if secret.encode() in said + files]


@pytest.mark.parametrize("loudness", [[], ["--debug"]], ids=["quiet", "debug"])
@pytest.mark.parametrize("kind", FAULTS)
def test_a_failing_network_is_told_of_without_a_secret(
    connected: Stage, box: Sandbox, kind: str, loudness: list[str]
) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    box.faults.add(Fault(match="*", kind=kind, times=50))  # type: ignore[arg-type]
    answers = [
        connected.somos(*words, *loudness)
        for words in (
            ["run", "--once"],
            ["run", "--once", "--json"],
            ["status"],
            ["log"],
            ["queue", "show", key("uno")],
            ["channel", "list"],
            ["channel", "verify"],
            ["channel", "verify", "--json"],
        )
    ]
    assert leaks(connected, *answers) == []


def test_a_network_that_is_gone_is_told_of_without_a_secret(connected: Stage, box: Sandbox) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    config = connected.folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace(box.url, "http://127.0.0.1:9")
    config.write_text(text, encoding="utf-8")
    answers = [connected.somos(*it, "--debug") for it in (["run", "--once"], ["channel", "verify"])]
    assert answers[1].code == 5
    assert leaks(connected, *answers) == []


def test_even_a_traceback_that_holds_a_secret_is_shown_without_it(
    connected: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = connected.secrets[0]

    def broken(*_: object, **__: object) -> None:
        raise requests.ConnectionError(f"https://graph.facebook.com/me?access_token={secret}")

    monkeypatch.setattr("somos_social.platforms.facebook.Facebook.whoami", broken)
    answer = connected.somos("channel", "verify", "--debug")
    assert "Traceback" in answer.err
    assert "access_token=***" in answer.err
    assert leaks(connected, answer) == []


def test_a_worker_that_breaks_is_told_of_without_a_traceback(
    connected: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    secret = connected.secrets[0]

    def broken(*_: object) -> None:
        raise ValueError(f"token {secret}")

    monkeypatch.setattr("somos_social.daemon.work", broken)
    quiet = connected.somos("run", "--once")
    assert quiet.code == 6
    assert "This is a bug in somos_social: ValueError" in quiet.err
    assert "Traceback" not in quiet.err
    assert leaks(connected, quiet) == []
