"""What influencers are asked to post, as the database has it now, and their kits."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from starlette.responses import HTMLResponse, Response, StreamingResponse

from somos_social.board import guard
from somos_social.board.halting import Halt
from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit
from somos_social.core.handoff import is_late
from somos_social.core.model.handoff import Handoff, HandoffStatus
from somos_social.flows import kits

WORDS: Mapping[HandoffStatus, str] = {
    HandoffStatus.OFFERED: "handoff-offered",
    HandoffStatus.ACCEPTED: "handoff-accepted",
    HandoffStatus.DECLINED: "handoff-declined",
    HandoffStatus.SUBMITTED: "handoff-submitted",
    HandoffStatus.CHANGES_REQUESTED: "handoff-changes-requested",
    HandoffStatus.APPROVED: "handoff-approved",
    HandoffStatus.LIVE: "handoff-live",
    HandoffStatus.CONFIRMED: "handoff-confirmed",
    HandoffStatus.CANCELLED: "handoff-cancelled",
}
"""By status, the key of the word for it."""

SANDBOXED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""A kit's page has its own style and pictures in it, and can do nothing at all."""

PATIENCE = 20.0
"""So many seconds a kit waits for the one that is being made: films may take long."""

_BLOCK = 256 * 1024
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A hand-off without a contact: `word` says how it stands, `has_kit` whether there is one."""

    handoff: Handoff
    word: str
    is_late: bool
    has_kit: bool

    @property
    def waits_for_review(self) -> bool:
        """Whether its draft waits for a yes of the desk."""
        return self.handoff.status is HandoffStatus.SUBMITTED


def show(visit: Visit) -> Response:
    """Never with a contact: how to reach someone is for the desk."""
    campaigns, app = campaigns_of(visit), visit.board.app
    now = app.now()
    found = [
        Shown(
            handoff=_without_contact(handoff),
            word=_word(handoff),
            is_late=is_late(handoff, now),
            has_kit=kits.is_to_be_had(handoff),
        )
        for handoff in app.store.handoffs(campaigns.chosen)
    ]
    return visit.page("handoffs.html", campaigns=campaigns, handoffs=found)


def _word(handoff: Handoff) -> str:
    if handoff.status is HandoffStatus.OFFERED and not handoff.offers:
        return "handoff-not-offered"
    return WORDS[handoff.status]


def _without_contact(handoff: Handoff) -> Handoff:
    return replace(handoff, contact="")


def kit(visit: Visit) -> Response:
    """The page of a kit, to be read. Raises Halt, NotAllowed, InvalidFiles."""
    asked = _asked(visit)
    with _one_by_one(visit):
        page = kits.page(visit.app, asked)
    return HTMLResponse(page, headers={"content-security-policy": SANDBOXED})


def take(visit: Visit) -> Response:
    """The kit as a zip; who took it stands in the log. Raises Halt, NotAllowed, InvalidFiles."""
    asked = _asked(visit)
    name = _ODD.sub("_", f"kit-{asked.campaign}-{asked.key}")
    with _one_by_one(visit), TemporaryDirectory(prefix="somos-kit-") as folder:
        built = kits.make(visit.app, asked, Path(folder) / name)
        size = built.zip.stat().st_size
        # It has no name any more once the folder is gone, and ends with whoever reads it.
        file = built.zip.open("rb")
    headers = {
        "content-disposition": f'attachment; filename="{name}.zip"',
        "content-length": str(size),
    }
    return StreamingResponse(_read(file), media_type="application/zip", headers=headers)


@contextmanager
def _one_by_one(visit: Visit) -> Iterator[None]:
    """Raises Halt where others have waited for theirs for long already."""
    if not visit.board.making.acquire(timeout=PATIENCE):
        raise Halt(429)
    try:
        yield
    finally:
        visit.board.making.release()


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block


def _asked(visit: Visit) -> Handoff:
    named = visit.request.path_params
    for handoff in visit.board.app.store.handoffs(named["campaign"]):
        if handoff.key == named["key"]:
            visit.board.guard.count(guard.KITS, "kit", str(visit.person))
            return _without_contact(handoff)
    raise Halt(404)
