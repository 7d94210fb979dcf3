"""Holds campaigns against what is known besides them, and warns of what is hardly meant."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from somos_social.core.campaign import WITHDRAWN, deliveries
from somos_social.core.clashes import Beside, Clash, clashes, still_asked_for
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Policy, Status
from somos_social.flows import App

if TYPE_CHECKING:
    from somos_social.flows.campaign import Plan

_TO_GO_OUT = (Status.SCHEDULED, Status.CLAIMED)
_PUBLIC = (Status.PUBLISHING, Status.PUBLISHED, Status.UNCONFIRMED)


def beside(app: App, slugs: Collection[str]) -> Beside:
    """What others have scheduled, and what of these campaigns is public or was called off."""
    waiting = app.store.listed(statuses=_TO_GO_OUT)
    others = [it for it in waiting if it.campaign not in slugs]
    cancelled: dict[str, datetime] = {}
    for slug in slugs:
        others += app.store.listed(statuses=_PUBLIC, campaign=slug)
        off = app.store.listed(statuses=[Status.CANCELLED], campaign=slug)
        cancelled |= {it.key: it.due_at for it in off if it.reason != WITHDRAWN}
    introductions = app.store.introductions()
    return Beside(others=others, cancelled=cancelled, introductions=introductions)


def of_campaigns(campaigns: Sequence[Campaign], around: Beside, *, now: datetime) -> list[Clash]:
    """The warnings of these campaigns, as their files have them."""
    every = [each for campaign in campaigns for each in deliveries(campaign, Policy())]
    wanted = [it for it in every if around.cancelled.get(it.key) != it.due_at]
    keys = {it.key for it in every}
    others = [it for it in around.others if it.key not in keys]
    return clashes(campaigns, wanted, replace(around, others=others), now=now)


def of_plan(app: App, made: "Plan") -> list[Clash]:
    """The warnings of the campaigns of a plan, and of what was called off and they still hold."""
    around = beside(app, {campaign.slug for campaign in made.campaigns})
    asked = {it.key for each in made.campaigns for it in deliveries(each, Policy())}
    planned = [line.planned for line in made.lines]
    return [
        *still_asked_for(planned, asked, made.known),
        *of_campaigns(made.campaigns, around, now=app.now()),
    ]
