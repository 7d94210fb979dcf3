"""A campaign file as it was read."""

from dataclasses import dataclass, field
from datetime import datetime

from somos_social.core.model.handoff import Handoff
from somos_social.core.model.post import Post
from somos_social.core.slots import Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """A time, in UTC, in which a campaign is silent: an election, a day of mourning."""

    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign file as read: `slug` is the file's name without its ending.

    `approvals` are the organisations whose yes every post needs, `contact` is whom an influencer
    calls when something must stop. `slots` are the weekly hours of its channels.
    """

    slug: str
    name: str
    hashtag: str
    timezone: str
    channels: tuple[str, ...]
    approvals: tuple[str, ...]
    posts: tuple[Post, ...]
    handoffs: tuple[Handoff, ...]
    blackouts: tuple[Blackout, ...] = ()
    contact: str = ""
    slots: Slots = field(default_factory=dict)
