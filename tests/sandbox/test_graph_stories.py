"""Stories of a page: a photo or a video of their own, listed for a day."""

from typing import Any

import pytest
import requests

from somos_social.sandbox import Sandbox

from .networks import OTHER_PAGE, PAGE, Clock, Film, Graph, Picture, attached, error_of

LISTED = "post_id,status,creation_time,media_type,media_id,url"


def tell(graph: Graph, photo: str) -> requests.Response:
    return graph.post(f"{PAGE}/photo_stories", photo_id=photo)


def uploaded(graph: Graph, box: Sandbox, data: bytes, edge: str = "video_stories") -> str:
    video = str(graph.post(f"{PAGE}/{edge}", upload_phase="start").json()["video_id"])
    headers = {
        "Authorization": "OAuth facebook-token",
        "offset": "0",
        "file_size": str(len(data)),
    }
    url = f"{box.url}/rupload/video-upload/v26.0/{video}"
    assert requests.post(url, data=data, headers=headers, timeout=10).json()["success"] is True
    return video


def finish(graph: Graph, video: str, **form: str) -> requests.Response:
    form = {"upload_phase": "finish", "video_id": video} | form
    return graph.post(f"{PAGE}/video_stories", **form)


def stories(graph: Graph, **query: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = graph.get(f"{PAGE}/stories", **query).json()["data"]
    return answer


def test_a_photo_story_is_public_at_once_and_among_the_stories_only(
    graph: Graph, box: Sandbox, clock: Clock, picture: Picture
) -> None:
    photo = graph.photo(picture(size=(540, 960)))
    assert box.posts() == []
    answer = tell(graph, photo).json()
    [post] = box.posts()
    assert (post.format, post.text, post.id) == ("story", "", photo)
    assert answer["success"] is True
    assert box.public_counts()["facebook"] == 1
    assert graph.get(f"{PAGE}/published_posts").json() == {"data": []}
    [listed] = stories(graph, fields=LISTED)
    assert listed == {
        "id": answer["post_id"],
        "post_id": answer["post_id"],
        "status": "published",
        "creation_time": str(int(clock.now.timestamp())),
        "media_type": "photo",
        "media_id": photo,
        "url": post.url,
    }
    assert f"/stories/{PAGE}/" in post.url
    assert listed == stories(graph)[0]


def test_a_video_story_is_public_when_it_is_processed(
    graph: Graph, box: Sandbox, clock: Clock, film: Film
) -> None:
    path = film()
    video = uploaded(graph, box, path.read_bytes())
    answer = finish(graph, video).json()
    assert (answer["success"], box.posts(), stories(graph)) == (True, [], [])
    clock.pass_(seconds=10)
    [post] = box.posts()
    assert (post.format, post.id) == ("story", video)
    assert post.media[0].bytes_path.read_bytes() == path.read_bytes()
    [listed] = stories(graph)
    assert (listed["media_type"], listed["media_id"]) == ("video", video)
    assert listed["post_id"] == answer["post_id"] != video
    status = graph.get(video, fields="status").json()["status"]
    assert status["publishing_phase"]["publish_status"] == "published"
    for edge in ("videos", "video_reels", "published_posts"):
        assert graph.get(f"{PAGE}/{edge}").json() == {"data": []}


def test_a_photo_that_was_shown_before_is_no_story(graph: Graph, picture: Picture) -> None:
    photo = graph.photo(picture())
    assert tell(graph, photo).ok
    assert error_of(tell(graph, photo)) == (400, 368, 1366051)
    again = graph.post(f"{PAGE}/feed", message="a", attached_media=attached(photo))
    assert error_of(again) == (400, 368, 1366051)
    shown = graph.photo(picture("b.jpg"))
    assert graph.post(f"{PAGE}/feed", message="a", attached_media=attached(shown)).ok
    assert error_of(tell(graph, shown)) == (400, 368, 1366051)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"photo_id": ""},
        {"photo_id": "foto"},
        {"photo_id": "404"},
        {"photo_id": PAGE},
        {"url": "https://acnur.org/a.jpg"},
        {"photo_id": "OWN", "message": "hola"},
        {"photo_id": "OWN", "place": "110774245616525"},
    ],
)
def test_a_photo_story_takes_a_photo_of_the_page_and_nothing_else(
    graph: Graph, box: Sandbox, picture: Picture, form: dict[str, str]
) -> None:
    own = graph.photo(picture())
    form = {name: own if value == "OWN" else value for name, value in form.items()}
    assert error_of(graph.post(f"{PAGE}/photo_stories", **form))[:2] == (400, 100)
    assert box.posts() == []


def test_a_photo_of_another_page_or_of_yesterday_is_no_story(
    graph: Graph, box: Sandbox, clock: Clock, picture: Picture
) -> None:
    photo = graph.photo(picture())
    other = Graph(box.url, "other-token")
    stolen = other.post(f"{OTHER_PAGE}/photo_stories", photo_id=photo)
    assert error_of(stolen) == (400, 100, None)
    clock.pass_(hours=24)
    assert error_of(tell(graph, photo)) == (400, 100, None)


