"""One request as a page sees it: who asks, in which language, and how to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from somos_social.board.halting import Halt
from somos_social.core.guests import Guest, Role
from somos_social.core.people import Approver
from somos_social.errors import NotAllowed
from somos_social.flows import App, invitations
from somos_social.preview import dates

if TYPE_CHECKING:
    from somos_social.board.application import Board

LANGUAGE_COOKIE = "somos_language"

YEARS = range(2000, 2200)
"""Those of which anybody asks; far outside of them, no clock can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`form` is empty unless something was sent; `kept` is what the browser keeps of the visit."""

    board: "Board"
    request: Request
    language: str
    guest: Guest | None = None
    kept: str | None = None
    form: Mapping[str, Any]

    @property
    def person(self) -> Guest:
        """Raises Halt where nobody has come in."""
        if self.guest is None:
            raise Halt(401)
        return self.guest

    @property
    def app(self) -> App:
        """What flows act through; in the log stands who asked."""
        return replace(self.board.app, actor=str(self.person))

    @property
    def is_approver(self) -> bool:
        return self.guest is not None and self.guest.role is Role.APPROVER

    def approver(self) -> Approver:
        """Whom the guest speaks for. Raises Halt for a reader, and for one removed since."""
        try:
            return invitations.speaks(self.board.app, self.person)
        except NotAllowed:
            raise Halt(403, "only-approvers") from None

    def asked(self, name: str) -> str:
        """What stands behind the ? of the address; empty where nothing does."""
        return self.request.query_params.get(name, "")

    def page(self, template: str, *, status: int = 200, **shown: Any) -> Response:
        """The answer in the language of whoever asks."""
        made = self.board.templates(self.language).get_template(template)
        kept = self.kept or ""
        text = made.render(
            visit=self,
            guest=self.guest,
            token=self.board.guard.token(kept) if kept else "",
            done=self.asked("done"),
            here=self.request.url.path,
            **shown,
        )
        return HTMLResponse(text, status)

    def go(self, path: str, **query: str) -> Response:
        """The answer to what was written: look there."""
        asked = {name: value for name, value in query.items() if value}
        return RedirectResponse(f"{path}?{urlencode(asked)}" if asked else path, 303)

    def when(self, moment: datetime, zone: tzinfo) -> str:
        return dates.moment(moment, zone, self.language)


def language_of(request: Request) -> str:
    """The one that was chosen, else the first of ours that the browser asks for; else Spanish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("es", "en"):
        return chosen
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(",")[:20]:
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((float(weight or 1), name[:2].lower()))
        except ValueError:
            continue
    known = [(weight, name) for weight, name in wanted if name in ("es", "en") and weight > 0]
    return max(known, key=lambda each: each[0])[1] if known else "es"


def day_of(written: str) -> date | None:
    """A day as browsers write it, 2026-12-01; None for anything else."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if found.year in YEARS else None
