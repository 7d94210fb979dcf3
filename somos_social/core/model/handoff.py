"""What an influencer is asked for, and what became of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from somos_social.core.model.asset import Asset
from somos_social.core.model.post import Format


class Compensation(StrEnum):
    """What an influencer gets for a post; anything but nothing has to be disclosed in it."""

    NONE = "none"
    IN_KIND = "in_kind"
    PAID = "paid"
    EMPLOYMENT = "employment"


class HandoffStatus(StrEnum):
    """Where a hand-off stands in its life; `core.handoff.MOVES` holds the legal steps between."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    LIVE = "live"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The words for one network, with the hashtag; `verbatim` ones are to be taken as they are."""

    text: str
    verbatim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a hand-off asks for beside its brief: all that the kit is made of.

    `campaign` is the campaign's name for people, `stop` whom to call when something must stop.
    `timezone` is the influencer's own, `desk` the campaign's. `captions` and `media` are by
    network; each asset has the fit that its network needs. `rights` are in words, and end at
    `rights_until`, in UTC.
    """

    campaign: str = ""
    hashtag: str = ""
    stop: str = ""
    desk: str = "UTC"
    timezone: str = "UTC"
    format: Format = Format.FEED
    compensation: Compensation = Compensation.NONE
    captions: Mapping[str, Caption] = field(default_factory=dict)
    media: Mapping[str, tuple[Asset, ...]] = field(default_factory=dict)
    rights: str = ""
    rights_until: datetime | None = None

    @property
    def networks(self) -> tuple[str, ...]:
        return tuple(self.captions)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every asset once, as it was delivered."""
        found = (asset for assets in self.media.values() for asset in assets)
        return tuple({asset.path: replace(asset, fit=None) for asset in found}.values())

    @property
    def people(self) -> frozenset[str]:
        """All who can be recognised in what is handed over."""
        return frozenset(person for asset in self.assets for person in asset.people)

    def to_json(self) -> str:
        raw = {each.name: getattr(self, each.name) for each in fields(self)}
        raw["captions"] = {network: asdict(it) for network, it in self.captions.items()}
        raw["media"] = {
            network: [asset.to_raw() for asset in assets] for network, assets in self.media.items()
        }
        raw["rights_until"] = self.rights_until and self.rights_until.astimezone(UTC).isoformat()
        return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Ask":
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on anything else."""
        raw = json.loads(text)
        until = raw.get("rights_until")
        return cls(
            **{
                **raw,
                "format": Format(raw.get("format", Format.FEED)),
                "compensation": Compensation(raw.get("compensation", Compensation.NONE)),
                "captions": {name: Caption(**it) for name, it in raw.get("captions", {}).items()},
                "media": {
                    name: tuple(Asset.from_raw(asset) for asset in assets)
                    for name, assets in raw.get("media", {}).items()
                },
                "rights_until": until and datetime.fromisoformat(until),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """A file of a draft: its name and its fingerprint; the file itself stays with people.

    `people`, `shows` and `minors` are what its sidecar said of it, as of an `Asset`.
    """

    name: str
    sha256: str
    size: int
    people: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    minors: tuple[str, ...] = ()

    def to_raw(self) -> dict[str, Any]:
        """Without what it lacks, so that the digests of drafts that are stored stay the same."""
        return {name: value for name, value in asdict(self).items() if value != ()}

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "DraftFile":
        """The inverse of `to_raw`, also once it was JSON."""
        seen = {name: tuple(raw.get(name, ())) for name in ("people", "shows", "minors")}
        return cls(**{**raw, **seen})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an influencer means to post; `network` is empty where it is for all of theirs."""

    text: str = ""
    files: tuple[DraftFile, ...] = ()
    network: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over the text and the bytes of the files, in their order."""
        seen = [self.network, self.text, [file.sha256 for file in self.files]]
        canonical = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def people(self) -> frozenset[str]:
        """All who can be recognised in its files."""
        return frozenset(person for file in self.files for person in file.people)

    def to_json(self) -> str:
        raw = asdict(self) | {"files": [file.to_raw() for file in self.files]}
        return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Draft":
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on anything else."""
        raw = json.loads(text)
        return cls(**{**raw, "files": tuple(DraftFile.from_raw(file) for file in raw["files"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Why a post is taken to be there: what a look found at `url`, or a screenshot's fingerprint.

    `seen` are those of "hashtag" and "disclosure" that the look found; `how` says in words who
    looked, and where.
    """

    url: str
    at: datetime
    how: str
    seen: tuple[str, ...] = ()
    screenshot: str | None = None

    def to_json(self) -> str:
        raw = asdict(self) | {"at": self.at.astimezone(UTC).isoformat()}
        return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Proof":
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on anything else."""
        raw = json.loads(text)
        return cls(**{**raw, "at": datetime.fromisoformat(raw["at"]), "seen": tuple(raw["seen"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """What an influencer is asked to post on their own channels, and what became of it.

    Times are UTC. `contact` is an address or a reference such as `env:ANA_EMAIL`; it is resolved
    only when someone is to be told. `review` says that a draft is to be seen first.

    Of its life: `moved_at` is when it came into its status, `offers` how often it was offered,
    `agreed` the digest of what was asked when it was accepted, `approved` that of the draft that
    may be posted, `live_at` when we were told where it is. `shown` are those who could be
    recognised in what the influencer has had in hand, and who are in nothing that is asked now.
    `version` counts the writes, so that a move made from an older sight of it is refused.
    """

    key: str
    campaign: str
    influencer: str
    contact: str
    draft_due: datetime | None
    live_due: datetime
    brief: str
    review: bool
    ask: Ask = Ask()
    status: HandoffStatus = HandoffStatus.OFFERED
    moved_at: datetime | None = None
    offers: int = 0
    agreed: str = ""
    draft: Draft | None = None
    approved: str | None = None
    url: str | None = None
    live_at: datetime | None = None
    proof: Proof | None = None
    reason: str | None = None
    shown: tuple[str, ...] = ()
    version: int = 0

    @property
    def people(self) -> frozenset[str]:
        """All who can be recognised in what is handed over or drafted, or ever was."""
        drafted = self.draft.people if self.draft else frozenset()
        return self.ask.people | drafted | frozenset(self.shown)

    @property
    def name(self) -> str:
        """The key by which people call it."""
        return f"{self.campaign}/{self.key}"

    @property
    def subject(self) -> str:
        """How it stands in the log."""
        return f"handoff/{self.name}"

    @property
    def asked(self) -> str:
        """SHA-256 over what the influencer is asked for and by when."""
        wanted = [
            self.influencer,
            self.brief,
            self.review,
            *(_moment(due) for due in (self.draft_due, self.live_due)),
            self.ask.to_json(),
        ]
        return _digest(wanted)

    @property
    def digest(self) -> str:
        """SHA-256 over all that is recorded of it, but for its status, its address and version."""
        recorded = [
            self.asked,
            self.contact,
            self.offers,
            self.agreed,
            self.draft and self.draft.to_json(),
            self.approved,
            *(_moment(each) for each in (self.moved_at, self.live_at)),
            self.proof and self.proof.to_json(),
            self.reason,
        ]
        # Only where there are any, so that what the log said before of others stays true.
        return _digest([*recorded, list(self.shown)] if self.shown else recorded)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(parts: Sequence[Any]) -> str:
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
