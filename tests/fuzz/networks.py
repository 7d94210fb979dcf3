"""A network that answers anything at all, byte by byte, and answers that almost make sense."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.cases import texts

ELSEWHERE = "http://elsewhere.invalid"
"""Stands in an answer where the address of a host that nobody may ask is to stand."""


@dataclass
class Hostile:
    """A running server: `script` is answered in turn, its last element for ever."""

    url: str
    script: Sequence[bytes] = field(default=(b"",), repr=False)
    asked: list[bytes] = field(default_factory=list, repr=False)

    def begin(self, script: Sequence[bytes], elsewhere: str = "") -> None:
        self.script = [_whole(answer, elsewhere.encode()) for answer in script]
        self.asked = []


_STANDS_FOR = {
    b"@BIG@": b"9" * 5000,
    b"@DEEP@": b"[" * 100_000,
    b"@STEEP@": b"[" * 5000,
    b"@LONG@": b"y" * 70_000,
}
"""What would make an example that failed too long to be read."""


def _whole(answer: bytes, elsewhere: bytes) -> bytes:
    for short, long in _STANDS_FOR.items():
        answer = answer.replace(short, long)
    return answer.replace(ELSEWHERE.encode(), elsewhere)


@contextmanager
def hostile() -> Iterator[Hostile]:
    """A server on loopback, one connection for each answer."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    running = Hostile(f"http://127.0.0.1:{listening.getsockname()[1]}")

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                connection.settimeout(10)
                _answer(connection, running)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _answer(connection: socket.socket, running: Hostile) -> None:
    head = _request(connection)
    if not head:
        return
    number = min(len(running.asked), len(running.script) - 1)
    running.asked.append(head)
    connection.sendall(running.script[number])
    connection.shutdown(socket.SHUT_WR)


def _request(connection: socket.socket) -> bytes:
    """The head of a request, once all of it has arrived, with its body."""
    read = b""
    while b"\r\n\r\n" not in read:
        block = connection.recv(65536)
        if not block:
            return read
        read += block
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        block = connection.recv(65536)
        if not block:
            break
        body += block
    return head


_NAMES = """
id data error errors code error_subcode message error_user_msg type error_data debug_info
start_offset end_offset upload_session_id video_id upload_url uri success status video_status
uploading_phase processing_phase publishing_phase publish_status bytes_transfered status_code
created_time timestamp caption text permalink permalink_url attachments subattachments target
paging next cursors after name username meta next_token result_count created_at media_keys
entities urls url expanded_url note_tweet referenced_tweets processing_info state
check_after_secs detail title values value public_metrics impression_count like_count
comments_count summary total_count reactions likes comments shares count
""".split()  # noqa: SIM905

_ODD_NUMBERS: tuple[Any, ...] = (
    0, -1, 1, 2, 4, 9, 17, 100, 190, 368, 200, 9007, 2**31, 2**63, 10**20, 10**400,
    0.5, 1e308, float("inf"), float("-inf"), float("nan"),
)  # fmt: skip

_TIMES = (
    "2026-12-01T14:00:01.000Z",
    "2026-12-01T14:00:01+0000",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-13-45T99:00:00Z",
    "1764597601",
)
_WORDS = (
    "FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED", "PUBLISHED", "published", "ready", "complete",
    "not_started", "error", "succeeded", "failed", "pending", "Error: 2207026", "Hola.",
    f"{ELSEWHERE}/next?after=x", f"{ELSEWHERE}/?path=x&id=y&self=z&method=delete&after=%00",
    "http://[", "file:///etc/passwd", "@BIG@",
)  # fmt: skip

_LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(_ODD_NUMBERS),
    st.integers(),
    st.sampled_from(("1001", "1001_2002", "17890", *_TIMES, *_WORDS)),
    texts(lone=True),
)

VALUES: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6),
    ),
    max_leaves=20,
)
"""JSON made of the networks' own words in places where they do not belong."""


def _one(of: Any) -> st.SearchStrategy[Any]:
    """Now the value that belongs there, now anything."""
    sound = of if isinstance(of, st.SearchStrategy) else st.just(of)
    return st.one_of(sound, sound, sound, sound, VALUES)


