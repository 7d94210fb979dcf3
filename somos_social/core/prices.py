"""What a network bills for posts, as data, and what it will bill for those that are planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from somos_social.core.model.delivery import Delivery
from somos_social.core.tweet_text import urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """In US dollars, of a post and of one with a URL in its text; `source` says who says so."""

    post: Decimal
    with_url: Decimal
    source: str


X = Price(
    post=Decimal("0.015"),
    with_url=Decimal("0.200"),
    source="docs.x.com/x-api/getting-started/pricing, pay-per-use, since 2026-02-06",
)
"""Replies are posts like others. To look for a post, or to describe a picture, costs a bit more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What so many posts cost, of which some hold a URL."""

    posts: int
    with_url: int
    usd: Decimal


def bill_of_x(wanted: Iterable[Delivery]) -> Bill:
    """What X bills for those of these deliveries that go there, each link of a thread by itself."""
    texts = [delivery.variant.text for delivery in wanted if delivery.platform == "x"]
    with_url = sum(1 for text in texts if urls(text))
    usd = with_url * X.with_url + (len(texts) - with_url) * X.post
    return Bill(posts=len(texts), with_url=with_url, usd=usd)
