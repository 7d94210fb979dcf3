"""Instagram, the adapter and a place for pictures together: what is fetched does not stay."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from somos_social.core.events import Blocked, NotReady, Unanswered
from somos_social.core.model.delivery import Upload
from somos_social.hosting.page_photos import PagePhotos
from somos_social.platforms.graph import Graph
from tests.hosting.conftest import Shelf
from tests.platforms.servers import always, answering, graph_error, in_turn, reply
from tests.platforms.stage import PAGE, SECRETS, Stage, event_of


@pytest.fixture
def stage(stage_of: Callable[[str], Stage]) -> Stage:
    return stage_of("instagram")


@pytest.mark.parametrize("kind", ["picture", "carousel"])
def test_a_post_goes_out_from_the_bucket_and_leaves_nothing_there(
    stage: Stage, shelf: Shelf, kind: str
) -> None:
    shelf.root = stage.media_root
    adapter = stage.adapter(pictures=shelf.bucket())
    delivery = stage.of_kind(kind)
    stage.published(adapter, delivery)
    assert len(stage.public()) == 1
    assert shelf.names() == set()


def test_what_instagram_could_not_fetch_does_not_stay_and_no_link_is_told(
    stage: Stage, shelf: Shelf
) -> None:
    shelf.root = stage.media_root
    adapter = stage.adapter(pictures=shelf.bucket())
    link = shelf.bucket().show(stage.asset("foto.jpg")).address
    before = shelf.names()
    refusal = graph_error(9004, 2207052, message=f"It could not be fetched from {link}.")
    with answering(always(refusal)) as server:
        adapter = stage.adapter(rebase=server.rebase, pictures=shelf.bucket())
        event = event_of(adapter.prepare, stage.of_kind("tagged picture"), None)
    assert isinstance(event, Unanswered)
    assert shelf.names() == before
    assert link.rpartition("=")[2] not in event.reason


def test_what_an_earlier_attempt_showed_is_hidden_by_the_next(stage: Stage, shelf: Shelf) -> None:
    shelf.root = stage.media_root
    left = shelf.bucket().show(stage.asset("foto.jpg")).mark
    upload = Upload(begun_at=stage.clock(), parts={"shown:post": left})
    event = event_of(
        stage.adapter(pictures=shelf.bucket()).prepare, stage.of_kind("tagged picture"), upload
    )
    assert isinstance(event, NotReady)
    assert event.upload is not None
    assert event.upload.parts["shown:post"] != left
    assert not any(left in name for name in shelf.names())


def page_photos(stage: Stage, rebase: dict[str, str]) -> PagePhotos:
    return PagePhotos(
        page_id=PAGE,
        graph=lambda: Graph(
            network="Facebook",
            token=SECRETS["facebook"]["token"],
            timeout=timedelta(seconds=10),
            rebase=rebase,
        ),
        media_root=stage.media_root,
        now=stage.clock,
    )


def test_a_post_goes_out_from_a_pages_unpublished_photo(stage: Stage) -> None:
    adapter = stage.adapter(pictures=page_photos(stage, stage.box.origins))
    stage.published(adapter, stage.of_kind("tagged picture"))
    assert len(stage.public()) == 1
    assert [post for post in stage.box.posts() if post.platform == "facebook"] == []


def test_the_largest_of_a_photos_sizes_is_fetched(stage: Stage) -> None:
    sizes = [
        {"width": w, "source": f"https://scontent.example.org/{w}.jpg"} for w in (720, 1440, 9)
    ]
    with answering(in_turn(reply({"id": "7"}), reply({"images": sizes}))) as server:
        shown = page_photos(stage, server.rebase).show(stage.asset("foto.jpg"))
    assert (shown.address, shown.mark) == ("https://scontent.example.org/1440.jpg", "7")
    assert b'name="published"\r\n\r\nfalse\r\n' in server.asked[0].body


def test_a_page_whose_token_is_refused_does_not_stop_the_instagram_channel(stage: Stage) -> None:
    with answering(always(graph_error(190, 463))) as server:
        event = event_of(page_photos(stage, server.rebase).show, stage.asset("foto.jpg"))
    assert isinstance(event, Blocked)
    assert not event.whole_channel


def test_a_cover_is_laid_there_once_for_each_upload(stage: Stage, shelf: Shelf) -> None:
    shelf.root = stage.media_root
    reel = stage.of_kind("reel")
    extras = replace(reel.variant.extras, cover=stage.asset("foto.jpg"))
    reel = replace(reel, variant=replace(reel.variant, extras=extras))
    adapter = stage.adapter(pictures=shelf.bucket())
    stage.published(adapter, reel)
    assert len(shelf.names()) == 1, "left until it is swept up: nobody says when it is fetched"
