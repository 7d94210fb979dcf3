"""The schedule as a file: a spreadsheet that `somos import` reads again, or a calendar."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from somos_social.cli import workbooks
from somos_social.core.model.delivery import Delivery, Status
from somos_social.files.cells import disarmed
from somos_social.store.campaigns import Scheduled

FIELDS = (
    *("campaign", "key", "part", "channel", "date", "time", "timezone", "utc", "status"),
    *("format", "text", "link", "assets", "first_comment", "public_at", "reason"),
)
"""`somos import` knows them by these names, and leaves out those that follow from the others."""

_SHOWN = timedelta(minutes=15)
"""How long a post is in a calendar, so that it can be seen there."""

_ICAL = {
    Status.SCHEDULED: "CONFIRMED",
    Status.CLAIMED: "CONFIRMED",
    Status.PUBLISHING: "CONFIRMED",
    Status.PUBLISHED: "CONFIRMED",
    Status.UNCONFIRMED: "TENTATIVE",
    Status.FAILED: "TENTATIVE",
    Status.MISSED: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.REMOVED: "CANCELLED",
}

Campaigns = Mapping[str, Scheduled]


def write(
    kind: str, to: Path, found: Sequence[Delivery], campaigns: Campaigns, now: datetime
) -> int:
    """Writes them in their order and returns how many there are. Raises UsageError, OSError."""
    if kind == "ics":
        to.write_bytes(_calendar(found, campaigns, now))
        return len(found)
    rows = _rows(found, campaigns)
    if kind == "xlsx":
        return workbooks.write(to, "schedule", FIELDS, rows, {"text", "first_comment", "assets"})
    with to.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(FIELDS)
        writer.writerows([disarmed(cell) for cell in row] for row in rows)
    return len(found)


def _rows(found: Sequence[Delivery], campaigns: Campaigns) -> Iterator[list[Any]]:
    comments = {each.after: each for each in found if _part(each) == "comment"}
    for each in found:
        comment = comments.get(each.key)
        zone = _zone(each, campaigns)
        due = each.due_at.astimezone(zone)
        variant = each.variant
        yield [
            each.campaign,
            each.post,
            _part(each),
            each.channel,
            due.date(),
            due.time(),
            zone.key,
            each.due_at.astimezone(UTC).replace(tzinfo=None),
            each.status.value,
            "" if _part(each) else variant.format.value,
            variant.text,
            variant.link,
            "\n".join(asset.path for asset in variant.assets),
            comment and comment.variant.text,
            each.receipt and each.receipt.url,
            each.reason,
        ]


def _part(each: Delivery) -> str:
    """What it is of its post: nothing more to say of the post itself."""
    if each.after is None:
        return ""
    return "comment" if each.key.endswith("#comment") else "thread"


def _zone(each: Delivery, campaigns: Campaigns) -> ZoneInfo:
    known = campaigns.get(each.campaign)
    return known.zone if known else ZoneInfo("UTC")


def _calendar(found: Sequence[Delivery], campaigns: Campaigns, now: datetime) -> bytes:
    """Each delivery is one event, of the same name whenever it is written: calendars renew it."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//somos_social//schedule//EN")
    calendar.add("version", "2.0")
    for each in found:
        event = Event()
        event.add("uid", f"{each.key}@somos-social")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", each.due_at.astimezone(UTC))
        event.add("duration", _SHOWN)
        event.add("sequence", each.version)
        event.add("status", _ICAL[each.status])
        event.add("summary", f"{each.channel}: {_start(each.variant.text) or each.post}")
        known = campaigns.get(each.campaign)
        name = known.name if known else each.campaign
        event.add("description", _printable(f"{name}: {each.status.value}\n\n{each.variant.text}"))
        event.add("categories", [each.campaign, each.channel])
        if each.receipt and each.receipt.url:
            event.add("url", _printable(each.receipt.url))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _start(text: str) -> str:
    flat = _printable(" ".join(text.split()))
    return flat if len(flat) <= 60 else f"{flat[:59]}…"


def _printable(text: str) -> str:
    """Without what no calendar may hold."""
    plain = text.encode("utf-8", "backslashreplace").decode()
    return "".join(it for it in plain if it == "\n" or it == "\t" or ord(it) >= 32)
