"""Containers, publishing, listing and deleting on Instagram."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from PIL import Image

from somos_social.sandbox import Sandbox
from tests.files.test_media_films import shoot

from .networks import IG_USER, PAGE, Clock, Film, Graph, Picture, error_of


def finished(instagram: Graph, clock: Clock, **form: str) -> str:
    container = instagram.container(**form)
    clock.pass_(seconds=15)
    return container


def publish(instagram: Graph, container: str) -> requests.Response:
    return instagram.post(f"{IG_USER}/media_publish", creation_id=container)


def status(instagram: Graph, container: str) -> str:
    return str(instagram.get(container, fields="status_code").json()["status_code"])


@pytest.fixture
def image(box: Sandbox, picture: Picture) -> dict[str, str]:
    picture()
    return {"image_url": f"{box.media_url}foto.jpg"}


@pytest.fixture
def video(box: Sandbox, film: Film) -> dict[str, str]:
    film()
    return {"video_url": f"{box.media_url}corto.mp4"}


def test_an_image_waits_for_its_container_and_appears_once(
    instagram: Graph, box: Sandbox, clock: Clock, image: dict[str, str]
) -> None:
    container = instagram.container(caption="Hola #SomosLoMismo", alt_text="Una foto", **image)
    assert status(instagram, container) == "IN_PROGRESS"
    assert error_of(publish(instagram, container)) == (400, 9007, 2207027)
    clock.pass_(seconds=2)
    assert status(instagram, container) == "FINISHED"
    media = publish(instagram, container).json()["id"]
    assert status(instagram, container) == "PUBLISHED"
    assert error_of(publish(instagram, container)) == (400, 24, 2207006)
    [post] = box.posts()
    assert (post.id, post.text, post.media[0].alt) == (media, "Hola #SomosLoMismo", "Una foto")
    fields = "id,caption,timestamp,permalink,media_type,media_product_type"
    [listed] = instagram.get(f"{IG_USER}/media", fields=fields).json()["data"]
    assert listed == {
        "id": media,
        "caption": "Hola #SomosLoMismo",
        "timestamp": "2026-12-01T14:00:02+0000",
        "permalink": post.url,
        "media_type": "IMAGE",
        "media_product_type": "FEED",
    }


def test_a_reel_takes_longer(
    instagram: Graph, box: Sandbox, clock: Clock, video: dict[str, str]
) -> None:
    container = instagram.container(media_type="REELS", share_to_feed="true", **video)
    clock.pass_(seconds=14)
    assert status(instagram, container) == "IN_PROGRESS"
    clock.pass_(seconds=1)
    media = publish(instagram, container).json()["id"]
    assert box.posts()[0].format == "reel"
    read = instagram.get(media, fields="media_type,media_product_type,permalink").json()
    assert (read["media_type"], read["media_product_type"]) == ("VIDEO", "REELS")
    assert "/reel/" in read["permalink"]


def test_a_carousel_shows_its_children_in_order(
    instagram: Graph, box: Sandbox, clock: Clock, image: dict[str, str], video: dict[str, str]
) -> None:
    first = instagram.container(is_carousel_item="true", alt_text="uno", **image)
    second = instagram.container(is_carousel_item="true", media_type="VIDEO", **video)
    form = {"media_type": "CAROUSEL", "children": f"{second},{first}", "caption": "dos"}
    assert error_of(instagram.post(f"{IG_USER}/media", **form)) == (400, 9007, 2207027)
    clock.pass_(seconds=15)
    media = publish(instagram, finished(instagram, clock, **form)).json()["id"]
    assert [it.kind for it in box.posts()[0].media] == ["video", "image"]
    assert box.posts()[0].media[1].alt == "uno"
    fields = "media_type,children{media_type}"
    read = instagram.get(media, fields=fields).json()
    kinds = [it["media_type"] for it in read["children"]["data"]]
    assert (read["media_type"], kinds) == ("CAROUSEL_ALBUM", ["VIDEO", "IMAGE"])
    assert box.public_counts()["instagram"] == 1
    child = read["children"]["data"][0]["id"]
    assert error_of(instagram.delete(child)) == (400, 100, None)
    assert len(instagram.get(f"{IG_USER}/media").json()["data"]) == 1


@pytest.mark.parametrize("count", [1, 11])
def test_a_carousel_has_from_two_to_ten_children(
    instagram: Graph, clock: Clock, image: dict[str, str], count: int
) -> None:
    child = finished(instagram, clock, is_carousel_item="true", **image)
    children = json.dumps([child] * count)
    answer = instagram.post(f"{IG_USER}/media", media_type="CAROUSEL", children=children)
    assert error_of(answer) == (400, 100, 2207028)


def test_a_carousel_takes_only_items_made_for_it(
    instagram: Graph, clock: Clock, image: dict[str, str]
) -> None:
    alone = finished(instagram, clock, **image)
    children = f"{alone},{alone}"
    answer = instagram.post(f"{IG_USER}/media", media_type="CAROUSEL", children=children)
    assert error_of(answer) == (400, 100, 2207028)


@pytest.mark.parametrize("name", ["user_tags", "alt_text"])
def test_people_are_tagged_and_pictures_described_on_the_items_of_a_carousel(
    instagram: Graph, clock: Clock, image: dict[str, str], name: str
) -> None:
    told = {name: {"user_tags": '[{"username":"ana","x":0,"y":0}]', "alt_text": "Ana"}[name]}
    items = [finished(instagram, clock, is_carousel_item="true", **told, **image) for _ in "12"]
    form = {"media_type": "CAROUSEL", "children": ",".join(items)}
    assert error_of(instagram.post(f"{IG_USER}/media", **form, **told)) == (400, 100, None)
    assert instagram.post(f"{IG_USER}/media", **form).ok


def test_a_carousel_item_is_not_published_alone(
    instagram: Graph, clock: Clock, image: dict[str, str]
) -> None:
    child = finished(instagram, clock, is_carousel_item="true", **image)
    assert error_of(publish(instagram, child)) == (400, 24, 2207006)


def test_a_story_is_public_but_not_in_the_media_list(
    instagram: Graph, box: Sandbox, clock: Clock, picture: Picture
) -> None:
    picture("alta.jpg", (540, 960))
    url = f"{box.media_url}alta.jpg"
    container = finished(instagram, clock, media_type="STORIES", image_url=url)
    media = publish(instagram, container).json()["id"]
    assert box.posts()[0].format == "story"
    assert instagram.get(f"{IG_USER}/media").json() == {"data": []}
    assert instagram.get(f"{IG_USER}/stories").json()["data"] == [{"id": media}]
    clock.pass_(hours=24)
    assert instagram.get(f"{IG_USER}/stories").json() == {"data": []}


def test_a_picture_that_is_not_there_cannot_be_fetched(instagram: Graph, box: Sandbox) -> None:
    answer = instagram.post(f"{IG_USER}/media", image_url=f"{box.media_url}nada.jpg")
    assert error_of(answer) == (400, 9004, 2207052)
    answer = instagram.post(f"{IG_USER}/media", image_url="no url")
    assert error_of(answer) == (400, 9004, 2207052)


def test_only_jpeg_is_taken(instagram: Graph, box: Sandbox, picture: Picture) -> None:
    picture("foto.png")
    answer = instagram.post(f"{IG_USER}/media", image_url=f"{box.media_url}foto.png")
    assert error_of(answer) == (400, 36001, 2207005)


@pytest.mark.parametrize("size", [(700, 1000), (2000, 1000)])
def test_a_picture_too_tall_or_too_wide_is_refused(
    instagram: Graph, box: Sandbox, picture: Picture, size: tuple[int, int]
) -> None:
    picture("mal.jpg", size)
    answer = instagram.post(f"{IG_USER}/media", image_url=f"{box.media_url}mal.jpg")
    assert error_of(answer) == (400, 36003, 2207009)


@pytest.mark.parametrize("size", [(800, 1000), (1910, 1000)])
def test_a_picture_at_the_edge_of_the_ratio_is_taken(
    instagram: Graph, box: Sandbox, picture: Picture, size: tuple[int, int]
) -> None:
    picture("bien.jpg", size)
    assert instagram.post(f"{IG_USER}/media", image_url=f"{box.media_url}bien.jpg").ok


def test_a_picture_over_eight_mebibytes_is_refused(
    instagram: Graph, box: Sandbox, media_root: Path
) -> None:
    path = media_root / "grande.jpg"
    Image.new("RGB", (1080, 1080)).save(path)
    with path.open("ab") as file:
        file.write(bytes(8 * 1024 * 1024))
    answer = instagram.post(f"{IG_USER}/media", image_url=f"{box.media_url}grande.jpg")
    assert error_of(answer) == (400, 36000, 2207004)


@pytest.mark.parametrize("bad", [{"seconds": 1}, {"codec": "mpeg4"}, {"fps": 10}])
def test_a_bad_video_ends_in_an_error(
    instagram: Graph, box: Sandbox, clock: Clock, film: Film, bad: dict[str, Any]
) -> None:
    film("mal.mp4", **bad)
    url = f"{box.media_url}mal.mp4"
    container = finished(instagram, clock, media_type="REELS", video_url=url)
    read = instagram.get(container, fields="status,status_code").json()
    assert read["status_code"] == "ERROR"
    assert read["status"].endswith("2207026")
    assert error_of(publish(instagram, container)) == (400, 9007, 2207027)


GOOD: dict[str, Any] = {"muxing": {"movflags": "+faststart", "use_editlist": "0"}}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("good.mp4", {}),
        ("good.mov", {}),
        ("index last.mov", {"muxing": {"use_editlist": "0"}}),
        ("edited.mp4", {"muxing": {"movflags": "+faststart"}}),
        ("chroma.mp4", {"format": "yuv444p"}),
        ("half frames.mp4", {"x264-params": "tff=1", "size": (160, 96)}),
        ("around.mp4", {"layout": "5.1"}),
        ("for bats.mp4", {"rate": 96_000}),
        ("mp3.mp4", {"sound": "libmp3lame"}),
        ("large.mp4", {}),
        ("not an mp4.mkv", {}),
    ],
)
def test_a_video_is_built_and_sounds_as_instagram_says(
    instagram: Graph, box: Sandbox, clock: Clock, media_root: Path, name: str, make: dict[str, Any]
) -> None:
    file = shoot(media_root / name, **(GOOD | make))
    if name == "large.mp4":  # What is behind its end is as large as it is long.
        file.write_bytes(file.read_bytes() + bytes(10_000_000))
    container = finished(
        instagram, clock, media_type="REELS", video_url=f"{box.media_url}{quote(name)}"
    )
    assert (status(instagram, container) == "FINISHED") == name.startswith("good")


@pytest.mark.parametrize(
    ("caption", "refusal"),
    [
        ("x" * 2201, (400, 36004, 2207010)),
        (" ".join(f"#a{n}" for n in range(31)), (400, 100, None)),
        (" ".join(f"@a{n}" for n in range(21)), (400, 100, 2207040)),
    ],
)
def test_a_caption_over_its_limits_is_refused(
    instagram: Graph, image: dict[str, str], caption: str, refusal: tuple[int, int, int | None]
) -> None:
    assert error_of(instagram.post(f"{IG_USER}/media", caption=caption, **image)) == refusal


@pytest.mark.parametrize(
    "form",
    [
        {"media_type": "VIDEO", "video_url": "VIDEO"},
        {"video_url": "VIDEO"},
        {"media_type": "REELS", "image_url": "IMAGE"},
        {"media_type": "CAROUSEL"},
        {"media_type": "IMAGE", "image_url": "IMAGE"},
        {"is_carousel_item": "true", "image_url": "IMAGE", "caption": "x"},
        {"is_carousel_item": "true", "media_type": "REELS", "video_url": "VIDEO"},
        {"media_type": "REELS", "video_url": "VIDEO", "alt_text": "x"},
        {"image_url": "IMAGE", "alt_text": "x" * 1001},
        {"image_url": "IMAGE", "share_to_feed": "true"},
        {"image_url": "IMAGE", "upload_type": "resumable"},
        {"image_url": "IMAGE", "collaborators": '["a","b","c","d"]'},
        {"image_url": "IMAGE", "user_tags": "ana"},
        {"image_url": "IMAGE", "user_tags": '[{"username":"ana"}]'},
        {"image_url": "IMAGE", "location_id": "Panamá"},
        {"image_url": "IMAGE", "is_carousel_item": "True"},
        {"image_url": "IMAGE", "title": "x"},
        {"image_url": "IMAGE", "user_tags": '[{"username":"ana","x":0.5,"y":1.5}]'},
        {"image_url": "IMAGE", "user_tags": '[{"username":"ana","x":0.5,"y":0.5,"z":1}]'},
        {"image_url": "IMAGE", "cover_url": "IMAGE"},
        {"image_url": "IMAGE", "is_paid_partnership": "True"},
        {"image_url": "IMAGE", "is_ai_generated": "yes"},
        {"image_url": "IMAGE", "is_carousel_item": "true", "location_id": "123"},
        {"image_url": "IMAGE", "is_carousel_item": "true", "collaborators": "ana"},
        {"media_type": "REELS", "video_url": "VIDEO", "user_tags": '[{"username":"ana","x":0.5}]'},
        {"media_type": "REELS", "video_url": "VIDEO", "thumb_offset": "1.5"},
        {"media_type": "STORIES", "image_url": "IMAGE", "caption": "x"},
        {"media_type": "STORIES", "image_url": "IMAGE", "alt_text": "x"},
        {"media_type": "STORIES", "image_url": "IMAGE", "location_id": "123"},
        {"media_type": "STORIES", "image_url": "IMAGE", "collaborators": "ana"},
        {"media_type": "STORIES", "video_url": "VIDEO", "cover_url": "IMAGE"},
        {"media_type": "STORIES", "video_url": "VIDEO", "share_to_feed": "true"},
        {"caption": "sola"},
    ],
)
def test_parameters_that_do_not_go_together_are_refused(
    instagram: Graph, image: dict[str, str], video: dict[str, str], form: dict[str, str]
) -> None:
    urls = {"IMAGE": image["image_url"], "VIDEO": video["video_url"]}
    form = {
        name: urls.get(value, value) if "url" in name else value for name, value in form.items()
    }
    assert error_of(instagram.post(f"{IG_USER}/media", **form))[:2] == (400, 100)


def test_a_thumbnail_outside_of_the_video_is_refused(
    instagram: Graph, video: dict[str, str]
) -> None:
    answer = instagram.post(f"{IG_USER}/media", media_type="REELS", thumb_offset="9000", **video)
    assert error_of(answer) == (400, 1, 2207057)


def test_people_and_places_that_are_right_are_taken(
    instagram: Graph, image: dict[str, str]
) -> None:
    tags = json.dumps([{"username": "ana", "x": 0.5, "y": 0.25}])
    answer = instagram.post(
        f"{IG_USER}/media", user_tags=tags, collaborators="ana,luz", location_id="123", **image
    )
    assert answer.ok


def test_more_than_twenty_tags_are_refused(instagram: Graph, image: dict[str, str]) -> None:
    tags = json.dumps([{"username": f"a{n}", "x": 0.5, "y": 0.5} for n in range(21)])
    answer = instagram.post(f"{IG_USER}/media", user_tags=tags, **image)
    assert error_of(answer) == (400, 100, 2207040)


@pytest.mark.parametrize("point", [{}, {"x": 0, "y": 1}])
def test_people_are_named_in_a_story_with_or_without_a_point(
    instagram: Graph, image: dict[str, str], point: dict[str, float]
) -> None:
    tags = json.dumps([{"username": "ana", **point}])
    answer = instagram.post(f"{IG_USER}/media", media_type="STORIES", user_tags=tags, **image)
    assert answer.ok


def test_what_is_made_by_a_machine_says_so(
    instagram: Graph, clock: Clock, image: dict[str, str]
) -> None:
    told = {"is_ai_generated": "true", "is_paid_partnership": "true"}
    media = publish(instagram, finished(instagram, clock, **told, **image)).json()["id"]
    assert instagram.get(media, fields="is_ai_generated").json()["is_ai_generated"] is True


def test_a_second_that_a_sent_video_does_not_have_ends_in_an_error(
    instagram: Graph, box: Sandbox, clock: Clock, film: Film
) -> None:
    form = {"media_type": "REELS", "upload_type": "resumable", "thumb_offset": "9000"}
    made = instagram.post(f"{IG_USER}/media", **form).json()
    data = film().read_bytes()
    headers = {
        "Authorization": "OAuth instagram-token",
        "offset": "0",
        "file_size": str(len(data)),
    }
    url = f"{box.url}/rupload/ig-api-upload/v26.0/{made['id']}"
    assert requests.post(url, data=data, headers=headers, timeout=5).ok
    clock.pass_(seconds=15)
    read = instagram.get(made["id"], fields="status,status_code").json()
    assert read["status_code"] == "ERROR"
    assert read["status"].endswith("2207057")


def test_a_resumable_upload_fills_the_container(
    instagram: Graph, box: Sandbox, clock: Clock, film: Film
) -> None:
    form = {"media_type": "REELS", "upload_type": "resumable", "caption": "x"}
    made = instagram.post(f"{IG_USER}/media", **form).json()
    assert made["uri"] == f"https://rupload.facebook.com/ig-api-upload/v26.0/{made['id']}"
    clock.pass_(minutes=5)
    assert status(instagram, made["id"]) == "IN_PROGRESS"
    data = film().read_bytes()
    headers = {
        "Authorization": "OAuth instagram-token",
        "offset": "0",
        "file_size": str(len(data)),
    }
    half = len(data) // 2
    url = made["uri"].replace("https://rupload.facebook.com", box.origins[made["uri"][:28]])
    assert requests.post(url, data=data[:half], headers=headers, timeout=5).status_code == 400
    video = instagram.get(made["id"], fields="video_status").json()["video_status"]
    assert video["uploading_phase"]["bytes_transferred"] == half
    headers["offset"] = str(half)
    assert requests.post(url, data=data[half:], headers=headers, timeout=5).json()["success"]
    assert status(instagram, made["id"]) == "IN_PROGRESS"
    clock.pass_(seconds=15)
    assert publish(instagram, made["id"]).ok
    assert box.posts()[0].media[0].bytes_path.read_bytes() == data


def test_a_cover_is_fetched_and_must_be_a_jpeg(
    instagram: Graph, box: Sandbox, picture: Picture, video: dict[str, str]
) -> None:
    picture("portada.png")
    form = {"media_type": "REELS", "cover_url": f"{box.media_url}portada.png"}
    for source in (video, {"upload_type": "resumable"}):
        answer = instagram.post(f"{IG_USER}/media", **form, **source)
        assert error_of(answer) == (400, 36001, 2207005)


def test_a_container_expires_after_a_day(
    instagram: Graph, clock: Clock, image: dict[str, str]
) -> None:
    container = instagram.container(**image)
    clock.pass_(hours=24)
    assert status(instagram, container) == "EXPIRED"
    assert error_of(publish(instagram, container)) == (400, 24, 2207008)


def test_an_unknown_container_is_not_published(instagram: Graph) -> None:
    assert error_of(publish(instagram, "12345")) == (400, 24, 2207006)
    assert error_of(publish(instagram, "abc")) == (400, 100, None)


def test_the_daily_quota_is_counted_and_kept(
    instagram: Graph, clock: Clock, image: dict[str, str]
) -> None:
    limit = f"{IG_USER}/content_publishing_limit"
    for _ in range(100):
        assert publish(instagram, finished(instagram, clock, **image)).ok
    answer = instagram.get(limit, fields="config,quota_usage").json()
    config = {"quota_total": 100, "quota_duration": 86400}
    assert answer == {"data": [{"config": config, "quota_usage": 100}]}
    refused = publish(instagram, finished(instagram, clock, **image))
    assert error_of(refused) == (400, 9, 2207042)
    clock.pass_(hours=24)
    assert instagram.get(limit).json() == {"data": [{"quota_usage": 0}]}


def test_a_media_is_commented_and_deleted(
    instagram: Graph, box: Sandbox, clock: Clock, image: dict[str, str]
) -> None:
    media = publish(instagram, finished(instagram, clock, **image)).json()["id"]
    comment = instagram.post(f"{media}/comments", message="primero").json()["id"]
    assert box.posts()[1].parent_id == media
    listed = instagram.get(f"{media}/comments", fields="text").json()["data"]
    assert listed == [{"text": "primero", "id": comment}]
    assert instagram.delete(media).json() == {"success": True, "deleted_id": media}
    assert box.posts() == []
    assert error_of(instagram.get(media)) == (400, 100, 33)


def test_an_unpublished_page_photo_serves_as_image_url(
    instagram: Graph, graph: Graph, picture: Picture
) -> None:
    photo = graph.get(graph.photo(picture()), fields="images").json()
    answer = instagram.post(f"{IG_USER}/media", image_url=photo["images"][0]["source"])
    assert answer.ok


def test_a_page_token_does_not_open_the_instagram_account(graph: Graph) -> None:
    assert error_of(graph.get(IG_USER)) == (400, 100, 33)
    assert graph.get(PAGE).ok
