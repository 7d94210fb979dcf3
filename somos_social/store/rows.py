"""Between the core's values and the columns of the tables, both ways and without loss."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.core.model.handoff import Ask, Draft, Handoff, HandoffStatus, Proof
from somos_social.core.model.post import Variant

_SAME = (
    "key",
    "campaign",
    "post",
    "channel",
    "due_at",
    "run_at",
    "expires_at",
    "after",
    "parent_id",
    "attempts",
    "lease",
    "lease_until",
    "asked_at",
    "absent_after",
    "looks",
    "prepared",
    "blocked",
    "suspect",
    "outdated",
    "asked_tick",
    "reason",
    "version",
)


def from_delivery(delivery: Delivery) -> dict[str, Any]:
    """The columns of `deliveries` for this delivery."""
    row: dict[str, Any] = {name: getattr(delivery, name) for name in _SAME}
    row["status"] = delivery.status.value
    row["resting"] = delivery.resting and delivery.resting.value
    row["grace"] = round(delivery.grace.total_seconds())
    row["variant"] = delivery.variant.to_json()
    row["digest"] = delivery.digest or delivery.variant.digest
    row["upload"] = None if delivery.upload is None else upload_to_json(delivery.upload)
    row["remote_id"] = delivery.receipt and delivery.receipt.remote_id
    row["url"] = delivery.receipt and delivery.receipt.url
    return row


def to_delivery(row: RowMapping) -> Delivery:
    """The inverse of `from_delivery`; of a damaged row a delivery that is not intact."""
    remote_id, upload = row["remote_id"], row["upload"]
    return Delivery(
        **{name: row[name] for name in _SAME},
        status=Status(row["status"]),
        resting=row["resting"] and Status(row["resting"]),
        grace=timedelta(seconds=row["grace"]),
        variant=_variant(row["variant"]),
        digest=row["digest"],
        upload=None if upload is None else _upload_from_json(upload),
        receipt=None if remote_id is None else Receipt(remote_id=remote_id, url=row["url"]),
    )


def in_json(text: str) -> str:
    """How a name or a fingerprint stands in what is stored as JSON."""
    return json.dumps(text, ensure_ascii=False)


def digest_of(variant: str) -> str:
    """The digest of a variant as stored."""
    return _variant(variant).digest


def _variant(text: str) -> Variant:
    try:
        return Variant.from_json(text)
    except (KeyError, TypeError, ValueError):
        return Variant()


_SAME_OF_HANDOFF = (
    "campaign",
    "key",
    "influencer",
    "contact",
    "draft_due",
    "live_due",
    "brief",
    "review",
    "moved_at",
    "offers",
    "agreed",
    "approved",
    "url",
    "live_at",
    "reason",
    "version",
)


def from_handoff(handoff: Handoff) -> dict[str, Any]:
    """The columns of `handoffs` for this hand-off."""
    row: dict[str, Any] = {name: getattr(handoff, name) for name in _SAME_OF_HANDOFF}
    row["status"] = handoff.status.value
    row["ask"] = _ask_to_json(handoff)
    row["draft"] = handoff.draft and handoff.draft.to_json()
    row["proof"] = handoff.proof and handoff.proof.to_json()
    return row


def to_handoff(row: RowMapping) -> Handoff:
    """The inverse of `from_handoff`; raises ValueError for a damaged row."""
    try:
        raw = json.loads(row["ask"])
        shown = tuple(raw.pop(_SHOWN, ()))
        return Handoff(
            **{name: row[name] for name in _SAME_OF_HANDOFF},
            status=HandoffStatus(row["status"]),
            ask=Ask.from_json(json.dumps(raw)),
            shown=shown,
            draft=None if row["draft"] is None else Draft.from_json(row["draft"]),
            proof=None if row["proof"] is None else Proof.from_json(row["proof"]),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"in hand-off {row['campaign']}/{row['key']}") from error


_SHOWN = "shown"
"""Beside what is asked stands who was shown before, where there is anybody."""


def _ask_to_json(handoff: Handoff) -> str:
    text = handoff.ask.to_json()
    if not handoff.shown:
        return text
    raw = json.loads(text) | {_SHOWN: list(handoff.shown)}
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def upload_to_json(upload: Upload) -> str:
    """The column `upload`."""
    begun_at = upload.begun_at.astimezone(UTC).isoformat()
    return json.dumps({"begun_at": begun_at, "parts": dict(upload.parts)}, separators=(",", ":"))


def _upload_from_json(text: str) -> Upload | None:
    """None for one that cannot be read: it is then made anew."""
    try:
        raw = json.loads(text)
        return Upload(begun_at=datetime.fromisoformat(raw["begun_at"]), parts=raw["parts"])
    except (KeyError, TypeError, ValueError):
        return None
