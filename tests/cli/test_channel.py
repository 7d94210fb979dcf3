"""channel list and verify: whether the secrets are there, and whether the networks take them."""

from somos_social.sandbox import Fault, Sandbox
from tests.cli.stage import FACEBOOK, Stage, X


def test_the_channels_are_listed_without_their_secrets(connected: Stage) -> None:
    answer = connected.somos("channel", "list", "--json")
    assert answer.json == [
        {"name": FACEBOOK, "platform": "facebook", "remote_id": "1000001", "missing": []},
        {"name": X, "platform": "x", "remote_id": None, "missing": []},
    ]
    assert not any(secret in answer.out for secret in connected.secrets)


def test_a_secret_that_is_missing_is_named_by_its_reference(connected: Stage) -> None:
    [name] = [it for it in connected.environ if "ACCESS_TOKEN_SECRET" in it]
    connected.environ[name] = None
    assert f"env:{name}" in connected.somos("channel", "list").out
    verified = connected.somos("channel", "verify", "--json")
    assert verified.code == 3
    assert [it["ok"] for it in verified.json] == [True, False]
    assert f"env:{name}" in verified.json[1]["reason"]


def test_each_network_says_whom_the_secrets_speak_for(connected: Stage) -> None:
    verified = connected.somos("channel", "verify", "--json")
    assert verified.code == 0
    assert verified.json[0] == {
        "name": FACEBOOK,
        "platform": "facebook",
        "ok": True,
        "identity": "somoslomismo",
        "remote_id": "1000001",
        "expires_at": None,
        "reason": None,
        "warnings": [],
    }
    assert connected.somos("channel", "verify", X, "--json").json[0]["name"] == X


def test_a_network_that_refuses_ends_with_5_even_beside_a_missing_secret(
    connected: Stage, box: Sandbox
) -> None:
    box.faults.add(Fault(match="GET /graph/*", kind="190"))
    [name] = [it for it in connected.environ if "ACCESS_TOKEN_SECRET" in it]
    connected.environ[name] = None
    verified = connected.somos("channel", "verify", "--json")
    assert verified.code == 5
    assert "token" in verified.json[0]["reason"]


def test_the_table_says_who_refused(connected: Stage, box: Sandbox) -> None:
    box.faults.add(Fault(match="GET /graph/*", kind="190"))
    rows = [line.split("\t") for line in connected.somos("channel", "verify").out.splitlines()]
    assert [row[:2] for row in rows[1:]] == [[FACEBOOK, "refused"], [X, "ok"]]
