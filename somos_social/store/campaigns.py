"""What each campaign is called, and its clock, as its file said when it was scheduled last."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from somos_social.core.model.campaign import Campaign
from somos_social.store.tables import campaigns

_c = campaigns.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A campaign of which something was scheduled."""

    slug: str
    name: str
    zone: ZoneInfo


def note_campaign(connection: Connection, campaign: Campaign) -> None:
    """Writes nothing where it is known already."""
    known = select(_c.name, _c.timezone).where(_c.slug == campaign.slug)
    if connection.execute(known).all() == [(campaign.name, campaign.timezone)]:
        return
    connection.execute(delete(campaigns).where(_c.slug == campaign.slug))
    row = {"slug": campaign.slug, "name": campaign.name, "timezone": campaign.timezone}
    connection.execute(insert(campaigns).values(row))


def known(connection: Connection) -> dict[str, Scheduled]:
    """By slug, in the order of their names."""
    query = select(campaigns).order_by(_c.name, _c.slug)
    return {
        row.slug: Scheduled(slug=row.slug, name=row.name, zone=_zone(row.timezone))
        for row in connection.execute(query)
    }


def _zone(name: str) -> ZoneInfo:
    """UTC for a clock that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return ZoneInfo("UTC")
