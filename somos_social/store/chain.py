"""The log is a chain per channel: each entry's hash covers the entry and the hash before it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

GENESIS = "0" * 64

COVERED = (
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
    covered = [plain(entry[name]) for name in COVERED]
    canonical = json.dumps([previous, *covered], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Head(NamedTuple):
    """The end of a chain: how many entries it has, and the hash of the last of them."""

    length: int
    hash: str


START = Head(0, GENESIS)
"""The head of a chain without entries."""

_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Heads:
    """The ends of all chains as they were once; each lies on its chain for ever after."""

    by_channel: Mapping[str, Head]
    at: datetime

    def document(self) -> dict[str, Any]:
        heads = {channel: head._asdict() for channel, head in sorted(self.by_channel.items())}
        return {"heads": heads, "at": plain(self.at)}

    @classmethod
    def from_document(cls, read: Any) -> Self:
        """The inverse of `document`. Raises ValueError for anything else."""
        try:
            heads = {channel: Head(**head) for channel, head in read["heads"].items()}
            at = datetime.fromisoformat(read["at"])
            fits = all(head.length >= 0 and _HASH.fullmatch(head.hash) for head in heads.values())
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("these are no heads of chains") from error
        if not fits or at.tzinfo is None:
            raise ValueError("these are no heads of chains")
        return cls(heads, at)


def plain(value: Any) -> Any:
    """The value as it is written; a time in UTC, to the microsecond."""
    if isinstance(value, datetime):
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds")
    return value
