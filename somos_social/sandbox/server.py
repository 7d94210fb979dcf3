"""The stand-in networks on a port: started at once, stopped at once, leaving nothing behind."""

import asyncio
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from somos_social.sandbox import feeds, graph, inspection, x
from somos_social.sandbox.export import export
from somos_social.sandbox.faults import Faults, as_fault
from somos_social.sandbox.intake import Intake
from somos_social.sandbox.lost import HANDLERS
from somos_social.sandbox.meta_app import MetaApp
from somos_social.sandbox.misfortune import Misfortune
from somos_social.sandbox.world import PLATFORMS, Account, PublicPost, Repetition, World
from somos_social.sandbox.x.calls import Network
from somos_social.sandbox.x.oauth import Signatures

START_TIMEOUT = 10.0
"""Seconds that a start may take before it counts as failed; it takes a tenth of one."""
Answer = TypeVar("Answer")


class _Protocol(H11Protocol):
    """Shows the connection to the application, so that a fault can cut it off."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it too
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Sandbox:
    """Facebook, Instagram and X on loopback; `with box:` runs them in a thread of this process.

    `clock` returns the aware UTC time of these networks, the real one where it is not given.
    `media_root` is served under `media_url`, as the public web host of a campaign's pictures.
    `apps` are those of Meta through which people log in, and tokens are made.
    """

    def __init__(
        self,
        *,
        accounts: Sequence[Account],
        clock: Callable[[], datetime] | None = None,
        media_root: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        apps: Sequence[MetaApp] = (),
    ) -> None:
        self.faults = Faults()
        self._accounts = tuple(accounts)
        self._apps = tuple(apps)
        self._clock = clock
        self._media_root = media_root
        self._address = (host, port)
        self._url: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """Where the networks answer; RuntimeError before the start."""
        if self._url is None:
            raise RuntimeError("the sandbox has not been started")
        return self._url

    @property
    def origins(self) -> dict[str, str]:
        """Each public origin of the networks and where it is answered here."""
        return {
            "https://graph.facebook.com": f"{self.url}/graph",
            "https://graph-video.facebook.com": f"{self.url}/graph-video",
            "https://rupload.facebook.com": f"{self.url}/rupload",
            "https://api.x.com": f"{self.url}/x",
            "https://api.twitter.com": f"{self.url}/x",
        }

    @property
    def media_url(self) -> str:
        """The address of `media_root`."""
        return f"{self.url}/media/"

    def posts(self) -> list[PublicPost]:
        """All that is public, comments and replies too, in order of publication."""

        def look() -> list[PublicPost]:
            self._world.settle()
            return list(self._world.feed.values())

        return self._on_server(look)

    def repeated(self) -> list[Repetition]:
        """The visible calls so far that asked for what was done already, refused or not."""
        return self._on_server(lambda: list(self._world.repeated))

    def public_counts(self) -> dict[str, int]:
        """How many posts each platform shows, without comments and replies."""
        top = [post.platform for post in self.posts() if post.parent_id is None]
        return {platform: top.count(platform) for platform in PLATFORMS}

    def export(self, directory: Path) -> Path:
        """Write the feeds as web pages with their media beside them; returns the index.html."""
        return export(directory, self._accounts, self.posts())

    def __enter__(self) -> Self:
        listener = socket.create_server(self._address)
        # asyncio leaves this to us for such a socket; without it every answer waits 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, port = listener.getsockname()[:2]
        self._url = f"http://{host}:{port}"
        self._directory = tempfile.TemporaryDirectory(prefix="somos-sandbox-")
        intake = Intake(Path(self._directory.name))
        self._world = World(self._accounts, self._clock, intake, self._url, self._apps)
        config = uvicorn.Config(
            self._application(),
            http=_Protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=[listener], daemon=True)
        started = threading.Event()
        self._started = started
        self._thread.start()
        if not started.wait(START_TIMEOUT):
            raise RuntimeError("the sandbox did not start")
        return self

    def _run(self, listener: socket.socket) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._loop.call_soon(self._started.set)
            await self._server.serve(sockets=[listener])

        asyncio.run(serve())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._loop = None
        self._directory.cleanup()

    def serve_forever(self) -> None:
        """Serve in the foreground until SIGINT or SIGTERM; only in a main thread."""
        stop = threading.Event()
        signals = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, lambda *_: stop.set()) for number in signals]
        try:
            with self:
                stop.wait()
        finally:
            for number, handler in zip(signals, before, strict=True):
                signal.signal(number, handler)

    def _on_server(self, look: Callable[[], Answer]) -> Answer:
        """Look at the world on the thread that owns it, or here once that has ended."""
        if self._loop is None:
            return look()

        async def there() -> Answer:
            await self._misfortune.catch_up()
            return look()

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result()

    def _application(self) -> inspection.Recorder:
        world = self._world
        recorder = inspection.Recorder(app=_nothing)
        routes: list[Route | Mount] = [
            Route("/graph/{path:path}", graph.answer, methods=METHODS),
            Route("/graph-video/{path:path}", graph.answer, methods=METHODS),
            Route("/rupload/{service}/{version}/{target}", graph.rupload, methods=METHODS),
            Route("/rupload/{service}/{target}", graph.rupload, methods=METHODS),
            Mount("/x", routes=x.ROUTES),
            *inspection.routes(world, recorder.calls),
            Route("/_sandbox/faults", self._answer_of_faults, methods=METHODS),
            *feeds.routes(world),
        ]
        if self._media_root is not None:
            routes.append(Mount("/media", StaticFiles(directory=self._media_root)))
        app = Starlette(routes=routes, exception_handlers=HANDLERS)
        app.state.world = world
        app.state.x = Network(Signatures(self._accounts))
        self._misfortune = Misfortune(app=app, faults=self.faults, world=world)
        recorder.app = self._misfortune
        return recorder

    async def _answer_of_faults(self, request: Request) -> Response:
        """POST adds a fault, or `{"seed": n, "rate": share}` a mix of them; DELETE ends all."""
        try:
            if request.method == "DELETE":
                self.faults.clear()
            elif request.method == "POST":
                self._let_go_wrong(await request.json())
        except (ValueError, TypeError) as error:
            return JSONResponse({"problem": str(error)}, 400)
        return JSONResponse(
            {"pending": len(self.faults.script), "struck": dict(self.faults.struck)}
        )

    def _let_go_wrong(self, asked: Any) -> None:
        if isinstance(asked, dict) and "seed" in asked:
            self.faults.seed(asked.pop("seed"), **asked)
        else:
            self.faults.add(as_fault(asked))


METHODS = ["GET", "POST", "DELETE"]


async def _nothing(*_: object) -> None:
    """What a recorder wraps until the application is whole."""
