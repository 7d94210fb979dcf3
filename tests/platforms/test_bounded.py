"""An answer that has no end, or takes its time for ever, is given up in time."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import repeat

import pytest
import requests

from somos_social.core.events import Unanswered
from somos_social.platforms.bounded import MOST_BYTES
from somos_social.platforms.transport import open_session, translate

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TIMEOUT = timedelta(seconds=1)
GIVEN_UP = 30
"""Seconds; far more than the timeout, far less than the answer takes."""


@contextmanager
def sending(pieces: Callable[[], Iterator[bytes]], pause: float = 0) -> Iterator[str]:
    """The address of a server that sends the pieces, with a pause after each, until we hang up."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                for piece in pieces():
                    connection.sendall(piece)
                    if over.wait(pause):
                        return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        over.set()
        listening.close()
        thread.join()


def reason_of(url: str) -> str:
    """Why the call was given up."""
    begun = time.monotonic()
    with pytest.raises(requests.RequestException) as caught:
        open_session(timeout=TIMEOUT, rebase={}).get(url)
    assert time.monotonic() - begun < GIVEN_UP
    event = translate(caught.value, to="X")
    assert isinstance(event, Unanswered)
    return event.reason


def slowly(whole: bytes, first: bytes = b"") -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        yield first or whole[:1]
        yield from (bytes([byte]) for byte in whole[0 if first else 1 :])

    return pieces


SLOW = {
    "the status line": slowly(HEAD),
    "a header": slowly(b"X-Odd: " + b"y" * 500, HEAD),
    "the body": slowly(b" " * 500, HEAD + b"Content-Length: 500\r\n\r\n"),
    "a chunk": slowly(b" " * 500, HEAD + b"Transfer-Encoding: chunked\r\n\r\n1f4\r\n"),
    "answers before the answer": lambda: repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("pieces", SLOW.values(), ids=SLOW)
def test_an_answer_that_trickles_is_not_awaited_for_ever(
    pieces: Callable[[], Iterator[bytes]],
) -> None:
    with sending(pieces, pause=0.2) as url:
        assert reason_of(url) == "X did not answer in time."


BLOCK = bytes(1024 * 1024)
ENDLESS = {
    "until closed": (b"\r\n", BLOCK),
    "chunked": (
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"100000\r\n" + BLOCK + b"\r\n",
    ),
    "packed": (b"Content-Encoding: gzip\r\n\r\n", gzip.compress(BLOCK * 64)),
    "measured": (b"Content-Length: 99999999999\r\n\r\n", BLOCK),
}


@pytest.mark.parametrize(("headers", "block"), ENDLESS.values(), ids=ENDLESS)
def test_an_answer_without_end_is_not_kept(headers: bytes, block: bytes) -> None:
    def pieces() -> Iterator[bytes]:
        yield HEAD + headers
        yield from repeat(block)

    with sending(pieces) as url:
        assert reason_of(url) == "X's answer was too large to be read."


def test_an_answer_of_a_bearable_size_is_read_in_whole() -> None:
    body = b'"' + b"a" * (MOST_BYTES - 2) + b'"'
    with sending(lambda: iter([HEAD + b"\r\n", body])) as url:
        assert len(open_session(timeout=TIMEOUT * 20, rebase={}).get(url).json()) == MOST_BYTES - 2


def test_answers_on_one_connection_each_have_their_own_time() -> None:
    answer = HEAD + b"Content-Length: 2\r\n\r\n{}"
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            for _ in range(5):
                connection.recv(65536)
                time.sleep(0.7)
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    session = open_session(timeout=timedelta(seconds=4), rebase={})
    with listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert [session.get(url).json() for _ in range(5)] == [{}] * 5
    thread.join()


def test_a_large_body_gets_through_a_slow_line() -> None:
    body = b"x" * (16 * 1024 * 1024)
    got = bytearray()
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                while len(got) < len(body):
                    got.extend(connection.recv(256 * 1024))
                    time.sleep(0.02)
                connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        answer = open_session(timeout=timedelta(seconds=4), rebase={}).post(url, data=body)
        thread.join()
    assert answer.json() == {}
    assert got.endswith(body[-1000:])