def _object(**parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: _one(of) for name, of in parts.items()})


def _listing(item: st.SearchStrategy[Any], **beside: Any) -> st.SearchStrategy[Any]:
    return _object(data=st.lists(_one(item), max_size=4), **beside)


_MOMENTS = st.sampled_from(_TIMES)
_SAID = st.sampled_from(("Hola.", "Hola. #SomosLoMismo", "Otra cosa."))
_ID = st.sampled_from(("1001", "1001_2002", "17890", "2000001"))

_NEXT = f"{ELSEWHERE}/next?after=abc&access_token=stolen&method=delete&path=p&id=i&self=s"

_POST = _object(
    id=_ID,
    message=_SAID,
    text=_SAID,
    caption=_SAID,
    created_time=_MOMENTS,
    timestamp=_MOMENTS,
    created_at=_MOMENTS,
    permalink="https://www.instagram.com/p/abc/",
    permalink_url="https://www.facebook.com/1001",
    attachments=st.one_of(
        _object(media_keys=st.lists(_one("3_1789"), max_size=3)),
        _listing(_object(target=_object(id=_ID), subattachments=_listing(_object(target=_ID)))),
    ),
    entities=_object(
        urls=st.lists(
            _object(url=st.sampled_from(("https://t.co/a", "o", "")), expanded_url=_SAID),
            max_size=3,
        )
    ),
    note_tweet=_object(text=_SAID, entities=_object(urls=VALUES)),
    referenced_tweets=st.lists(_object(type="replied_to", id=_ID), max_size=2),
)

_PHASE = _object(
    status=st.sampled_from(("not_started", "in_progress", "complete", "error")),
    publish_status="published",
    bytes_transfered=st.sampled_from((0, 10, -5, 10**30, "12")),
)

SENSIBLE = st.one_of(
    _object(id=_ID, name="Somos", username="somoslomismo", success=True),
    _object(data=_object(id=_ID, name="Somos", username="somoslomismo")),
    _object(id="1000001", name="Somos"),
    _object(id=_ID, upload_url=f"{ELSEWHERE}/up", uri=f"{ELSEWHERE}/up", video_id=_ID),
    _object(
        upload_session_id=_ID,
        video_id=_ID,
        start_offset=st.sampled_from(("0", "1", 5, "99999999")),
        end_offset=st.sampled_from(("0", "2", 6, "99999999")),
        success=True,
    ),
    _object(
        id=_ID,
        status_code=st.sampled_from(("FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED", "PUBLISHED")),
        status=st.one_of(
            st.just("Error: 2207026"),
            _object(
                video_status=st.sampled_from(("ready", "processing", "error")),
                uploading_phase=_PHASE,
                processing_phase=_PHASE,
                publishing_phase=_PHASE,
            ),
        ),
    ),
    _object(
        data=_object(
            id=_ID,
            processing_info=_object(
                state=st.sampled_from(("pending", "succeeded", "failed")),
                check_after_secs=st.sampled_from((1, 10**20, -1)),
                error=_object(name="InternalError", message="no"),
            ),
        )
    ),
    _listing(
        _POST,
        paging=_object(next=st.just(_NEXT)),
        meta=_object(next_token=st.sampled_from(("b26v", "@LONG@")), result_count=2),
    ),
    _object(
        error=_object(
            message=texts(lone=True),
            code=st.sampled_from((1, 2, 4, 9, 10, 24, 100, 190, 200, 368, 613, 9007, 80001)),
            error_subcode=st.sampled_from((33, 2207008, 2207006, 2207027, 1366051)),
            type="OAuthException",
            error_data=_object(start_offset="0", end_offset="9"),
        )
    ),
    _object(
        errors=st.lists(_object(message=texts(lone=True), code=_one(187)), max_size=3),
        detail=texts(lone=True),
        title="Forbidden",
        type="https://api.x.com/2/problems/not-authorized",
    ),
    VALUES,
)
"""Answers with the right shape, but for some of their parts."""


def _encoded(value: Any) -> bytes:
    return json.dumps(value).replace('"@BIG@"', "@BIG@").encode()


