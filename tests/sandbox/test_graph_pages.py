"""Posts, photos and comments of a page."""

import hashlib
from pathlib import Path

import pytest

from somos_social.sandbox import Sandbox

from .networks import PAGE, Clock, Graph, Picture, attached, error_of


def test_a_post_of_words_is_public_at_once(box: Sandbox, graph: Graph, clock: Clock) -> None:
    made = graph.post(f"{PAGE}/feed", message="Hola & <adiós>", fields="permalink_url").json()
    [post] = box.posts()
    assert (post.platform, post.handle, post.id) == ("facebook", "somoslomismo", made["id"])
    assert (post.text, post.url) == ("Hola & <adiós>", made["permalink_url"])
    assert (post.created_at, post.parent_id, post.media) == (clock.now, None, ())
    assert made["id"].startswith(f"{PAGE}_")


def test_an_empty_post_is_refused(graph: Graph) -> None:
    assert error_of(graph.post(f"{PAGE}/feed", message=" ")) == (400, 100, None)


def test_the_same_words_twice_in_a_row_are_refused(graph: Graph, box: Sandbox) -> None:
    assert graph.post(f"{PAGE}/feed", message="hola").ok
    assert error_of(graph.post(f"{PAGE}/feed", message="hola"))[1] == 506
    assert graph.post(f"{PAGE}/feed", message="otra").ok
    assert graph.post(f"{PAGE}/feed", message="hola").ok
    assert len(box.posts()) == 3


def test_links_are_looked_at(graph: Graph, box: Sandbox) -> None:
    assert graph.post(f"{PAGE}/feed", link="https://acnur.org/a").ok
    assert box.posts()[0].link == "https://acnur.org/a"
    assert error_of(graph.post(f"{PAGE}/feed", link="acnur")) == (400, 100, 2061006)
    bad = graph.post(f"{PAGE}/feed", link="https://www.facebook.com/x")
    assert error_of(bad) == (400, 100, 1609008)


def test_an_unpublished_post_is_not_public(graph: Graph, box: Sandbox) -> None:
    post = graph.post(f"{PAGE}/feed", message="hola", published="false").json()["id"]
    assert box.posts() == []
    assert graph.get(post, fields="is_published").json()["is_published"] is False
    assert graph.get(f"{PAGE}/published_posts").json() == {"data": []}


def test_photos_become_an_album_in_their_order(
    graph: Graph, box: Sandbox, picture: Picture
) -> None:
    files = [picture("a.jpg"), picture("b.png", (800, 600))]
    photos = [graph.photo(path, alt_text_custom=f"alt {path.stem}") for path in files]
    assert box.posts() == []
    post = graph.post(f"{PAGE}/feed", message="dos", attached_media=attached(*photos)).json()["id"]
    [public] = box.posts()
    assert [medium.alt for medium in public.media] == ["alt a", "alt b"]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    assert [medium.sha256 for medium in public.media] == hashes
    assert public.media[0].bytes_path.read_bytes() == files[0].read_bytes()
    fields = "attachments{type,target,subattachments{target{id},media}}"
    [album] = graph.get(post, fields=fields).json()["attachments"]["data"]
    assert album["type"] == "album"
    targets = [part["target"]["id"] for part in album["subattachments"]["data"]]
    assert targets == photos


def test_one_photo_is_an_attachment_of_its_own(graph: Graph, picture: Picture) -> None:
    photo = graph.photo(picture())
    post = graph.post(f"{PAGE}/feed", **{"attached_media[0]": attached(photo)[1:-1]}).json()["id"]
    [shown] = graph.get(post, fields="attachments").json()["attachments"]["data"]
    assert (shown["type"], shown["target"]["id"]) == ("photo", photo)
    assert graph.get(photo, fields="page_story_id").json()["page_story_id"] == post


