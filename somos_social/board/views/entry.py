"""Coming in by a personal link, leaving, and the choice of a language."""

import secrets
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.responses import Response

from somos_social.board import guard
from somos_social.board.halting import Halt
from somos_social.board.visit import LANGUAGE_COOKIE, Visit
from somos_social.core.guests import Guest
from somos_social.flows import invitations
from somos_social.preview.words import LANGUAGES

AN_HOUR = 60 * 60


def look(visit: Visit) -> Response:
    """A link that is opened is not used up yet: programs that look at mails open links, too."""
    guest = _holder(visit)
    board = visit.board
    kept = secrets.token_urlsafe(invitations.SECRET_BYTES)
    response = visit.page("enter.html", holder=guest, entry_token=board.guard.token(kept))
    response.set_cookie(
        board.entry_cookie,
        kept,
        max_age=AN_HOUR,
        path="/",
        secure=board.guard.is_secure,
        httponly=True,
        samesite="strict",
    )
    return response


def enter(visit: Visit) -> Response:
    """Uses the link up; from now on the browser keeps the visit."""
    board = visit.board
    _count(visit)
    try:
        _, kept = invitations.enter(board.app, board.door, visit.request.path_params["link"])
    except invitations.Refused as refused:
        raise Halt(410, f"link-{refused.why}") from None
    if visit.kept:
        invitations.leave(board.app, visit.kept)
    response = visit.go("/")
    response.delete_cookie(board.entry_cookie, path="/", secure=board.guard.is_secure)
    response.set_cookie(
        board.cookie,
        kept,
        max_age=round(board.door.stay.most.total_seconds()),
        path="/",
        secure=board.guard.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


def leave(visit: Visit) -> Response:
    board = visit.board
    invitations.leave(board.app, visit.kept or "")
    response = replace(visit, guest=None, kept=None).page("left.html")
    response.delete_cookie(board.cookie, path="/", secure=board.guard.is_secure)
    return response


def language(visit: Visit) -> Response:
    """Chooses a language, and goes back to the page that was looked at."""
    chosen = visit.request.path_params["language"]
    if chosen not in LANGUAGES:
        raise Halt(404)
    back = visit.asked("to")
    # Only a path of ours: with two slashes or a backslash, browsers would go to another site.
    is_ours = back.startswith("/") and not urlsplit(back).netloc and "\\" not in back
    response = visit.go(back if is_ours and back.isprintable() and back[1:2] != "/" else "/")
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=guard.A_YEAR,
        path="/",
        secure=visit.board.guard.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


def _holder(visit: Visit) -> Guest:
    _count(visit)
    board = visit.board
    try:
        return invitations.holder(board.app, board.door, visit.request.path_params["link"])
    except invitations.Refused as refused:
        raise Halt(410, f"link-{refused.why}") from None


def _count(visit: Visit) -> None:
    client = visit.request.client
    visit.board.guard.count(guard.DOORS, "door", client.host if client else "")