_BODIES = st.one_of(
    *[SENSIBLE.map(_encoded)] * 6,
    st.sampled_from(
        (
            b"",
            b"null",
            b"[]",
            b'"text"',
            b"<html><body>502 Bad Gateway</body></html>",
            b"@DEEP@",
            b'{"data": @DEEP@}',
            b'{"id": "1001"',
            b'{"id": "\xff\xfe"}',
            '{"id": "1001"}'.encode("utf-16"),
            b'\xef\xbb\xbf{"id": "1001"}',
            b'{"id": @BIG@}',
            b'{"id": "1001", "id": {"a": 1}}',
            b'{"error": {"code": 1e999, "message": "\\ud800\\u0000"}}',
        )
    ),
    st.binary(max_size=200),
)

_STATUSES = st.one_of(
    *[st.sampled_from((200, 200, 201, 400, 401, 403, 404, 429, 500, 503))] * 3,
    st.sampled_from((100, 204, 205, 206, 301, 302, 303, 304, 307, 308, 402, 409, 413, 600, 999)),
)

_HEADERS = st.lists(
    st.sampled_from(
        (
            b"Content-Type: application/json",
            b"Content-Type: text/html; charset=undefined",
            b"Content-Type: application/json; charset=idna",
            b"Content-Type: image/png",
            b"Content-Type: ;;;=\xff",
            b"Content-Encoding: gzip",
            b"Content-Encoding: br",
            b"Content-Encoding: deflate, gzip, gzip, gzip, gzip, gzip, gzip",
            b"Transfer-Encoding: chunked",
            b"Content-Length: -5",
            b"Content-Length: 99999999999999999999",
            b"Content-Length: x",
            b"Location: file:///etc/passwd",
            f"Location: {ELSEWHERE}/stolen".encode(),
            b"Location: //elsewhere.invalid:x/",
            b"Location: http://[::",
            b"Location: \xff\xfe",
            b"Set-Cookie: a=b; domain=.com; expires=Thu, 99 Foo 99999 99:99:99 GMT; max-age=1e9",
            b"Set-Cookie: @STEEP@",
            b"X-Business-Use-Case-Usage: @STEEP@",
            b'X-Business-Use-Case-Usage: {"1": [{"estimated_time_to_regain_access": 1e999}]}',
            b'X-Business-Use-Case-Usage: {"1": [{"estimated_time_to_regain_access": 99999999999}]}',
            b"x-rate-limit-remaining: 0",
            b"x-rate-limit-reset: 99999999999999999999",
            b"x-rate-limit-reset: 253402300799",
            b"Retry-After: -1",
            b"no colon at all",
            b": no name",
            b"X-Long: @LONG@",
            b"Connection: keep-alive",
        )
    ),
    max_size=4,
)


def _answer_of(status: int, headers: list[bytes], body: bytes, kind: str) -> bytes:
    if kind == "gzip":
        body, headers = gzip.compress(body), [*headers, b"Content-Encoding: gzip"]
    if kind == "chunked":
        half = len(body) // 2
        parts = (body[:half], body[half:], b"") if half else (body, b"")
        body = (
            b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts if part) + b"0\r\n\r\n"
        )
        headers = [*headers, b"Transfer-Encoding: chunked"]
    if kind == "short":
        headers = [*headers, b"Content-Length: %d" % (len(body) + 7)]
    if kind == "measured":
        headers = [*headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join([b"HTTP/1.1 %d Odd" % status, *headers, b"", body])


ANSWERS: st.SearchStrategy[bytes] = st.one_of(
    *[
        st.builds(
            _answer_of,
            st.sampled_from((200, 200, 200, 400, 403)),
            st.just([b"Content-Type: application/json"]),
            SENSIBLE.map(_encoded),
            st.just("measured"),
        )
    ]
    * 3,
    st.builds(
        _answer_of,
        _STATUSES,
        _HEADERS,
        _BODIES,
        st.sampled_from(("measured", "measured", "gzip", "chunked", "short", "until closed")),
    ),
    st.binary(max_size=100),
)
"""Whole answers, from the first byte of the status line to the last of the body."""
