"""The board on a port: started at once, stopped at once."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import anyio.to_thread
import uvicorn

from somos_social.board.application import Board, application

THREADS = 8
START_TIMEOUT = 10.0
"""Seconds that a start may take before it counts as failed."""


class Serving:
    """`with Serving(board, ...):` answers in a thread of this process until it is left.

    What a proxy on this machine says of its visitors is believed `behind_a_proxy`, and only then.
    Raises OSError where the port cannot be had.
    """

    def __init__(self, board: Board, *, host: str, port: int, behind_a_proxy: bool) -> None:
        self._address = (host.strip("[]"), port)
        self._config = uvicorn.Config(
            application(board),
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=behind_a_proxy,
            forwarded_allow_ips="127.0.0.1,::1",
            timeout_graceful_shutdown=2,
        )

    @property
    def url(self) -> str:
        """Where it answers; only once it is entered."""
        host, port = self._listener.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        self._listener = socket.create_server(self._address, family=family)
        # asyncio leaves this to us for such a socket; without it every answer waits 40 ms.
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = uvicorn.Server(self._config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._started = threading.Event()
        self._thread.start()
        if not self._started.wait(START_TIMEOUT):
            raise RuntimeError("the board did not start")
        return self

    def _run(self) -> None:
        async def serve() -> None:
            # No more at a time than the database has connections for.
            anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
            asyncio.get_running_loop().call_soon(self._started.set)
            await self._server.serve(sockets=[self._listener])

        asyncio.run(serve())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
