"""The campaigns that a page is about, and the clock that each lives by."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from somos_social.board.visit import Visit
from somos_social.store.campaigns import Scheduled

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """All that are known by their short names, and the one that was asked for, if any was."""

    known: Mapping[str, Scheduled]
    chosen: str | None

    def zone_of(self, slug: str) -> ZoneInfo:
        """UTC for a campaign that was scheduled before zones were noted."""
        found = self.known.get(slug)
        return found.zone if found else UTC

    def name_of(self, slug: str) -> str:
        found = self.known.get(slug)
        return found.name if found and found.name else slug

    @property
    def zone(self) -> ZoneInfo:
        """The one of what is shown, where there is one; else UTC."""
        zones = (
            {self.zone_of(self.chosen)} if self.chosen else {it.zone for it in self.known.values()}
        )
        return zones.pop() if len(zones) == 1 else UTC

    @property
    def has_one_zone(self) -> bool:
        return bool(self.chosen) or len({it.zone for it in self.known.values()}) == 1


def campaigns_of(visit: Visit) -> Campaigns:
    """Those of the database; what is asked for and unknown is asked for by nobody."""
    known = visit.board.app.store.pages.campaigns()
    chosen = visit.asked("campaign")
    return Campaigns(known=known, chosen=chosen if chosen in known else None)