def test_an_unpublished_photo_serves_one_post_only(graph: Graph, picture: Picture) -> None:
    media = attached(graph.photo(picture()))
    assert graph.post(f"{PAGE}/feed", message="a", attached_media=media).ok
    again = graph.post(f"{PAGE}/feed", message="b", attached_media=media)
    assert error_of(again) == (400, 368, 1366051)


def test_an_unpublished_photo_is_gone_after_a_day(
    graph: Graph, picture: Picture, clock: Clock
) -> None:
    photo = graph.photo(picture())
    clock.pass_(hours=23, minutes=59)
    assert graph.get(photo).ok
    clock.pass_(minutes=1)
    assert error_of(graph.get(photo)) == (400, 100, 33)
    late = graph.post(f"{PAGE}/feed", message="tarde", attached_media=attached(photo))
    assert error_of(late) == (400, 100, None)


def test_a_photo_published_at_once_names_its_post(
    graph: Graph, box: Sandbox, picture: Picture
) -> None:
    picture("web.jpg")
    answer = graph.post(f"{PAGE}/photos", url=f"{box.media_url}web.jpg", caption="hola").json()
    assert answer["post_id"] == box.posts()[0].id
    assert box.posts()[0].text == "hola"


@pytest.mark.parametrize("content", [b"", b"hola", b"\xff\xd8\xff rest"])
def test_a_file_that_is_no_picture_is_refused(graph: Graph, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(content)
    with bad.open("rb") as file:
        answer = graph.post(f"{PAGE}/photos", {"source": file}, published="false")
    assert error_of(answer) == (400, 324, 1366046)


def test_a_picture_that_cannot_be_fetched_is_refused(graph: Graph, box: Sandbox) -> None:
    answer = graph.post(f"{PAGE}/photos", url=f"{box.media_url}missing.jpg")
    assert error_of(answer) == (400, 324, 1366046)


def test_a_photo_shows_where_its_bytes_are(graph: Graph, picture: Picture) -> None:
    import requests

    path = picture()
    photo = graph.get(graph.photo(path), fields="images,alt_text").json()
    found = requests.get(photo["images"][0]["source"], timeout=5)
    assert found.content == path.read_bytes()
    assert found.headers["content-type"] == "image/jpeg"


def test_a_comment_stands_under_its_post(graph: Graph, box: Sandbox) -> None:
    post = graph.post(f"{PAGE}/feed", message="hola").json()["id"]
    comment = graph.post(f"{post}/comments", message="y más").json()["id"]
    assert [(it.id, it.parent_id) for it in box.posts()] == [(post, None), (comment, post)]
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 0}
    listed = graph.get(f"{post}/comments", fields="message,from").json()["data"]
    assert [it["message"] for it in listed] == ["y más"]
    assert error_of(graph.post(f"{post}/comments", message="")) == (400, 100, None)
    assert graph.delete(comment).json() == {"success": True}
    assert [it.id for it in box.posts()] == [post]


def test_a_deleted_post_is_gone_with_its_photos_and_comments(
    graph: Graph, box: Sandbox, picture: Picture
) -> None:
    photo = graph.photo(picture())
    post = graph.post(f"{PAGE}/feed", message="a", attached_media=attached(photo)).json()["id"]
    comment = graph.post(f"{post}/comments", message="y más").json()["id"]
    assert graph.delete(post).json() == {"success": True}
    assert box.posts() == []
    for gone in (post, photo, comment):
        assert error_of(graph.get(gone)) == (400, 100, 33)
    assert error_of(graph.delete(post)) == (400, 100, 33)


def test_a_deleted_photo_leaves_the_rest_of_the_album(
    graph: Graph, box: Sandbox, picture: Picture
) -> None:
    photos = [graph.photo(picture("a.jpg")), graph.photo(picture("b.jpg", (900, 900)))]
    graph.post(f"{PAGE}/feed", message="a", attached_media=attached(*photos))
    graph.delete(photos[0])
    assert len(box.posts()[0].media) == 1
    graph.delete(photos[1])
    assert box.posts() == []
