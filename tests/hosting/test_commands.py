"""`somos check` and the daemon, where pictures are to be fetched from the web or a bucket."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from somos_social import settings
from somos_social.core.model.asset import Asset
from somos_social.daemon import mend
from somos_social.hosting.bucket import LEFT_ALONE_FOR, Bucket
from somos_social.wiring import open_app
from tests.cli.stage import Stage
from tests.hosting.conftest import Shelf
from tests.hosting.web import serving

CAMPAIGN = """
name = "Prueba"
timezone = "America/Panama"
channels = ["instagram:p"]
[[post]]
key = "hola"
due = 2060-12-01T09:00:00
text = "Hola"
assets = ["a.jpg"]
"""
CHANNEL = """
[[channel]]
name = "instagram:p"
user_id = "2"
token = "env:T"
"""
NOWHERE: dict[str, str | None] = {"SOMOS_CONFIG": None, "XDG_CONFIG_HOME": "/nowhere"}


@pytest.fixture
def desk(tmp_path: Path) -> Stage:
    media = tmp_path / "media"
    media.mkdir()
    Image.new("RGB", (500, 500), "teal").save(media / "a.jpg")
    (tmp_path / "prueba.toml").write_text(CAMPAIGN, encoding="utf-8")
    return Stage(tmp_path, NOWHERE)


def test_check_fetches_a_picture_only_where_a_config_says_from_where(desk: Stage) -> None:
    assert desk.somos("check", "prueba.toml").code == 0, "offline without a config"
    web = desk.folder / "web"
    web.mkdir()
    with serving(web) as address:
        config = f'[media]\npublic_url = "{address}"\n{CHANNEL}'
        (desk.folder / "config.toml").write_text(config, encoding="utf-8")
        answer = desk.somos("--json", "check", "prueba.toml")
        assert answer.code == 3
        assert [problem["key"] for problem in answer.json["problems"]] == ["media.public_url"]
        (web / "a.jpg").write_bytes((desk.folder / "media" / "a.jpg").read_bytes())
        assert desk.somos("check", "prueba.toml").code == 0


def test_schedule_tries_the_bucket_and_check_lays_nothing_there(desk: Stage, shelf: Shelf) -> None:
    config = f"""[media]
bucket = "s3://somos-media/insta"
bucket_endpoint = "{shelf.url}"
bucket_key = "env:K"
bucket_secret = "env:S"
{CHANNEL}"""
    (desk.folder / "config.toml").write_text(config, encoding="utf-8")
    assert desk.somos("check", "prueba.toml").code == 0
    answer = desk.somos("--json", "schedule", "prueba.toml")
    assert (answer.code, answer.json["problems"][0]["key"]) == (3, "media.bucket_key")
    assert desk.somos("schedule", "prueba.toml", K="any", S="any-secret").code == 0
    assert shelf.names() == set()


def test_a_daemon_sweeps_up_what_a_killed_one_left(
    desk: Stage, shelf: Shelf, picture: Asset
) -> None:
    shelf.bucket().show(picture)
    config = desk.folder / "config.toml"
    config.write_text(CHANNEL, encoding="utf-8")
    shelf.ahead = 2 * LEFT_ALONE_FOR
    bucket: Bucket = shelf.bucket()
    app = replace(open_app(settings.load(config, {}), actor="tests"), pictures=bucket)
    try:
        mend(app)
    finally:
        app.store.close()
    assert shelf.names() == set()
