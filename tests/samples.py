"""Deliveries that tests start from: one in each status, as it would stand in the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery, Policy, Receipt, Status, Upload
from somos_social.core.model.post import Format, Variant
from somos_social.core.people import ChangeRequest, Consent

NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1000)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
POLICY = Policy()

X = "x:somoslomismo"
FACEBOOK = "facebook:somoslomismo"
INSTAGRAM = "instagram:somoslomismopa"

UPLOAD = Upload(begun_at=NOW - 5 * MINUTE, parts={"photo:0": "1789"})
RECEIPT = Receipt(remote_id="1234_5678", url="https://social.example/1234_5678")

IN_HAND = (Status.CLAIMED, Status.PUBLISHING)


def an_asset(**changes: Any) -> Asset:
    """A picture with every field filled; `changes` replace single fields."""
    fits: dict[str, Any] = {
        "path": "historias/carmen.jpg",
        "sha256": "6f" * 32,
        "kind": Kind.IMAGE,
        "mime": "image/jpeg",
        "size": 48_213,
        "width": 1080,
        "height": 1350,
        "alt": "Carmen lee con tres niños.",
        "credit": "© ACNUR/Nuria Batista",
        "people": ("P-014",),
        "shows": ("face", "first name"),
    }
    return Asset(**(fits | changes))


BESIDE = 'people = ["P-014"]\nshows = ["face", "first name"]\n'
"""What stands beside the file of `an_asset`."""


def a_delivery(post: str = "historia-carmen", *, channel: str = X, **changes: Any) -> Delivery:
    """A delivery that is due at NOW and was not touched yet; `changes` replace single fields."""
    due_at: datetime = changes.get("due_at", NOW)
    grace: timedelta = changes.get("grace", POLICY.grace)
    fresh = Delivery(
        key=f"somos-lo-mismo/{post}@{channel}",
        campaign="somos-lo-mismo",
        post=post,
        channel=channel,
        variant=Variant(text="Carmen llegó en 2019. Hoy enseña a leer. #SomosLoMismo"),
        due_at=due_at,
        grace=grace,
        run_at=due_at - POLICY.ahead,
        expires_at=due_at + grace,
    )
    return replace(fresh, **changes)


def standing(status: Status, post: str = "historia-carmen", **changes: Any) -> Delivery:
    """A delivery as it stands in `status`, with the lease, times and receipt that go with it."""
    fits: dict[str, Any] = {"status": status}
    if status is not Status.SCHEDULED:
        fits |= {"attempts": 1}
    if status in IN_HAND:
        fits |= {"lease": "worker#1", "lease_until": NOW + POLICY.lease}
    if status in (Status.PUBLISHING, Status.UNCONFIRMED, Status.PUBLISHED, Status.REMOVED):
        fits |= {"upload": UPLOAD, "prepared": True, "asked_at": NOW}
    if status is Status.UNCONFIRMED:
        fits |= {"absent_after": NOW + POLICY.look_after}
    if status in (Status.PUBLISHED, Status.REMOVED):
        fits |= {"receipt": RECEIPT, "run_at": None}
    if status in (Status.FAILED, Status.MISSED, Status.CANCELLED):
        fits |= {"reason": "It was so."}
    return a_delivery(post, **(fits | changes))


def a_comment(parent: Delivery, **changes: Any) -> Delivery:
    """A first comment that waits until `parent` is public."""
    fits: dict[str, Any] = {
        "key": f"{parent.key}#comment",
        "variant": Variant(format=Format.COMMENT, text="La historia completa: acnur.org"),
        "after": parent.key,
        "run_at": None,
        "due_at": parent.due_at,
        "grace": parent.grace,
    }
    return a_delivery(parent.post, channel=parent.channel, **(fits | changes))


def a_consent(**changes: Any) -> Consent:
    """A person's word that they may be seen everywhere; `changes` replace single fields."""
    fits: dict[str, Any] = {
        "person": "P-014",
        "form": "f0" * 32,
        "scope": ("face",),
        "channels": ("all",),
        "until": None,
        "guardian": False,
        "granted_at": NOW,
        "granted_by": "luz",
    }
    return Consent(**(fits | changes))


CONSENT = a_consent(
    scope=("face", "name"),
    channels=("x", "influencers"),
    until=NOW + HOUR,
    guardian=True,
    granted_by="ana",
)


def a_wish(delivery: Delivery, comment: str = "Falta Elvia.") -> ChangeRequest:
    """That UNHCR wants this delivery changed."""
    return ChangeRequest(
        delivery=delivery.key,
        organisation="UNHCR",
        person="Ana",
        variant=delivery.variant,
        due_at=delivery.due_at,
        at=NOW,
        comment=comment,
    )
