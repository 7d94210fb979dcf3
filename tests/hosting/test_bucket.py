"""A bucket: pictures lie there privately, by a name that says nothing, and not for long."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from somos_social.core.events import Blocked, Unreachable
from somos_social.core.model.asset import Asset
from somos_social.errors import InvalidFiles
from somos_social.hosting.bucket import LEFT_ALONE_FOR
from tests.hosting.conftest import Shelf
from tests.platforms.stage import event_of


def test_a_picture_is_fetched_as_it_is_by_a_link_that_ends_after_a_day(
    shelf: Shelf, picture: Asset
) -> None:
    shown = shelf.bucket().show(picture)
    answer = requests.get(shown.address, timeout=20)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content == (shelf.root / "carmen.jpg").read_bytes()
    assert parse_qs(urlsplit(shown.address).query)["X-Amz-Expires"] == ["86400"]


def test_without_the_signature_nothing_is_given(shelf: Shelf, picture: Asset) -> None:
    shown = shelf.bucket().show(picture)
    assert requests.get(shown.address.partition("?")[0], timeout=20).status_code == 403


def test_a_name_says_nothing_and_is_never_the_same(shelf: Shelf, picture: Asset) -> None:
    names = {urlsplit(shelf.bucket().show(picture).address).path for _ in range(2)}
    assert len(names) == 2
    for name in names:
        assert re.fullmatch(r"/somos-media/insta/gram/[0-9a-f]{64}\.jpg", name)


def test_what_is_hidden_is_gone_and_nothing_else(shelf: Shelf, picture: Asset) -> None:
    bucket = shelf.bucket()
    kept, hidden = bucket.show(picture), bucket.show(picture)
    bucket.hide(hidden.mark)
    assert requests.get(hidden.address, timeout=20).status_code == 404
    assert requests.get(kept.address, timeout=20).status_code == 200


def test_what_was_left_is_swept_up_once_it_can_no_longer_be_fetched(
    shelf: Shelf, picture: Asset
) -> None:
    others = {"insta/gram/logo.jpg", "insta/gram/below/" + "0" * 64 + ".jpg", "0" * 64 + ".jpg"}
    for name in others:
        shelf.put(name)
    left = shelf.bucket().show(picture)
    bucket = shelf.bucket()
    shelf.ahead = LEFT_ALONE_FOR - timedelta(minutes=10)
    bucket.sweep()
    assert f"insta/gram/{left.mark}" in shelf.names()
    shelf.ahead = LEFT_ALONE_FOR + timedelta(minutes=10)
    bucket.sweep()
    assert f"insta/gram/{left.mark}" in shelf.names(), "asked again within the hour"
    shelf.ahead += timedelta(hours=1)
    bucket.sweep()
    assert shelf.names() == others


def test_a_look_leaves_nothing_behind(shelf: Shelf, picture: Asset) -> None:
    shelf.bucket().look(picture)
    assert shelf.names() == set()


def test_a_key_that_is_refused_waits_for_a_person_and_is_not_told(
    shelf: Shelf, picture: Asset
) -> None:
    shelf.asks_for_keys()
    shelf.key, shelf.secret = "AKIANOBODY", "a-secret-of-nobody"
    event = event_of(shelf.bucket().show, picture)
    assert isinstance(event, Blocked)
    assert "bucket_key" in event.reason
    assert "InvalidAccessKeyId" in event.reason
    assert "AKIANOBODY" not in event.reason
    assert "a-secret" not in event.reason
    with pytest.raises(InvalidFiles) as caught:
        shelf.bucket().look(picture)
    assert [problem.key for problem in caught.value.problems] == ["media.bucket"]


def test_what_cannot_be_removed_now_is_told_and_stops_nothing(
    shelf: Shelf, picture: Asset, caplog: pytest.LogCaptureFixture
) -> None:
    shown = shelf.bucket().show(picture)
    shelf.asks_for_keys()
    shelf.secret = "a-secret-of-nobody"
    shelf.bucket().hide(shown.mark)
    shelf.bucket().sweep()
    assert "could not be removed" in caplog.text
    assert "a-secret" not in caplog.text


def test_a_bucket_that_is_not_there_waits_for_a_person(shelf: Shelf, picture: Asset) -> None:
    event = event_of(shelf.bucket(shelf.settings("no-such-bucket")).show, picture)
    assert isinstance(event, Blocked)
    assert "no bucket no-such-bucket" in event.reason


def test_a_bucket_that_cannot_be_reached_is_tried_again(shelf: Shelf, picture: Asset) -> None:
    event = event_of(shelf.bucket(shelf.settings(url="http://127.0.0.1:9")).show, picture)
    assert isinstance(event, Unreachable)
    assert "somos-media" in event.reason
    with pytest.raises(InvalidFiles) as caught:
        shelf.bucket(shelf.settings(url="http://127.0.0.1:9")).look(picture)
    assert "bucket_endpoint" in caught.value.problems[0].hint


def test_a_secret_that_is_missing_is_named(shelf: Shelf, picture: Asset) -> None:
    shelf.key = ""
    with pytest.raises(InvalidFiles, match="BUCKET_KEY"):
        shelf.bucket().show(picture)


def test_a_picture_that_changed_is_not_laid_there(shelf: Shelf, picture: Asset) -> None:
    event = event_of(shelf.bucket().show, replace(picture, size=picture.size + 1))
    assert isinstance(event, Blocked)
    assert shelf.names() == set()


def test_what_the_environment_says_of_another_account_does_not_get_in_between(
    shelf: Shelf, picture: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-another-account")
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    shown = shelf.bucket().show(picture)
    assert "of-another-account" not in shown.address
