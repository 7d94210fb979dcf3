"""The feeds as web pages, on the server and as files."""

import re
from pathlib import Path

import pytest
import requests

from somos_social.sandbox import Sandbox

from .networks import IG_USER, PAGE, Clock, Film, Graph, Picture, X, attached

CHANNELS = ("facebook/somoslomismo", "instagram/somoslomismopa", "x/somoslomismo")


@pytest.fixture
def published(
    graph: Graph,
    instagram: Graph,
    x: X,
    box: Sandbox,
    picture: Picture,
    film: Film,
    clock: Clock,
) -> None:
    """A post with pictures on each network, a reel, a comment and a reply."""
    path = picture()
    film()
    photo = graph.photo(path, alt_text_custom='Un "perro" & <gato>')
    post = graph.post(f"{PAGE}/feed", message="primera", attached_media=attached(photo)).json()
    graph.post(f"{post['id']}/comments", message="un comentario")
    clock.pass_(minutes=1)
    graph.post(f"{PAGE}/feed", message="<script>alert(1)</script>")
    for form in (
        {"image_url": f"{box.media_url}foto.jpg", "caption": "ig <b>"},
        {"media_type": "REELS", "video_url": f"{box.media_url}corto.mp4", "caption": "un reel"},
    ):
        container = instagram.container(**form)
        clock.pass_(seconds=15)
        instagram.post(f"{IG_USER}/media_publish", creation_id=container)
    first = x.post(text="uno #SomosLoMismo", media={"media_ids": [x.image(path)]}).json()
    x.post(text="dos", reply={"in_reply_to_tweet_id": first["data"]["id"]})


def read(box: Sandbox, path: str) -> str:
    answer = requests.get(f"{box.url}/{path}", timeout=5)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return answer.text


@pytest.mark.usefixtures("published")
def test_the_index_leads_to_every_channel(box: Sandbox) -> None:
    page = read(box, "")
    for channel in CHANNELS:
        assert f'href="/feeds/{channel}"' in page
    assert "<b>2</b> publicaciones" in page


@pytest.mark.usefixtures("published")
def test_a_feed_shows_the_newest_first_and_comments_below(box: Sandbox) -> None:
    page = read(box, "feeds/facebook/somoslomismo")
    assert page.index("alert(1)") < page.index("primera") < page.index("un comentario")
    assert "01/12/2026 14:01 UTC" in page


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_that_was_posted_becomes_markup(box: Sandbox, channel: str) -> None:
    page = read(box, f"feeds/{channel}")
    assert "<script" not in page
    assert "ig <b>" not in page
    assert 'alt="Un "' not in page


@pytest.mark.usefixtures("published")
def test_alt_text_is_there_to_be_seen(box: Sandbox) -> None:
    page = read(box, "feeds/facebook/somoslomismo")
    assert "<p>Un &#34;perro&#34; &amp; &lt;gato&gt;</p>" in page


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_feed_loads_from_the_sandbox_alone_and_shows_what_was_received(
    box: Sandbox, channel: str
) -> None:
    sources = re.findall(r'(?:src|href)="([^"#]+)', read(box, f"feeds/{channel}"))
    assert sources
    assert all(source.startswith("/") for source in sources)
    received = {post.media[0].bytes_path.read_bytes() for post in box.posts() if post.media}
    media = [source for source in sources if "/received/" in source]
    for source in media:
        answer = requests.get(box.url + source, timeout=5)
        assert answer.content in received
        assert answer.headers["content-type"] in {"image/jpeg", "video/mp4"}
    assert media


@pytest.mark.usefixtures("published")
def test_a_reply_on_x_says_what_it_answers(box: Sandbox) -> None:
    assert "En respuesta a" in read(box, "feeds/x/somoslomismo")


def test_a_channel_without_posts_says_so(box: Sandbox) -> None:
    assert "Todavía no hay publicaciones." in read(box, "feeds/instagram/somoslomismopa")
    assert requests.get(f"{box.url}/feeds/x/nadie", timeout=5).status_code == 404


@pytest.mark.usefixtures("published")
def test_the_export_stands_on_its_own(box: Sandbox, tmp_path: Path) -> None:
    index = box.export(tmp_path / "out")
    assert index == tmp_path / "out" / "index.html"
    for page in index.parent.glob("*.html"):
        sources = re.findall(r'(?:src|href)="([^"#]+)', page.read_text(encoding="utf-8"))
        for source in sources:
            assert (index.parent / source).is_file(), source
    assert len(list((index.parent / "media").iterdir())) == 2
    assert {path.suffix for path in (index.parent / "media").iterdir()} == {".jpg", ".mp4"}


def test_a_file_outside_of_the_received_is_not_served(box: Sandbox) -> None:
    for path in ("/received/..%2f..%2fetc%2fpasswd", "/received/nada", "/media/../../etc/passwd"):
        assert requests.get(box.url + path, timeout=5).status_code == 404
