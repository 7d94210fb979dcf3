"""A narrow line before a network: what is sent passes slowly, until the line is widened."""

import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

BUFFER = 8 * 1024
"""Bytes that the line itself holds back, so that a sender soon feels how narrow it is."""


class NarrowLine:
    """Passes connections on to `url`; `rate` bytes a second go there, answers come back at once."""

    def __init__(self, url: str, rate: float) -> None:
        self._to = (urlsplit(url).hostname, urlsplit(url).port)
        self._pause = BUFFER / rate
        self._closed = threading.Event()
        self.passed = 0
        self._door = socket.socket()
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def widen(self) -> None:
        self._pause = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._door.close()

    def _answer(self) -> None:
        while not self._closed.is_set():
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(self._to)
            except OSError:
                return
            for pump in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pump, args=pump, daemon=True).start()

    def _pump(self, source: socket.socket, drain: socket.socket, narrow: bool) -> None:
        try:
            while block := source.recv(BUFFER):
                if narrow:
                    self.passed += len(block)
                    self._closed.wait(self._pause * len(block) / BUFFER)
                drain.sendall(block)
        except OSError:
            pass
        finally:
            for end in (source, drain):
                end.close()
