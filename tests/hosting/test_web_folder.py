"""A folder on the web: what Instagram would not get is told with what to do."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from somos_social.core.model.asset import Asset
from somos_social.errors import InvalidFiles, Problem
from somos_social.hosting.web_folder import WebFolder
from tests.hosting.web import serving
from tests.platforms.servers import HANG, Reply, always, answering
from tests.samples import an_asset

PLACE = "https://media.example.org"


@pytest.fixture
def picture(tmp_path: Path) -> Asset:
    Image.new("RGB", (400, 500), "teal").save(tmp_path / "día 1.jpg")
    return an_asset(path="día 1.jpg")


def folder(root: Path, url: str, seconds: float = 20, **rebase: str) -> WebFolder:
    return WebFolder(
        url,
        media_root=root,
        timeout=timedelta(seconds=seconds),
        rebase={PLACE: rebase["instead"]} if rebase else {},
        file="config.toml",
    )


def told(place: WebFolder, picture: Asset) -> Problem:
    with pytest.raises(InvalidFiles) as caught:
        place.look(picture)
    (problem,) = caught.value.problems
    assert (problem.file, problem.key) == ("config.toml", "media.public_url")
    assert problem.hint
    return problem


def test_a_picture_that_is_there_is_fetched(tmp_path: Path, picture: Asset) -> None:
    with serving(tmp_path) as address:
        folder(tmp_path, address).look(picture)


def test_what_the_config_answers_elsewhere_is_fetched_there(tmp_path: Path, picture: Asset) -> None:
    with serving(tmp_path) as address:
        folder(tmp_path, f"{PLACE}/", instead=address.rstrip("/")).look(picture)


JPEG = {"Content-Type": "image/jpeg"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply(404, b""), "answered with 404"),
        (Reply(401, b"", {"WWW-Authenticate": "Basic"}), "answered with 401"),
        (Reply(302, b"", {"Location": "https://login.example.org/?next=/"}), "login.example.org"),
        (Reply(200, b"<html>Log in", {"Content-Type": "text/html"}), "answered as text/html"),
        (Reply(200, b"another", JPEG), "another picture"),
        (Reply(200, b"cut off", JPEG, cut=3), "broke the connection"),
    ],
)
def test_what_is_not_the_picture_is_told(
    tmp_path: Path, picture: Asset, answer: Reply, words: str
) -> None:
    with answering(always(answer)) as server:
        assert words in told(folder(tmp_path, server.url), picture).problem


def test_a_server_that_is_not_there_is_told(tmp_path: Path, picture: Asset) -> None:
    problem = told(folder(tmp_path, "http://127.0.0.1:9/"), picture)
    assert "no connection could be opened" in problem.problem
    assert "internet" in problem.hint


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, picture: Asset) -> None:
    began = time.monotonic()
    with answering(always(HANG)) as server:
        assert "in time" in told(folder(tmp_path, server.url, seconds=2), picture).problem
    assert time.monotonic() - began < 60


def test_an_address_that_is_open_to_all_on_the_way_is_told(tmp_path: Path, picture: Asset) -> None:
    problem = told(folder(tmp_path, "http://media.example.org/"), picture)
    assert "https" in problem.hint
