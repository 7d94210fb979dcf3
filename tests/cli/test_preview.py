"""`somos preview`: one file, made without a config, that says what it holds."""

import stat
from pathlib import Path

import pytest
from PIL import Image

from somos_social.preview.page import MARK
from tests.cli.stage import FACEBOOK, ROOT, SLUG, Stage, X, just_now

CAMPAIGN = f"""
name = "Una prueba"
timezone = "America/Panama"
channels = ["{FACEBOOK}", "instagram:somoslomismopa", "{X}"]
[[post]]
key = "uno"
due = 2020-12-01T09:00:00
text = "Somos lo mismo."
assets = ["carmen.jpg"]
"""


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """With a picture that is too wide for Instagram, and a time that is past."""
    (stage.folder / "media").mkdir()
    Image.new("RGB", (2100, 900), "teal").save(stage.folder / "media" / "carmen.jpg")
    stage.write("media/carmen.jpg.toml", 'alt = "Carmen."')
    stage.write("campaigns/prueba.toml", CAMPAIGN)
    return stage


def test_a_preview_needs_no_config_and_makes_what_is_missing(desk: Stage) -> None:
    answer = desk.somos("preview", SLUG)
    assert (answer.code, answer.err) == (0, "")
    assert "preview-prueba.html: 1 post, 2 pictures of up to 900 pixels a side" in answer.out
    file = desk.folder / "preview-prueba.html"
    assert file.read_bytes().startswith(MARK)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(list((desk.folder / "media" / ".fitted").glob("*.jpg"))) == 1
    assert not (desk.folder / "somos.db").exists()


def test_the_next_preview_replaces_the_one_before_and_no_other_file(desk: Stage) -> None:
    assert desk.somos("preview", SLUG, "uno").code == 0
    assert desk.somos("preview", SLUG, "uno").code == 0
    assert (desk.folder / "preview-prueba-uno.html").exists()
    own = desk.write("mine.html", "<p>Mine.</p>")
    refused = desk.somos("preview", SLUG, "--out", "mine.html")
    assert refused.code == 2
    assert "--force" in refused.err
    assert own.read_text() == "<p>Mine.</p>"
    assert desk.somos("preview", SLUG, "--out", "mine.html", "--force").code == 0
    assert own.read_bytes().startswith(MARK)


def test_the_answer_as_json_says_what_is_in_it(desk: Stage) -> None:
    answer = desk.somos("preview", SLUG, "--out", "a.html", "--json")
    file = desk.folder / "a.html"
    assert answer.json == {
        "file": str(file),
        "posts": 1,
        "pictures": 2,
        "left_out": 0,
        "bytes": file.stat().st_size,
    }


def test_problems_are_named_and_nothing_is_written(desk: Stage) -> None:
    desk.write("campaigns/prueba.toml", CAMPAIGN.replace("carmen.jpg", "nada.jpg"))
    assert desk.somos("preview", SLUG).code == 3
    desk.write("campaigns/prueba.toml", CAMPAIGN)
    assert desk.somos("preview", SLUG, "nada").code == 2
    assert desk.somos("preview", SLUG, "--out", "nowhere/a.html").code == 2
    assert list(desk.folder.glob("*.html*")) == []


def test_with_a_database_it_says_whose_yes_is_missing(connected: Stage) -> None:
    connected.campaign({"uno": just_now()}, head='approvals = ["UNHCR", "IOM"]')
    assert connected.somos("preview", SLUG).code == 0
    html = (connected.folder / "preview-prueba.html").read_text()
    assert "Necesita el de" in html
    assert connected.somos("schedule", SLUG).code == 0
    assert connected.somos("preview", SLUG).code == 0
    html = (connected.folder / "preview-prueba.html").read_text()
    assert "Falta el de" in html


def test_the_campaign_of_this_repository_can_be_mailed(stage: Stage) -> None:
    campaign = str(ROOT / "campaigns" / "somos-encuentro-chile.toml")
    answer = stage.somos("preview", campaign, "--out", "chile.html")
    assert answer.code == 0, answer.err
    assert Path(stage.folder / "chile.html").stat().st_size < 11_000_000
