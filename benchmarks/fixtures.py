"""Deliveries by the hundred thousand, for the benchmarks."""

from datetime import UTC, datetime, timedelta

from somos_social.core.model.delivery import Delivery, Policy
from somos_social.core.model.post import Variant

NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
POLICY = Policy()


def deliveries(number: int, *, first_due: datetime) -> list[Delivery]:
    """Text posts a minute apart on three channels."""
    channels = ("facebook:bench", "instagram:bench", "x:bench")
    return [
        _delivery(post, channels[post % 3], first_due + timedelta(minutes=post))
        for post in range(number)
    ]


def _delivery(post: int, channel: str, due_at: datetime) -> Delivery:
    return Delivery(
        key=f"bench/post-{post}@{channel}",
        campaign="bench",
        post=f"post-{post}",
        channel=channel,
        variant=Variant(text=f"Historia {post}: todas las personas cuentan. #SomosLoMismo"),
        due_at=due_at,
        grace=POLICY.grace,
        run_at=due_at - POLICY.ahead,
        expires_at=due_at + POLICY.grace,
    )
