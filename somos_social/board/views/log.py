"""The publishing log, the newest first, and the proof that it is what was written."""

import threading
from datetime import datetime, time

from starlette.responses import Response

from somos_social.board.halting import Halt
from somos_social.board.views.campaigns import campaigns_of
from somos_social.board.visit import Visit, day_of
from somos_social.store.said import DESK

ON_A_PAGE = 50

_one_at_a_time = threading.Lock()
"""Verifying walks along the whole log."""


def show(visit: Visit) -> Response:
    campaigns, app = campaigns_of(visit), visit.board.app
    since, before = visit.asked("since"), visit.asked("before")
    channels = app.store.pages.channels()
    channel = visit.asked("channel")
    chosen = channel if channel in (*channels, *_DESKS) else ""
    post = visit.asked("post").strip()[:100]
    entries = app.store.pages.log(
        limit=ON_A_PAGE + 1,
        since=_moment(since, visit),
        channel=chosen or None,
        post=post or None,
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
    )
    return visit.page(
        "log.html",
        campaigns=campaigns,
        channels=channels,
        desks=_DESKS,
        since=since if _moment(since, visit) else "",
        channel=chosen,
        post=post,
        entries=entries[:ON_A_PAGE],
        has_more=len(entries) > ON_A_PAGE,
        zone=campaigns.zone,
    )


_DESKS = tuple(f"{DESK}{name}" for name in ("approvals", "approvers", "handoffs", "pauses"))


def verify(visit: Visit) -> Response:
    """Whether every entry is what was written, and every delivery what the log says of it."""
    store = visit.board.app.store
    if not _one_at_a_time.acquire(blocking=False):
        raise Halt(429)
    try:
        broken, number = store.broken_links(), store.log_length()
    finally:
        _one_at_a_time.release()
    is_part = "hx-request" in visit.request.headers
    template = "log_verified.html" if is_part else "log_verified_page.html"
    return visit.page(template, broken=broken, number=number)


def _moment(written: str, visit: Visit) -> datetime | None:
    """The beginning of that day, where the campaigns are."""
    day = day_of(written)
    return datetime.combine(day, time(), tzinfo=campaigns_of(visit).zone) if day else None
