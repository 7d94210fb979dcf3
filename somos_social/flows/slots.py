"""Finds the next of the weekly hours of a channel that no other post of it has."""

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Status
from somos_social.core.slots import slots_of, upcoming
from somos_social.document import Unfit
from somos_social.errors import NotAllowed, UsageError
from somos_social.files import clock, read_campaign
from somos_social.flows import App

_OVER = (Status.CANCELLED, Status.REMOVED)


def next_free(app: App, campaign: Path, channels: Iterable[str]) -> dict[str, datetime]:
    """By channel, its next slot in which nothing is scheduled or planned, in UTC.

    A blackout has none, nor an hour that the clocks skip or repeat. Raises InvalidFiles where the
    file cannot be read, UsageError where it gives a channel no slots, and NotAllowed where all of a
    year are taken.
    """
    read = read_campaign(campaign, media_root=app.media_root, channels=app.channels)
    wanted = list(dict.fromkeys(channels))
    if without := [it for it in wanted if not slots_of(read.slots, it)]:
        raise UsageError(
            f"{campaign} has no slots for {', '.join(without)}. Write them there, as in [slots] "
            f'"{without[0]}" = ["mon 09:00", "thu 18:30"], or say when.'
        )
    return {channel: _next(app, read, channel, _taken(app, read, channel)) for channel in wanted}


def _taken(app: App, campaign: Campaign, channel: str) -> set[datetime]:
    known = app.store.listed(channel=channel)
    due = [it.due_at for it in known if it.after is None and it.status not in _OVER]
    planned = [post.due_on(channel) for post in campaign.posts if channel in post.variants]
    return {_minute(moment) for moment in (*due, *planned)}


def _next(app: App, campaign: Campaign, channel: str, taken: Collection[datetime]) -> datetime:
    zone, now = ZoneInfo(campaign.timezone), app.now()
    there = now.astimezone(zone).replace(tzinfo=None)
    for local in upcoming(slots_of(campaign.slots, channel), there):
        try:
            moment = clock.utc(local, zone)
        except Unfit:
            continue
        is_silent = any(it.since <= moment < it.until for it in campaign.blackouts)
        if moment > now and not is_silent and moment not in taken:
            return moment
    raise NotAllowed(f"Every slot of {channel} in the coming year is taken. Say when instead.")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