@pytest.mark.parametrize(
    ("bad", "subcode"),
    [
        ({"size": (640, 360)}, 1363040),
        ({"size": (270, 480)}, 1363127),
        ({"seconds": 2}, 1363128),
        ({"seconds": 62, "fps": 24}, 1363128),
        ({"fps": 15}, 1363129),
    ],
)
def test_a_video_story_of_the_wrong_make_is_refused(
    graph: Graph, box: Sandbox, film: Film, bad: dict[str, Any], subcode: int
) -> None:
    video = uploaded(graph, box, film(**bad).read_bytes())
    assert error_of(finish(graph, video)) == (400, 100, subcode)


def test_what_went_up_as_a_reel_is_no_story_and_the_other_way_round(
    graph: Graph, box: Sandbox, film: Film
) -> None:
    data = film().read_bytes()
    reel, story = uploaded(graph, box, data, "video_reels"), uploaded(graph, box, data)
    assert error_of(finish(graph, reel)) == (400, 100, None)
    form = {"upload_phase": "finish", "video_id": story, "video_state": "PUBLISHED"}
    assert error_of(graph.post(f"{PAGE}/video_reels", **form)) == (400, 100, None)


def test_a_video_story_is_finished_once_whole_and_with_nothing_beside(
    graph: Graph, box: Sandbox, film: Film
) -> None:
    empty = graph.post(f"{PAGE}/video_stories", upload_phase="start").json()["video_id"]
    assert error_of(finish(graph, empty)) == (400, 6000, 1363130)
    video = uploaded(graph, box, film().read_bytes())
    assert error_of(finish(graph, video, message="hola")) == (400, 100, None)
    assert error_of(finish(graph, video, upload_phase="transfer")) == (400, 100, None)
    assert finish(graph, video, upload_phase="FINISH").ok
    assert error_of(finish(graph, video)) == (400, 100, None)


def test_a_story_is_listed_for_a_day(graph: Graph, clock: Clock, picture: Picture) -> None:
    tell(graph, graph.photo(picture()))
    clock.pass_(hours=23, minutes=59)
    assert len(stories(graph, status='["PUBLISHED"]')) == 1
    assert stories(graph, status='["ARCHIVED"]') == []
    clock.pass_(minutes=1)
    assert stories(graph) == []
    assert error_of(graph.get(f"{PAGE}/stories", status="LIVE")) == (400, 100, None)


def test_a_story_goes_with_what_it_shows_and_not_by_itself(
    graph: Graph, box: Sandbox, clock: Clock, picture: Picture, film: Film
) -> None:
    photo, video = graph.photo(picture()), uploaded(graph, box, film().read_bytes())
    finish(graph, video)
    clock.pass_(seconds=10)
    story = tell(graph, photo).json()["post_id"]
    assert error_of(graph.delete(story)) == (400, 100, 33)
    assert len(box.posts()) == 2
    for shown in (photo, video):
        assert graph.delete(shown).json() == {"success": True}
        assert error_of(graph.get(shown)) == (400, 100, 33)
    assert box.posts() == []
    assert stories(graph) == []
    assert error_of(graph.get(story)) == (400, 100, 33)


def test_a_story_stands_on_the_page_of_its_channel(
    graph: Graph, box: Sandbox, picture: Picture
) -> None:
    tell(graph, graph.photo(picture(), alt_text_custom="Una barca"))
    page = requests.get(f"{box.url}/feeds/facebook/somoslomismo", timeout=5).text
    assert "Historia" in page
    assert "Una barca" in page


def test_a_post_a_reel_and_their_place(
    graph: Graph, box: Sandbox, clock: Clock, film: Film
) -> None:
    place = "110774245616525"
    post = graph.post(f"{PAGE}/feed", message="hola", place=place).json()["id"]
    assert graph.get(post, fields="place").json()["place"] == {"id": place}
    video = uploaded(graph, box, film().read_bytes(), "video_reels")
    form = {"upload_phase": "finish", "video_id": video, "video_state": "PUBLISHED"}
    for wrong in ({"place": "Panamá"}, {"is_ai_generated": "True"}):
        assert error_of(graph.post(f"{PAGE}/video_reels", **form, **wrong)) == (400, 100, None)
    told = {"place": place, "is_ai_generated": "true"}
    assert graph.post(f"{PAGE}/video_reels", **form, **told).ok
    clock.pass_(seconds=10)
    shown = graph.get(video, fields="place,is_ai_generated,post_id").json()
    assert (shown["place"], shown["is_ai_generated"]) == ({"id": place}, True)
    assert graph.get(shown["post_id"], fields="place").json()["place"] == {"id": place}
    assert error_of(graph.post(f"{PAGE}/feed", message="a", place="Panamá")) == (400, 100, None)
