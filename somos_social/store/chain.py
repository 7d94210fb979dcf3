"""The log is a chain per channel: each entry's hash covers the entry and the hash before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64

_COVERED = (
    "at",
    "delivery",
    "channel",
    "from",
    "to",
    "event",
    "attempt",
    "actor",
    "url",
    "remote_id",
    "reason",
    "digest",
)


def link(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of `entry` when it follows the entry whose hash is `previous`."""
    covered = [_plain(entry[name]) for name in _COVERED]
    canonical = json.dumps([previous, *covered], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds")
    return value
