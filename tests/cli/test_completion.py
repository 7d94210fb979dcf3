"""What the shell offers after TAB, and that asking for it leaves no trace."""

import pytest

from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, X, key


def offered(stage: Stage, line: str) -> list[str]:
    """What bash would offer at the end of `line`."""
    words = line.split(" ")
    asked = {
        "_SOMOS_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    running = stage.start(**asked)
    out, err = running.communicate(timeout=30)
    assert err == ""
    return out.split()


def test_channels_are_offered(connected: Stage) -> None:
    assert offered(connected, "somos channel verify ") == [FACEBOOK, X]
    assert offered(connected, "somos queue list --channel x") == [X]


def test_keys_are_offered(connected: Stage) -> None:
    connected.campaign({"uno": FAR, "dos": FAR})
    connected.somos("schedule", SLUG)
    assert offered(connected, "somos queue show prueba/d") == [key("dos", FACEBOOK), key("dos")]
    assert offered(connected, "somos log --delivery prueba/uno@x") == [key("uno")]


def test_campaigns_and_posts_are_offered_from_their_files(stage: Stage) -> None:
    stage.campaign({"uno": FAR, "dos": FAR})
    stage.write("campaigns/otra.toml", "post = 3")
    stage.write("campaigns/rota.toml", "[[")
    assert offered(stage, "somos queue add ") == ["otra", SLUG, "rota"]
    assert offered(stage, "somos check campaigns/pr") == ["campaigns/prueba.toml"]
    assert offered(stage, "somos queue move prueba/") == ["prueba/uno", "prueba/dos"]
    assert offered(stage, "somos queue cancel prueba/d") == ["prueba/dos"]
    assert offered(stage, "somos approve prueba u") == ["uno"]
    assert not (stage.folder / "somos.db").exists()


def test_the_config_that_is_named_on_the_line_is_the_one_asked(connected: Stage) -> None:
    (connected.folder / "config.toml").rename(connected.folder / "other.toml")
    assert offered(connected, "somos channel verify ") == []
    assert offered(connected, "somos --config other.toml channel verify ") == [FACEBOOK, X]


@pytest.mark.parametrize(
    "config", ["", "[store]\nurl = 7", "store = 3\nchannel = 'x'", "[[[", "\x00"]
)
def test_what_cannot_be_read_offers_nothing_and_says_nothing(stage: Stage, config: str) -> None:
    stage.write("config.toml", config)
    assert offered(stage, "somos queue show ") == []
    assert offered(stage, "somos channel verify ") == []
    assert [path.name for path in stage.folder.iterdir()] == ["config.toml"]
