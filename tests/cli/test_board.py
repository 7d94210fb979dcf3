"""`somos board`: it answers this machine alone, and lets in whoever was invited."""

import json
import re
import signal
import stat
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.cli.stage import SLUG, Stage, just_now

LINK = re.compile(r"http://127\.0\.0\.1:8765/enter/[\w.-]+")


@pytest.fixture
def desk(connected: Stage) -> Stage:
    connected.campaign({"uno": just_now()}, head='approvals = ["UNHCR", "IOM"]')
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_link_is_told_once_and_then_known_to_nobody_here(desk: Stage) -> None:
    answer = desk.somos("board", "invite", "UNHCR:Ana", "--role", "approver")
    assert answer.code == 0
    assert LINK.search(answer.out)
    assert "this machine alone" in answer.err
    listed = desk.somos("board", "invites")
    assert "UNHCR:Ana" in listed.out
    assert "invited" in listed.out
    assert not LINK.search(listed.out)
    assert desk.somos("approver", "list", "--json").json[0]["approver"] == "UNHCR:Ana"
    key = desk.folder / "somos.db.board-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_the_answers_as_json_keep_their_names(desk: Stage) -> None:
    made = desk.somos(
        "board", "invite", "IOM:Eva", "--role", "reader", "--days", "2", "--json"
    ).json
    link = made.pop("link")
    assert LINK.fullmatch(link)
    assert list(made) == [
        "guest",
        "organisation",
        "person",
        "role",
        "status",
        "invited_at",
        "invited_by",
        "link_until",
        "seen_at",
    ]
    assert (made["guest"], made["role"], made["status"]) == ("IOM:Eva", "reader", "invited")
    assert desk.somos("board", "invites", "--json").json == [made]
    out = desk.somos("board", "revoke", "IOM:Eva", "--json").json
    assert out == {**made, "status": "revoked", "visits_ended": 0}
    assert desk.somos("board", "invites", "--json").json == []
    assert desk.somos("board", "revoke", "IOM:Eva").code == 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["invite", "Ana", "--role", "reader"], 2, "ORGANISATION:NAME"),
        (["invite", "UNHCR:Ana"], 2, "role"),
        (["invite", "UNHCR:Ana", "--role", "owner"], 2, "reader"),
        (["invite", "UNHCR:Ana", "--role", "reader", "--days", "0"], 2, "1 to 90 days"),
        (["invite", "UNHCR:Ana", "--role", "reader", "--days", "9" * 12], 2, "too long"),
        (["revoke", "UNHCR:Nadie"], 2, "no guest"),
        (["--port", "1", "invites"], 2, "takes no --host"),
    ],
)
def test_what_was_asked_wrongly_is_told(
    desk: Stage, words: list[str], code: int, told: str
) -> None:
    answer = desk.somos("board", *words)
    assert answer.code == code
    assert told in answer.err


def test_one_person_is_no_guest_of_two_organisations(desk: Stage) -> None:
    assert desk.somos("board", "invite", "UNHCR:Ana", "--role", "reader").code == 0
    refused = desk.somos("board", "invite", "IOM:Ana", "--role", "reader")
    assert refused.code == 4
    assert "somos board revoke UNHCR:Ana" in refused.err
    assert desk.somos("approver", "add", "IOM:Ana").code == 4


def test_the_key_may_lie_elsewhere(desk: Stage) -> None:
    with (desk.folder / "config.toml").open("a") as config:
        config.write('\n[board]\nsecret = "env:TABLERO"\npublic_url = "https://t.example.org"\n')
    words = ("board", "invite", "UNHCR:Ana", "--role", "reader")
    missing = desk.somos(*words)
    assert missing.code == 3
    assert "TABLERO" in missing.err
    answer = desk.somos(*words, TABLERO="k" * 40)
    assert "https://t.example.org/enter/" in answer.out
    assert answer.err == ""
    assert not (desk.folder / "somos.db.board-key").exists()


def start(desk: Stage, *words: str) -> tuple[Any, str]:
    running = desk.start("board", "--port", "0", *words, "--json")
    assert running.stdout is not None
    said = ""
    while not said.endswith("}\n"):
        line = running.stdout.readline()
        assert line, running.stderr and running.stderr.read()
        said += line
    return running, json.loads(said)["url"]


def test_it_answers_until_it_is_told_to_end(desk: Stage) -> None:
    running, url = start(desk)
    code, page = asked(f"{url}/calendar")
    assert (code, "enlace personal" in page) == (401, True)
    invited = desk.somos("board", "invite", "UNHCR:Ana", "--role", "reader", "--json").json
    path = invited["link"].removeprefix("http://127.0.0.1:8765")
    code, page = asked(url + path)
    assert (code, "Ana" in page) == (200, True)
    taken = desk.somos("board", "--port", url.rpartition(":")[2])
    assert taken.code == 2
    assert "Name another --port" in taken.err
    running.send_signal(signal.SIGTERM)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 0
    assert err == ""


def test_a_board_that_others_can_reach_without_tls_warns_loudly(desk: Stage) -> None:
    with (desk.folder / "config.toml").open("a") as config:
        config.write('\n[board]\npublic_url = "http://t.example.org"\n')
    running, _ = start(desk, "--host", "0.0.0.0")  # noqa: S104 - that is what is warned of
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert "WARNING: the board answers on 0.0.0.0" in err
    assert "docs/reviewers.md" in err
    assert "WARNING: [board] public_url is http://t.example.org, without TLS" in err
