"""Servers that answer whatever a test says, rightly or not, and remember what they were asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

ORIGINS = (
    "https://graph.facebook.com",
    "https://graph-video.facebook.com",
    "https://rupload.facebook.com",
    "https://api.x.com",
)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    """One answer, byte by byte; `cut` sends only that many bytes of the body and breaks off."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/json; charset=UTF-8"}
    )
    cut: int | None = None


def reply(value: Any, status: int = 200, **headers: str) -> Reply:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **names})


def graph_error(code: int, subcode: int | None = None, status: int = 400, **more: Any) -> Reply:
    error = {"message": "Meta's own words.", "type": "OAuthException", "code": code, **more}
    return reply({"error": error | ({"error_subcode": subcode} if subcode else {})}, status)


HANG = Reply(status=-1)
"""No answer as long as the server runs."""
CLOSE = Reply(status=-2)
"""The connection is closed instead of an answer."""

Script = Callable[[Asked], Reply]


@dataclass
class Scripted:
    """A running server: where it is, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def rebase(self) -> dict[str, str]:
        return dict.fromkeys(ORIGINS, self.url)


@contextmanager
def answering(script: Script, *, keeping: int = 8 * 1024 * 1024) -> Iterator[Scripted]:
    """A server on loopback that answers by `script`; bodies larger than `keeping` are dropped."""
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def taken(self, length: int) -> bytes:
            if length <= keeping:
                return self.rfile.read(length)
            left = length
            while left:
                left -= len(self.rfile.read(min(left, 65536)))
            return b""

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            parts = urlsplit(self.path)
            asked = Asked(
                method=self.command,
                path=parts.path,
                query={name: values[-1] for name, values in parse_qs(parts.query).items()},
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.taken(length),
            )
            running.asked.append(asked)
            answer = script(asked)
            if answer is HANG:
                over.wait()
            if answer in (HANG, CLOSE):
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            self.close_connection = self.close_connection or answer.cut is not None

        do_GET = do_POST = do_DELETE = answer  # noqa: N815  # http.server's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Scripted(url=f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield running
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def in_turn(*answers: Reply) -> Script:
    """The answers one after the other, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def always(answer: Reply) -> Script:
    return lambda _: answer
