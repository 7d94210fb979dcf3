"""A new folder can be checked and rehearsed as it stands, and nothing that was there is touched."""

import stat
import tomllib
from datetime import date, timedelta
from itertools import chain, combinations
from pathlib import Path

import pytest

from tests.cli.stage import Answer, Stage

NETWORKS = ("facebook", "instagram", "x")
COMBINATIONS = list(chain.from_iterable(combinations(NETWORKS, size) for size in (1, 2, 3)))
DAY = f"{date.today() + timedelta(days=30)}"  # noqa: DTZ011 - any day to come


def begun(stage: Stage, *words: str, networks: tuple[str, ...] = NETWORKS) -> Answer:
    channels = (word for it in networks for word in ("--channel", f"{it}:una-prueba"))
    return stage.somos("init", "--name", "Año Nuevo", "--first-day", DAY, *channels, *words)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(it.relative_to(folder)): it.read_bytes() for it in folder.rglob("*") if it.is_file()
    }


@pytest.mark.parametrize("networks", COMBINATIONS, ids="+".join)
def test_check_and_rehearse_take_it_as_it_stands(stage: Stage, networks: tuple[str, ...]) -> None:
    assert begun(stage, "--timezone", "America/Panama", networks=networks).code == 0
    checked = stage.somos("check", "ano-nuevo", "--strict")
    assert (checked.code, checked.err) == (0, "")
    rehearsed = stage.somos("rehearse", "ano-nuevo", "--out", "var", "--json")
    assert rehearsed.code == 0
    assert {it["status"] for it in rehearsed.json["deliveries"]} == {"published"}
    assert {name for name, number in rehearsed.json["public"].items() if number} == {*networks}


def test_what_was_answered_stands_in_the_files(stage: Stage) -> None:
    words = ("--timezone", "America/Lima", "--approval", "UNHCR", "--approval", "IOM")
    answer = begun(stage, *words, "--json")
    assert answer.json["next"] == ["somos check ano-nuevo", "somos rehearse ano-nuevo"]
    read = tomllib.loads((stage.folder / "campaigns" / "ano-nuevo.toml").read_text())
    assert (read["name"], read["timezone"]) == ("Año Nuevo", "America/Lima")
    assert read["approvals"] == ["UNHCR", "IOM"]
    assert read["post"][0]["due"].date() == date.fromisoformat(DAY)
    assert len(read["post"]) == 3


def test_only_the_owner_reads_the_config_and_no_secret_stands_in_it(stage: Stage) -> None:
    begun(stage)
    config, folder = stage.folder / "config.toml", stage.folder / "secrets"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    [page, account, x] = tomllib.loads(config.read_text())["channel"]
    references = [page["token"], account["token"], *(x[it] for it in x if it != "name")]
    assert len(references) == 6
    assert all(it.startswith("file:secrets/") for it in references)
    assert "/secrets/" in (stage.folder / ".gitignore").read_text()


@pytest.mark.parametrize(
    "there", ["config.toml", "campaigns/ano-nuevo.toml", ".gitignore", "media/ejemplos/igual.jpg"]
)
def test_where_one_file_is_there_none_is_made(stage: Stage, there: str) -> None:
    stage.write(there, "mine")
    answer = begun(stage)
    assert (answer.code, there in answer.err) == (2, True)
    assert files(stage.folder) == {there: b"mine"}


def test_without_a_terminal_the_defaults_are_taken_in_a_folder_that_is_made(stage: Stage) -> None:
    answer = stage.somos("init", "nuevo/aqui")
    assert answer.code == 0
    assert "cd nuevo/aqui && somos check somos-lo-mismo" in answer.out
    assert (stage.folder / "nuevo" / "aqui" / "campaigns" / "somos-lo-mismo.toml").is_file()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--timezone", "Panama City"),
        ("--channel", "tiktok:a"),
        ("--approval", "UNHCR:Ana"),
        ("--first-day", "2001-01-01"),
        ("--first-day", "pronto"),
        ("--name", " "),
        ("--name", "a\x1b[2Jb"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_made(stage: Stage, option: str, value: str) -> None:
    answer = stage.somos("init", option, value)
    assert (answer.code, "\x1b" in answer.err) == (2, False)
    assert files(stage.folder) == {}


def test_a_name_that_would_end_a_text_stands_in_it(stage: Stage) -> None:
    assert stage.somos("init", "--name", 'Lo "mismo" \\ aquí').code == 0
    assert stage.somos("check", "lo-mismo-aqui").code == 0
