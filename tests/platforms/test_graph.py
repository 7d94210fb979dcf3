"""facebook-sdk held in one hand: what goes over the wire, and what is made of what comes back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from somos_social.platforms.graph import GRAPH_VIDEO, MOST_PAGES, RUPLOAD, Graph, GraphError, told
from somos_social.platforms.transport import NoAnswer
from tests.platforms.servers import (
    CLOSE,
    Asked,
    Reply,
    Script,
    Scripted,
    always,
    answering,
    graph_error,
    in_turn,
    reply,
)

Connect = Callable[[Script], tuple[Graph, Scripted]]


@pytest.fixture
def connect() -> Iterator[Connect]:
    running: list[Any] = []

    def start(script: Script) -> tuple[Graph, Scripted]:
        context = answering(script)
        running.append(context)
        server = context.__enter__()
        graph = Graph(
            network="Facebook",
            token="EAAtoken",
            timeout=timedelta(seconds=2),
            rebase=server.rebase,
        )
        return graph, server

    yield start
    for context in running:
        context.__exit__(None, None, None)


def error_of(call: Callable[[], object]) -> GraphError:
    with pytest.raises(GraphError) as caught:
        call()
    return caught.value


def test_every_call_names_the_version_in_service(connect: Connect) -> None:
    graph, server = connect(always(reply({})))
    graph.get("me")
    graph.post("me/feed", message="hola")
    graph.send(GRAPH_VIDEO, "me/videos", upload_phase="start")
    assert [asked.path for asked in server.asked] == [
        "/v26.0/me",
        "/v26.0/me/feed",
        "/v26.0/me/videos",
    ]


def test_nested_values_go_as_json_and_booleans_as_graph_spells_them(connect: Connect) -> None:
    graph, server = connect(always(reply({})))
    photos = [{"media_fbid": "1"}, {"media_fbid": "2"}]
    graph.post("me/feed", message="ñ", attached_media=photos, published=False, link=None)
    assert server.asked[0].form == {
        "message": "ñ",
        "attached_media": '[{"media_fbid": "1"}, {"media_fbid": "2"}]',
        "published": "false",
        "access_token": "EAAtoken",
    }


@pytest.mark.parametrize("content_type", [None, "text/javascript; charset=UTF-8", "text/plain"])
def test_json_is_read_whatever_it_is_called(connect: Connect, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    graph, _ = connect(always(Reply(body=b'{"id": "7"}', headers=headers)))
    assert graph.post("me/feed", message="x") == {"id": "7"}


@pytest.mark.parametrize(
    "answer",
    [
        Reply(502, b"<html></html>", {"Content-Type": "text/html"}),
        Reply(200, b"<html></html>", {"Content-Type": "text/html"}),
        Reply(200, b""),
        Reply(200, b"access_token=a&expires=1", {"Content-Type": "text/plain"}),
        Reply(200, b"\x89PNG", {"Content-Type": "image/png"}),
        reply(True),
        reply(["1"]),
        reply({"id": "1"}, 503),
        reply({"id": "1"}, 302),
        reply({"error": "words only"}),
    ],
)
def test_what_is_not_a_clear_yes_is_an_error_without_a_code(
    connect: Connect, answer: Reply
) -> None:
    graph, _ = connect(always(answer))
    error = error_of(lambda: graph.post("me/feed", message="x"))
    assert (error.status, error.code) == (answer.status, None)


def test_an_error_tells_all_that_the_network_tells(connect: Connect) -> None:
    usage = (
        '{"1": [{"type": "pages", "estimated_time_to_regain_access": 19}], '
        '"2": [{"type": "instagram", "estimated_time_to_regain_access": 40}]}'
    )
    more: dict[str, Any] = {
        "error_user_msg": "Palabras para personas.",
        "error_data": {"start_offset": 5},
    }
    answer = graph_error(32, 1996, **more)
    answer.headers["X-Business-Use-Case-Usage"] = usage
    graph, _ = connect(always(answer))
    error = error_of(lambda: graph.get("me"))
    assert (error.status, error.code, error.subcode) == (400, 32, 1996)
    assert error.message == "Palabras para personas."
    assert error.regain == timedelta(minutes=40)
    assert error.error_data == {"start_offset": 5}


@pytest.mark.parametrize("usage", ["", "[]", "oops", '{"1": []}', '{"1": [{"type": "pages"}]}'])
def test_an_odd_usage_header_says_nothing(connect: Connect, usage: str) -> None:
    answer = graph_error(32)
    answer.headers["X-Business-Use-Case-Usage"] = usage
    graph, _ = connect(always(answer))
    assert error_of(lambda: graph.get("me")).regain is None


def test_a_rupload_failure_is_told_by_its_type(connect: Connect) -> None:
    info = {"retriable": False, "type": "OffsetInvalidError", "message": "continue at 5"}
    graph, _ = connect(always(reply({"debug_info": info}, 400)))
    error = error_of(lambda: graph.get("me"))
    assert (error.kind, error.code, error.message) == ("OffsetInvalidError", None, "continue at 5")


def test_a_broken_connection_is_no_answer(connect: Connect) -> None:
    graph, _ = connect(always(CLOSE))
    with pytest.raises(NoAnswer):
        graph.get("me")


def listing(asked: Asked) -> Reply:
    at = int(asked.query.get("after", "0"))
    following = f"https://graph.facebook.com/v26.0/me/posts?after={at + 1}&access_token=told"
    paging = {"next": following} if at < 2 else {"cursors": {"after": "3"}}
    return reply({"data": [{"id": str(at)}], "paging": paging})


def test_a_listing_is_read_to_its_end_with_our_own_token(connect: Connect) -> None:
    graph, server = connect(listing)
    assert [page[0]["id"] for page in graph.pages("me/posts", limit=1)] == ["0", "1", "2"]
    assert {asked.query["access_token"] for asked in server.asked} == {"EAAtoken"}
    assert {asked.query["limit"] for asked in server.asked} == {"1"}


def test_a_listing_without_end_is_not_a_complete_look(connect: Connect) -> None:
    endless = {"data": [], "paging": {"next": "https://graph.facebook.com/v26.0/me?after=1"}}
    graph, server = connect(always(reply(endless)))
    error_of(lambda: list(graph.pages("me/posts")))
    assert len(server.asked) == MOST_PAGES


def test_a_listing_that_is_none_is_not_an_empty_one(connect: Connect) -> None:
    graph, _ = connect(in_turn(reply({"summary": {}})))
    error_of(lambda: list(graph.pages("me/posts")))


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("https://rupload.facebook.com/video-upload/v26.0/7", None),
        ("https://rupload.example.org/video-upload/v26.0/7", "known"),
        ("https://rupload.facebook.com.example.org/7", "known"),
        ("https://[rupload.facebook.com/7", "known"),
        (None, "known"),
    ],
)
def test_bytes_and_token_go_to_no_address_but_metas(
    connect: Connect, named: str | None, address: str | None
) -> None:
    graph, _ = connect(always(reply({})))
    known = "https://rupload.facebook.com/video-upload/v26.0/7"
    assert graph.upload_address(named, "video-upload", "7") == (known if address else named)


def test_who_answers_for_graph_alone_is_sent_the_bytes_of_videos_too(connect: Connect) -> None:
    _, server = connect(always(reply({"id": "7"})))
    at = server.rebase["https://graph.facebook.com"]
    graph = Graph(
        network="Facebook",
        token="EAAtoken",
        timeout=timedelta(seconds=2),
        rebase={"https://graph.facebook.com": at},
    )
    graph.send(GRAPH_VIDEO, "me/videos", upload_phase="start")
    graph.send(RUPLOAD, "me/videos", upload_phase="start")
    assert len(server.asked) == 2
    parts = urlsplit(at)
    own = f"{parts.scheme}://{parts.netloc}/wherever/7"
    assert graph.upload_address(own, "video-upload", "7") == own


def test_threads_that_share_a_token_do_not_get_each_others_answers(connect: Connect) -> None:
    def by_message(asked: Asked) -> Reply:
        number = int(asked.form["message"])
        return graph_error(1000 + number) if number % 2 else reply({"id": str(number)})

    graph, _ = connect(by_message)

    def ask(number: int) -> int | str | None:
        try:
            return told(graph.post("me/feed", message=str(number)), "id")
        except GraphError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(64)))
    assert answers == [1000 + number if number % 2 else str(number) for number in range(64)]
