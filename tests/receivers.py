"""Those who are told, on loopback: a web hook of a desk, a mail server, and a watcher."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

# It repeats all that it hears.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Received:
    """One message: to whom, about what, and the rest."""

    to: str
    title: str
    body: str


@dataclass
class Receiver:
    """Where it is, as apprise writes it, and what it got; while it `fails`, it takes nothing.

    With `silence`, a web hook waits before it answers.
    """

    url: str
    got: list[Received] = field(default_factory=list)
    asked: int = 0
    fails: bool = False
    silence: float = 0


@contextmanager
def a_desk() -> Iterator[Receiver]:
    """A web hook that takes JSON."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw: Any = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            desk.asked += 1
            time.sleep(desk.silence)
            if not desk.fails:
                desk.got.append(Received("desk", raw["title"], raw["message"]))
            self.send_response(500 if desk.fails else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads = True
    desk = Receiver(f"json://127.0.0.1:{server.server_port}/hook")
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()


class _Inbox:
    def __init__(self, post: Receiver) -> None:
        self._post = post

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self._post.asked += 1
        if self._post.fails:
            return "451 Try again later"
        read = message_from_bytes(envelope.content, policy=policy.default)
        body = read.get_body()
        assert body is not None
        text = body.get_content().replace("\r\n", "\n")
        to = ",".join(envelope.rcpt_tos)
        self._post.got.append(Received(to, str(read["Subject"]), text))
        return "250 OK"


@contextmanager
def a_post_office() -> Iterator[Receiver]:
    """A mail server that takes mail for all."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"mailto://127.0.0.1:{port}?from=mesa@example.org&mode=insecure"
    post = Receiver(url)
    controller = Controller(_Inbox(post), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


SECRET = "hidden-token"
"""In the address of a watcher."""


@dataclass
class Watcher:
    """What was asked of it; it answers with `status`, and with `silence` waits before it does."""

    url: str = ""
    got: list[str] = field(default_factory=list)
    status: int = 200
    leads_to: str = ""
    silence: float = 0
    answered: int = 0


@contextmanager
def a_watcher() -> Iterator[Watcher]:
    watcher = Watcher()

    class Hook(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            watcher.got.append(self.path)
            time.sleep(watcher.silence)
            watcher.answered += 1
            self.send_response(watcher.status)
            if watcher.leads_to:
                self.send_header("Location", watcher.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads = True
    watcher.url = f"http://127.0.0.1:{server.server_port}/{SECRET}"
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield watcher
    finally:
        server.shutdown()
        server.server_close()
