"""Videos and reels of a page, whole, in transfers and through rupload."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import requests

from somos_social.sandbox import Sandbox
from tests.files.test_media_films import shoot

from .networks import OTHER_PAGE, PAGE, Clock, Film, Graph, error_of

CHUNK = 1024 * 1024


def video_post(box: Sandbox, files: Any = None, **form: str) -> requests.Response:
    url = f"{box.url}/graph-video/v26.0/{PAGE}/videos"
    data = {"access_token": "facebook-token"} | form
    return requests.post(url, data=data, files=files, timeout=10)


def test_a_whole_video_is_public_when_it_is_processed(
    box: Sandbox, graph: Graph, film: Film, clock: Clock
) -> None:
    path = film(size=(640, 360))
    with path.open("rb") as file:
        answer = video_post(box, {"source": file}, description="corto", title="Título")
    video = answer.json()["id"]
    assert box.posts() == []
    status = graph.get(video, fields="status,post_id").json()
    assert status["status"]["video_status"] == "processing"
    assert "post_id" not in status
    clock.pass_(seconds=10)
    [post] = box.posts()
    assert (post.text, post.media[0].kind, post.created_at) == ("corto", "video", clock.now)
    assert post.media[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    done = graph.get(video, fields="status,post_id,permalink_url").json()
    assert done["status"]["video_status"] == "ready"
    assert done["status"]["publishing_phase"]["publish_status"] == "published"
    assert done["post_id"] == post.id
    assert post.url.endswith(done["permalink_url"])
    assert done["permalink_url"].startswith("/")


def test_what_is_promised_and_still_to_happen_is_told(
    box: Sandbox, film: Film, clock: Clock
) -> None:
    def underway() -> int:
        told: int = requests.get(f"{box.url}/_sandbox/underway", timeout=5).json()["underway"]
        return told

    assert underway() == 0
    with film(size=(640, 360)).open("rb") as file:
        assert video_post(box, {"source": file}).ok
    assert underway() == 1
    clock.pass_(seconds=10)
    assert underway() == 0


def test_an_unpublished_video_never_appears(box: Sandbox, film: Film, clock: Clock) -> None:
    with film(size=(640, 360)).open("rb") as file:
        assert video_post(box, {"source": file}, published="false").ok
    clock.pass_(days=1)
    assert box.posts() == []


def test_a_video_deleted_while_it_is_processed_never_appears(
    box: Sandbox, graph: Graph, film: Film, clock: Clock
) -> None:
    with film(size=(640, 360)).open("rb") as file:
        video = video_post(box, {"source": file}).json()["id"]
    assert graph.delete(video).json() == {"success": True}
    clock.pass_(minutes=1)
    assert box.posts() == []


def test_a_deleted_video_takes_its_post_along(
    box: Sandbox, graph: Graph, film: Film, clock: Clock
) -> None:
    with film(size=(640, 360)).open("rb") as file:
        video = video_post(box, {"source": file}).json()["id"]
    clock.pass_(seconds=10)
    post = box.posts()[0].id
    assert graph.delete(video).ok
    assert box.posts() == []
    assert error_of(graph.get(post)) == (400, 100, 33)


def test_bytes_that_are_no_video_are_refused(box: Sandbox) -> None:
    answer = video_post(box, {"source": ("v.mp4", b"not a video at all")})
    assert error_of(answer) == (400, 6000, None)


def test_a_video_that_is_too_wide_is_refused(box: Sandbox, film: Film) -> None:
    with film(size=(640, 200)).open("rb") as file:
        assert error_of(video_post(box, {"source": file})) == (400, 100, 1363040)


def transfer(box: Sandbox, session: str, start: int, data: bytes) -> requests.Response:
    return video_post(
        box,
        {"video_file_chunk": ("chunk", data, "application/octet-stream")},
        upload_phase="transfer",
        upload_session_id=session,
        start_offset=str(start),
    )


def test_a_video_in_transfers_is_public_after_finish(
    box: Sandbox, film: Film, clock: Clock, tmp_path: Path
) -> None:
    data = film(size=(640, 360)).read_bytes() + bytes(2 * CHUNK)
    begin = video_post(box, upload_phase="start", file_size=str(len(data))).json()
    session = begin["upload_session_id"]
    assert (begin["start_offset"], begin["end_offset"]) == ("0", str(CHUNK))
    start, end = 0, CHUNK
    while start < end:
        answer = transfer(box, session, start, data[start:end]).json()
        start, end = int(answer["start_offset"]), int(answer["end_offset"])
    assert start == len(data)
    done = video_post(box, upload_phase="finish", upload_session_id=session, description="hola")
    assert done.json() == {"success": True}
    clock.pass_(seconds=10)
    assert box.posts()[0].media[0].bytes_path.read_bytes() == data
    again = video_post(box, upload_phase="finish", upload_session_id=session)
    assert error_of(again) == (400, 6000, 1363030)


def test_a_chunk_at_the_wrong_offset_is_told_where_to_go_on(box: Sandbox) -> None:
    begin = video_post(box, upload_phase="start", file_size=str(2 * CHUNK)).json()
    session = begin["upload_session_id"]
    assert transfer(box, session, 0, bytes(CHUNK)).ok
    wrong = transfer(box, session, 0, bytes(CHUNK))
    assert error_of(wrong) == (400, 6001, 1363037)
    expected = {"start_offset": CHUNK, "end_offset": 2 * CHUNK}
    assert wrong.json()["error"]["error_data"] == expected
    assert wrong.json()["error"]["is_transient"] is True


def test_a_transfer_cannot_be_finished_early(box: Sandbox) -> None:
    begin = video_post(box, upload_phase="start", file_size="10").json()
    early = video_post(box, upload_phase="finish", upload_session_id=begin["upload_session_id"])
    assert error_of(early) == (400, 6000, 1363033)


class Reels:
    """A reel step by step."""

    def __init__(self, box: Sandbox, graph: Graph) -> None:
        self.box, self.graph = box, graph

    def start(self) -> str:
        answer = self.graph.post(f"{PAGE}/video_reels", upload_phase="start").json()
        url = f"https://rupload.facebook.com/video-upload/v26.0/{answer['video_id']}"
        assert answer["upload_url"] == url
        return str(answer["video_id"])

    def send(
        self, video: str, data: bytes, offset: int = 0, size: int | None = None, **headers: str
    ) -> requests.Response:
        headers = {
            "Authorization": "OAuth facebook-token",
            "offset": str(offset),
            "file_size": str(len(data) if size is None else size),
        } | headers
        return requests.post(self.url(video), data=data, headers=headers, timeout=10)

    def url(self, video: str) -> str:
        return f"{self.box.url}/rupload/video-upload/v26.0/{video}"

    def finish(self, video: str, **form: str) -> requests.Response:
        form = {"upload_phase": "finish", "video_id": video, "video_state": "PUBLISHED"} | form
        return self.graph.post(f"{PAGE}/video_reels", **form)


@pytest.fixture
def reels(box: Sandbox, graph: Graph) -> Reels:
    return Reels(box, graph)


def test_a_reel_is_public_when_it_is_processed(
    reels: Reels, box: Sandbox, graph: Graph, film: Film, clock: Clock
) -> None:
    video = reels.start()
    status = graph.get(video, fields="status").json()["status"]
    assert status["video_status"] == "uploading"
    assert reels.send(video, film().read_bytes()).json()["success"] is True
    status = graph.get(video, fields="status").json()["status"]
    assert (status["video_status"], status["processing_phase"]["status"]) == (
        "upload_complete",
        "not_started",
    )
    assert reels.finish(video, description="#SomosLoMismo").json() == {"success": True}
    assert box.posts() == []
    clock.pass_(seconds=10)
    [post] = box.posts()
    assert (post.format, post.text) == ("reel", "#SomosLoMismo")
    listed = graph.get(f"{PAGE}/video_reels", fields="post_id").json()["data"]
    assert listed == [{"post_id": post.id, "id": video}]
    assert graph.get(f"{PAGE}/videos").json() == {"data": []}


def test_a_reel_upload_goes_on_where_it_broke_off(reels: Reels, film: Film) -> None:
    data, video = film().read_bytes(), reels.start()
    half = len(data) // 2
    partial = reels.send(video, data[:half], size=len(data))
    assert partial.status_code == 400
    assert partial.json()["debug_info"]["type"] == "PartialRequestError"
    headers = {"Authorization": "OAuth facebook-token"}
    here = requests.get(reels.url(video), headers=headers, timeout=5).json()
    assert here == {"offset": half}
    wrong = reels.send(video, data, size=len(data)).json()["debug_info"]
    assert (wrong["type"], wrong["bytes_transfered"]) == ("OffsetInvalidError", half)
    assert error_of(reels.finish(video)) == (400, 6000, 1363130)
    assert reels.send(video, data[half:], half, len(data)).json()["success"] is True
    assert reels.finish(video).ok


def test_rupload_takes_no_more_bytes_than_announced(reels: Reels) -> None:
    answer = reels.send(reels.start(), bytes(100), size=50)
    assert answer.json()["debug_info"]["type"] == "ProcessingFailedError"


def test_rupload_needs_the_right_token(reels: Reels) -> None:
    video = reels.start()
    assert error_of(reels.send(video, b"x", Authorization="OAuth nobody"))[1] == 190
    assert error_of(reels.send(video, b"x", Authorization="OAuth other-token"))[1:] == (100, 33)
    assert error_of(reels.send(video, b"x", Authorization="Bearer facebook-token"))[1] == 104


def test_rupload_fetches_a_hosted_file_but_none_from_fbcdn(
    reels: Reels, box: Sandbox, film: Film
) -> None:
    film("web.mp4")
    video = reels.start()
    headers = {"Authorization": "OAuth facebook-token"}
    fbcdn = requests.post(
        reels.url(video), headers=headers | {"file_url": "https://x.fbcdn.net/v.mp4"}, timeout=5
    )
    assert fbcdn.json()["debug_info"]["retriable"] is False
    good = headers | {"file_url": f"{box.media_url}web.mp4"}
    assert requests.post(reels.url(video), headers=good, timeout=5).json()["success"] is True
    assert reels.finish(video).ok


@pytest.mark.parametrize(
    ("bad", "subcode"),
    [
        ({"size": (640, 640)}, 1363040),
        ({"size": (360, 640)}, 1363127),
        ({"seconds": 1}, 1363128),
        ({"fps": 10}, 1363129),
    ],
)
def test_a_reel_of_the_wrong_make_is_refused(
    reels: Reels, film: Film, bad: dict[str, Any], subcode: int
) -> None:
    video = reels.start()
    reels.send(video, film(**bad).read_bytes())
    assert error_of(reels.finish(video)) == (400, 100, subcode)


@pytest.mark.parametrize(
    "bad",
    [{"sound": "libmp3lame"}, {"format": "yuv444p"}, {"codec": "mpeg4"}, {"x264-params": "tff=1"}],
)
def test_a_reel_that_is_encoded_in_another_way_is_refused(
    reels: Reels, tmp_path: Path, bad: dict[str, Any]
) -> None:
    video = reels.start()
    reels.send(video, shoot(tmp_path / "mal.mp4", size=(540, 960), **bad).read_bytes())
    assert error_of(reels.finish(video)) == (400, 352, None)


def test_a_reel_that_a_telephone_marked_as_turned_counts_as_it_is_shown(
    reels: Reels, tmp_path: Path
) -> None:
    video = reels.start()
    reels.send(video, shoot(tmp_path / "a.mov", size=(960, 540), turned=90).read_bytes())
    assert reels.finish(video).ok


def test_a_reel_is_finished_once(reels: Reels, film: Film) -> None:
    video = reels.start()
    reels.send(video, film().read_bytes())
    assert reels.finish(video).ok
    assert error_of(reels.finish(video)) == (400, 100, None)


def test_a_draft_reel_stays_a_draft(reels: Reels, box: Sandbox, film: Film, clock: Clock) -> None:
    video = reels.start()
    reels.send(video, film().read_bytes())
    assert error_of(reels.finish(video, video_state="LIVE")) == (400, 100, None)
    assert reels.finish(video, video_state="DRAFT").ok
    clock.pass_(days=1)
    assert box.posts() == []


def test_the_thirty_first_reel_of_a_day_is_refused(
    reels: Reels, graph: Graph, film: Film, clock: Clock
) -> None:
    data = film().read_bytes()
    for _ in range(30):
        video = reels.start()
        reels.send(video, data)
        assert reels.finish(video).ok
    refused = graph.post(f"{PAGE}/video_reels", upload_phase="start")
    assert error_of(refused) == (400, 613, None)
    clock.pass_(hours=24)
    assert reels.start()


def test_a_reel_of_another_page_cannot_be_finished(reels: Reels, box: Sandbox, film: Film) -> None:
    video = reels.start()
    reels.send(video, film().read_bytes())
    other = Graph(box.url, "other-token")
    answer = other.post(
        f"{OTHER_PAGE}/video_reels", upload_phase="finish", video_id=video, video_state="PUBLISHED"
    )
    assert error_of(answer) == (400, 100, None)
