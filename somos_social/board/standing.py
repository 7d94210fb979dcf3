"""How a delivery stands in the eyes of people: what it waits for, and whose word is missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from somos_social.core.clearance import unapproved, unconsenting
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.people import Pause
from somos_social.flows import App

OPEN = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)
"""States in which a word still says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`missing` are the organisations whose yes is missing, and whether each gave one before.

    `unconsenting` stand for people whose consent does not allow it; nothing more of them is told.
    """

    delivery: Delivery
    missing: dict[str, bool]
    unconsenting: list[str]
    pauses: Sequence[Pause]

    @property
    def word(self) -> str:
        """In one word, a key of our words."""
        delivery = self.delivery
        if delivery.status not in (Status.SCHEDULED, Status.CLAIMED):
            return delivery.status.value
        if self.missing:
            return "unapproved"
        if self.unconsenting:
            return "unconsented"
        if self.pauses:
            return "paused"
        return "blocked" if delivery.blocked else delivery.status.value


def standings(app: App, found: Collection[Delivery]) -> list[Standing]:
    """Of each, in the same order."""
    now = app.now()
    said = app.store.said_of([each for each in found if each.status in OPEN])
    return [
        Standing(
            delivery=each,
            missing=unapproved(each, said) if each.status in OPEN else {},
            unconsenting=unconsenting(each, said, now) if each.status in OPEN else [],
            pauses=[it for it in said.pauses if it.covers(each) and it.since <= now],
        )
        for each in found
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A post with how it stands on each channel; what follows a delivery stands behind it."""

    campaign: str
    post: str
    due_at: datetime
    on: Sequence[Standing]

    @property
    def mains(self) -> list[Standing]:
        """Without what goes out below them, unless that stands otherwise."""
        leads = {each.delivery.key: each for each in self.on if each.delivery.after is None}
        return [
            each
            for each in self.on
            if each.delivery.after is None or self._differs(each, leads.values())
        ]

    def _differs(self, each: Standing, leads: Collection[Standing]) -> bool:
        same = [it.word for it in leads if it.delivery.channel == each.delivery.channel]
        return each.word not in same

    @property
    def missing(self) -> dict[str, bool]:
        """The organisations whose yes is missing for anything of it."""
        found: dict[str, bool] = {}
        for each in self.on:
            for name, before in each.missing.items():
                found[name] = before or found.get(name, False)
        return found

    @property
    def unconsenting(self) -> list[str]:
        return list(dict.fromkeys(it for each in self.on for it in each.unconsenting))

    @property
    def words(self) -> str:
        """How its text begins."""
        texts = (each.delivery.variant.text for each in self.on)
        return next((text for text in texts if text), "")


def posted(found: Collection[Standing]) -> list[Posted]:
    """By post, each at its first time, in the order of these."""
    ordered = sorted(found, key=_name)
    posts = [
        Posted(campaign=campaign, post=post, due_at=min(it.delivery.due_at for it in on), on=on)
        for (campaign, post), group in groupby(ordered, _name)
        for on in [list(group)]
    ]
    return sorted(posts, key=lambda each: (each.due_at, each.campaign, each.post))


def _name(standing: Standing) -> tuple[str, str]:
    return standing.delivery.campaign, standing.delivery.post
