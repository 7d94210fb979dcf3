"""The application: each page behind the same doors, and each failure as a page of its own."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from somos_social.board import guard, rendering
from somos_social.board.guard import Guard, Headers
from somos_social.board.halting import Halt
from somos_social.board.pictures import Pictures
from somos_social.board.views import calendar, entry, handoffs, log, media, pauses, post, queue
from somos_social.board.visit import Visit, language_of
from somos_social.board.words import WORDS
from somos_social.core.guests import Guest
from somos_social.errors import InvalidFiles, NotAllowed, StoreError, UsageError
from somos_social.flows import App, invitations
from somos_social.flows.invitations import Door

if TYPE_CHECKING:
    from jinja2 import Environment

logger = logging.getLogger("somos")

View = Callable[[Visit], Response]


class Board:
    """All that the pages act through.

    `public_url` is where browsers reach it, None where only this machine does; `host` is the
    address that it answers on.
    """

    def __init__(
        self, app: App, door: Door, *, public_url: str | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.app = app
        self.door = door
        self.guard = Guard(key=door.key, public_url=public_url, host=host)
        self.pictures = Pictures(app.media_root)
        # Kits take time and room: one is made after the other.
        self.making = threading.Lock()

    @property
    def cookie(self) -> str:
        """The name under which a browser keeps a visit; by TLS, one that no other site can set."""
        return "__Host-somos_board" if self.guard.is_secure else "somos_board"

    @property
    def entry_cookie(self) -> str:
        """The name under which a browser keeps what the form of a personal link goes with."""
        return f"{self.cookie}_entry"

    def templates(self, language: str) -> "Environment":
        return rendering.templates(language)


def application(board: Board) -> Starlette:
    """The board as an ASGI application. No failure shows more than a sentence."""

    def page(
        path: str,
        view: View,
        *,
        writes: bool = False,
        at_the_door: bool = False,
        by_itself: bool = False,
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                asks = Asks(writes=writes, at_the_door=at_the_door, by_itself=by_itself)
                visit = await _arrival(board, request, asks)
                return await run_in_threadpool(view, visit)
            except Exception as error:  # noqa: BLE001 - whatever it is, a person reads a sentence
                return await run_in_threadpool(_told, board, request, error)

        return Route(path, endpoint, methods=["POST" if writes else "GET"])

    async def lost(request: Request, error: Exception) -> Response:
        return await run_in_threadpool(_told, board, request, error)

    routes: list[BaseRoute] = [
        page("/enter/{link}", entry.look, at_the_door=True),
        page("/enter/{link}", entry.enter, writes=True, at_the_door=True),
        page("/language/{language}", entry.language, at_the_door=True),
        page("/leave", entry.leave, writes=True),
        page("/", calendar.home),
        page("/calendar", calendar.show),
        page("/queue", queue.show),
        page("/post/{campaign}/{post}", post.show),
        page("/post/{campaign}/{post}/state", post.state, by_itself=True),
        page("/post/{campaign}/{post}/approve", post.approve, writes=True),
        page("/post/{campaign}/{post}/changes", post.ask_for_changes, writes=True),
        page("/media/{campaign}/{post}/{name}", media.show),
        page("/handoffs", handoffs.show),
        page("/handoffs/{campaign}/{key}/kit", handoffs.kit),
        page("/handoffs/{campaign}/{key}/kit.zip", handoffs.take, writes=True),
        page("/log", log.show),
        page("/log/verify", log.verify, writes=True),
        page("/pauses", pauses.show),
        page("/pauses", pauses.pause, writes=True),
        page("/pauses/{number:int}/resume", pauses.resume, writes=True),
        Mount("/static/looks", StaticFiles(packages=[("somos_social.preview", "static")])),
        Mount("/static", StaticFiles(packages=[("somos_social.board", "static")])),
    ]
    made = Starlette(
        routes=routes,
        middleware=[Middleware(Headers, is_secure=board.guard.is_secure)],
        exception_handlers={HTTPException: lost},
    )
    # Else it would lead to whatever host was asked for, before that is looked at.
    made.router.redirect_slashes = False
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What a request is: it `writes`, comes `at_the_door`, or is made by a page `by_itself`."""

    writes: bool
    at_the_door: bool
    by_itself: bool


async def _arrival(board: Board, request: Request, asks: Asks) -> Visit:
    """Raises Halt for whoever may not ask this, not so often, or not from there."""
    board.guard.check_host(request)
    kept = request.cookies.get(board.cookie)
    guest = await run_in_threadpool(_guest, board, kept, asks) if kept else None
    address = request.client.host if request.client else ""
    if guest is None:
        kept = None
        board.guard.count(guard.STRANGERS, "stranger", address)
    if guest is None and not asks.at_the_door:
        raise Halt(401)
    form = await guard.form_of(request) if asks.writes else {}
    if asks.writes:
        of = request.cookies.get(board.entry_cookie) if asks.at_the_door else kept
        board.guard.check_form(request, form, of)
        board.guard.count(guard.WORDS, "word", str(guest) if guest else address)
    return Visit(
        board=board,
        request=request,
        language=language_of(request),
        guest=guest,
        kept=kept,
        form=form,
    )


def _guest(board: Board, kept: str, asks: Asks) -> Guest | None:
    """A page that asks by itself keeps nobody in."""
    return invitations.visitor(board.app, board.door, kept, noted=not asks.by_itself)


def _told(board: Board, request: Request, error: Exception) -> Response:
    """A page that says what went wrong, and nothing of how it is built."""
    status, key = _status_of(error)
    visit = Visit(board=board, request=request, language=language_of(request), form={})
    response = visit.page("halt.html", status=status, key=key)
    if status == 429:
        response.headers["retry-after"] = "60"
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _status_of(error: Exception) -> tuple[int, str]:
    match error:
        case Halt():
            return error.status, error.key
        case HTTPException():
            key = f"status-{error.status_code}"
            return error.status_code, key if key in WORDS else "status-400"
        case ClientDisconnect():
            return 400, "status-400"
        case UsageError():
            return 404, "status-404"
        case NotAllowed() | InvalidFiles():
            return 409, "status-409"
        case StoreError():
            logger.error("The board could not answer: %s", error)
            return 503, "status-503"
        case _:
            logger.error("The board could not answer a request.", exc_info=error)
            return 500, "status-500"
