"""Media on X: in chunks, in one shot, processed and described."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from somos_social.sandbox import Sandbox
from tests.files.test_media_films import shoot

from .networks import Clock, Film, Picture, X

CHUNK = 1024 * 1024


def start(x: X, **body: Any) -> requests.Response:
    announced = {"media_type": "image/jpeg", "media_category": "tweet_image", "total_bytes": 10}
    return x.call("POST", "/2/media/upload/initialize", json=announced | body)


def append(x: X, media: str, data: bytes, index: int = 0) -> requests.Response:
    body = {"segment_index": index, "media": base64.b64encode(data).decode()}
    return x.call("POST", f"/2/media/upload/{media}/append", json=body)


def status(x: X, media: str) -> requests.Response:
    return x.call("GET", "/2/media/upload", params={"command": "STATUS", "media_id": media})


def test_an_image_needs_no_processing(x: X, picture: Picture) -> None:
    data = picture().read_bytes()
    made = start(x, total_bytes=len(data)).json()["data"]
    assert made["media_key"] == f"3_{made['id']}"
    half = len(data) // 2
    assert "expires_at" in append(x, made["id"], data[half:], 1).json()["data"]
    assert append(x, made["id"], data[:half], 0).ok
    done = x.call("POST", f"/2/media/upload/{made['id']}/finalize").json()["data"]
    assert "processing_info" not in done
    assert done["image"] == {"image_type": "image/jpeg", "w": 1080, "h": 1080}
    answer = status(x, made["id"])
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"message": "BadRequest: Not found"}]


def test_a_video_is_processed_by_the_clock(x: X, film: Film, clock: Clock) -> None:
    video = x.upload(film(), "video/mp4", "tweet_video")
    states = []
    for _ in range(4):
        states.append(status(x, video).json()["data"]["processing_info"]["state"])
        clock.pass_(seconds=5)
    assert states == ["pending", "in_progress", "in_progress", "succeeded"]


def test_a_gif_is_processed_too(x: X, media_root: Path, clock: Clock) -> None:
    path = media_root / "a.gif"
    frames = [Image.new("P", (64, 64), color) for color in (1, 2)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    gif = x.upload(path, "image/gif", "tweet_gif")
    info = status(x, gif).json()["data"]
    assert info["media_key"] == f"16_{gif}"
    assert info["processing_info"]["check_after_secs"] > 0
    clock.pass_(seconds=5)
    assert x.post(media={"media_ids": [gif]}).status_code == 201


@pytest.mark.parametrize("bad", [{"sound": "libmp3lame"}, {"layout": "5.1"}, {"format": "yuv444p"}])
def test_a_video_of_another_make_fails_in_processing(
    x: X, tmp_path: Path, clock: Clock, bad: dict[str, Any]
) -> None:
    video = x.upload(shoot(tmp_path / "mal.mp4", **bad), "video/mp4", "tweet_video")
    clock.pass_(seconds=15)
    assert status(x, video).json()["data"]["processing_info"]["state"] == "failed"


@pytest.mark.parametrize("bad", [{"seconds": 141, "fps": 1}, {"codec": "mpeg4"}])
def test_a_bad_video_fails_in_processing(
    x: X, film: Film, clock: Clock, bad: dict[str, Any]
) -> None:
    video = x.upload(film("mal.mp4", (64, 64), **bad), "video/mp4", "tweet_video")
    clock.pass_(seconds=15)
    info = status(x, video).json()["data"]["processing_info"]
    assert info["state"] == "failed"
    assert info["error"]["name"] == "InvalidMedia"
    assert x.post(text="a", media={"media_ids": [video]}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"media_category": "dm_image"},
        {"media_type": "image/tiff"},
        {"media_type": "video/mp4"},
        {"total_bytes": 5 * 1024 * 1024 + 1},
        {"total_bytes": "10"},
        {"total_bytes": 0},
        {"total_bytes": True},
        {"name": "a.jpg"},
    ],
)
def test_an_announcement_that_cannot_be_is_refused(x: X, body: dict[str, Any]) -> None:
    assert start(x, **body).status_code == 400


@pytest.mark.parametrize(
    ("category", "kind", "most"),
    [
        ("tweet_image", "image/png", 5),
        ("tweet_gif", "image/gif", 15),
        ("tweet_video", "video/mp4", 512),
    ],
)
def test_each_category_has_its_size(x: X, category: str, kind: str, most: int) -> None:
    body: dict[str, Any] = {"media_category": category, "media_type": kind}
    assert start(x, **body, total_bytes=most * 1024 * 1024).ok
    assert start(x, **body, total_bytes=most * 1024 * 1024 + 1).status_code == 400


def test_a_chunk_over_one_mebibyte_is_cut_off_without_a_word(x: X) -> None:
    media = start(x, total_bytes=2 * CHUNK).json()["data"]["id"]
    answer = append(x, media, bytes(CHUNK + 1))
    assert (answer.status_code, answer.content) == (413, b"")
    assert append(x, media, bytes(CHUNK)).ok


def test_a_chunk_may_come_as_a_multipart_form(box: Sandbox, x: X, picture: Picture) -> None:
    data = picture().read_bytes()
    media = start(x, total_bytes=len(data)).json()["data"]["id"]
    answer = requests.post(
        f"{box.url}/x/2/media/upload/{media}/append",
        data={"segment_index": "0"},
        files={"media": ("blob", data)},
        headers={"Authorization": "Bearer first-bearer"},
        timeout=5,
    )
    assert answer.status_code == 200
    assert x.call("POST", f"/2/media/upload/{media}/finalize").ok


@pytest.mark.parametrize(
    "body",
    [
        {"segment_index": 1000, "media": "eA=="},
        {"segment_index": -1, "media": "eA=="},
        {"segment_index": "0", "media": "eA=="},
        {"segment_index": 0, "media": "not base64"},
        {"segment_index": 0, "media": ""},
        {"segment_index": 0},
        {"segment_index": 0, "media": "eA==", "more": 1},
    ],
)
def test_a_chunk_that_cannot_be_is_refused(x: X, body: dict[str, Any]) -> None:
    media = start(x).json()["data"]["id"]
    assert x.call("POST", f"/2/media/upload/{media}/append", json=body).status_code == 400


def test_an_upload_with_a_gap_or_the_wrong_size_is_not_finalized(x: X) -> None:
    media = start(x, total_bytes=2).json()["data"]["id"]
    finalize = f"/2/media/upload/{media}/finalize"
    assert x.call("POST", finalize).status_code == 400
    append(x, media, b"a", 0)
    assert x.call("POST", finalize).status_code == 400
    append(x, media, b"b", 2)
    assert x.call("POST", finalize).status_code == 400


def test_an_image_that_is_none_is_refused(x: X, picture: Picture, tmp_path: Path) -> None:
    fake = tmp_path / "fake.jpg"
    fake.write_bytes(b"nothing to see")
    png = picture("foto.png").read_bytes()
    for data in (fake.read_bytes(), png):
        media = start(x, total_bytes=len(data)).json()["data"]["id"]
        append(x, media, data)
        assert x.call("POST", f"/2/media/upload/{media}/finalize").status_code == 400


def test_the_upload_of_another_user_is_out_of_reach(x: X, x_of: Callable[[str], X]) -> None:
    media = start(x).json()["data"]["id"]
    other = x_of("second")
    assert append(other, media, b"x").status_code == 400
    assert other.call("POST", f"/2/media/upload/{media}/finalize").status_code == 400
    alt = {"id": media, "metadata": {"alt_text": {"text": "x"}}}
    assert other.call("POST", "/2/media/metadata", json=alt).status_code == 400


def test_alt_text_has_up_to_a_thousand_characters(x: X, picture: Picture) -> None:
    media = x.image(picture())

    def describe(text: Any) -> requests.Response:
        body = {"id": media, "metadata": {"alt_text": {"text": text}}}
        return x.call("POST", "/2/media/metadata", json=body)

    done = describe("á" * 1000)
    expected = {"id": media, "associated_metadata": {"alt_text": {"text": "á" * 1000}}}
    assert done.json()["data"] == expected
    for bad in ("x" * 1001, "", None):
        assert describe(bad).status_code == 400


def test_one_shot_takes_a_small_image(x: X, box: Sandbox, picture: Picture) -> None:
    data = base64.b64encode(picture().read_bytes()).decode()
    body = {"media": data, "media_category": "tweet_image", "media_type": "image/jpeg"}
    done = x.call("POST", "/2/media/upload", json=body).json()["data"]
    assert x.post(text="a", media={"media_ids": [done["id"]]}).status_code == 201
    del body["media_category"]
    assert x.call("POST", "/2/media/upload", json=body).status_code == 400
    assert len(box.posts()) == 1
