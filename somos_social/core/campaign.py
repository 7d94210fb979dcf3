"""Posts times channels make deliveries; what is wanted against what is known makes changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from somos_social.core.events import Amended, Cancelled, Event
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Policy, Status, delivery_key
from somos_social.core.model.post import Post, Variant
from somos_social.core.occurrences import parts_of

WITHDRAWN = "It is no longer in its campaign file."


class Change(StrEnum):
    """What scheduling would do to one delivery."""

    ADD = "add"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    TOO_LATE = "too-late"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One line of a plan. `wanted` is new for ADD; `event` is what AMEND and WITHDRAW do."""

    change: Change
    key: str
    wanted: Delivery | None = None
    event: Event | None = None


def deliveries(campaign: Campaign, policy: Policy) -> Iterator[Delivery]:
    """All that a campaign wants to go out; a first comment follows the delivery it stands under.

    Each link of a thread follows the one above it.
    """
    for post in campaign.posts:
        for channel, variant in post.variants.items():
            key = delivery_key(campaign.slug, post.key, channel)
            yield _delivery(campaign.slug, post, channel, variant, key, None, policy)
            if comment := post.comments.get(channel):
                yield _delivery(
                    campaign.slug, post, channel, comment, f"{key}#comment", key, policy
                )
            above = key
            for number, link in enumerate(post.threads.get(channel, ()), start=2):
                below = f"{key}#{number}"
                yield _delivery(campaign.slug, post, channel, link, below, above, policy)
                above = below


def _delivery(
    campaign: str,
    post: Post,
    channel: str,
    variant: Variant,
    key: str,
    after: str | None,
    policy: Policy,
) -> Delivery:
    grace = policy.grace if post.grace is None else post.grace
    due = post.due_on(channel)
    return Delivery(
        key=key,
        campaign=campaign,
        post=post.key,
        channel=channel,
        variant=variant,
        due_at=due,
        grace=grace,
        run_at=None if after else due - policy.ahead,
        expires_at=due + grace,
        after=after,
    )


def moved(delivery: Delivery, due_at: datetime) -> Amended:
    """The same content at another time."""
    return Amended(variant=delivery.variant, due_at=due_at, grace=delivery.grace)


def changes(wanted: Iterable[Delivery], known: Mapping[str, Delivery]) -> list[Planned]:
    """The way from what is known to what is wanted, by key; `known` is one campaign's deliveries.

    What is known and no longer wanted is withdrawn, unless it can no longer be. What a person
    cancelled stays so, however it was edited since, until it has a new time.
    """
    plan = [_planned(delivery, known.get(delivery.key)) for delivery in wanted]
    kept = {line.key for line in plan}
    plan.extend(_withdrawal(delivery) for key, delivery in known.items() if key not in kept)
    return plan


def _planned(wanted: Delivery, known: Delivery | None) -> Planned:
    if known is None:
        return Planned(change=Change.ADD, key=wanted.key, wanted=wanted)
    cancelled = known.status is Status.CANCELLED
    taken_back = cancelled and known.reason == WITHDRAWN
    by_a_person = cancelled and not taken_back
    if (_same(wanted, known) and not taken_back) or (by_a_person and wanted.due_at == known.due_at):
        return Planned(change=Change.UNTOUCHED, key=wanted.key)
    match known.status:
        case Status.PUBLISHED | Status.REMOVED if _only_its_rule_changed(wanted, known):
            return Planned(change=Change.UNTOUCHED, key=wanted.key)
        case Status.PUBLISHING | Status.PUBLISHED | Status.UNCONFIRMED | Status.REMOVED:
            return Planned(change=Change.TOO_LATE, key=wanted.key)
        case _ if known.suspect:
            return Planned(change=Change.TOO_LATE, key=wanted.key)
        case _:
            event = Amended(variant=wanted.variant, due_at=wanted.due_at, grace=wanted.grace)
            return Planned(change=Change.AMEND, key=wanted.key, wanted=wanted, event=event)


def _same(wanted: Delivery, known: Delivery) -> bool:
    return (wanted.variant, wanted.due_at, wanted.grace) == (
        known.variant,
        known.due_at,
        known.grace,
    )


def _only_its_rule_changed(wanted: Delivery, known: Delivery) -> bool:
    """A day of a repeated post says what it said; that its rule has other hours now is nothing."""
    _, day = parts_of(known.post)
    return bool(day) and (wanted.variant, wanted.grace) == (known.variant, known.grace)


def _withdrawal(known: Delivery) -> Planned:
    match known.status:
        case Status.SCHEDULED if known.suspect and known.after and known.parent_id is None:
            return Planned(change=Change.TOO_LATE, key=known.key)
        case Status.SCHEDULED | Status.CLAIMED | Status.FAILED | Status.MISSED:
            return Planned(change=Change.WITHDRAW, key=known.key, event=Cancelled(WITHDRAWN))
        case Status.PUBLISHING | Status.UNCONFIRMED:
            return Planned(change=Change.TOO_LATE, key=known.key)
        case Status.PUBLISHED | Status.CANCELLED | Status.REMOVED:
            return Planned(change=Change.UNTOUCHED, key=known.key)
