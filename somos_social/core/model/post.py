"""What a campaign says at one time, and how each channel shows it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from somos_social.core.model.asset import Asset


class Format(StrEnum):
    """The place inside a channel where a variant appears. A comment follows the post it names."""

    FEED = "feed"
    REEL = "reel"
    STORY = "story"
    COMMENT = "comment"


class Replies(StrEnum):
    """Who may answer a post, besides those whom it mentions; all, where nothing is said."""

    FOLLOWING = "following"
    MENTIONED = "mentioned"
    SUBSCRIBERS = "subscribers"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Someone marked on the asset at `place`, counted from 0; `x` and `y` from 0 to 1."""

    user: str
    x: float | None = None
    y: float | None = None
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a post may say beside its text and its media; `core.extras` knows who takes what.

    `location` is the number of a Page that has an address. Names of users have no @. `cover` is a
    picture that stands for a reel.
    """

    location: str = ""
    collaborators: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    cover: Asset | None = None
    share_to_feed: bool = True
    replies: Replies | None = None
    paid_partnership: bool = False
    made_with_ai: bool = False

    def to_raw(self) -> dict[str, Any]:
        """For JSON; what is as it always is is left out."""
        usual = Extras()
        raw = asdict(self)
        said = {name: raw[name] for name in raw if getattr(self, name) != getattr(usual, name)}
        return said | ({"cover": self.cover.to_raw()} if self.cover else {})

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "Extras":
        """The inverse of `to_raw`; raises KeyError, TypeError or ValueError on anything else."""
        read: dict[str, Any] = dict(raw)
        if "collaborators" in raw:
            read["collaborators"] = tuple(raw["collaborators"])
        if "tags" in raw:
            read["tags"] = tuple(Tag(**tag) for tag in raw["tags"])
        if "cover" in raw:
            read["cover"] = Asset.from_raw(raw["cover"])
        if "replies" in raw:
            read["replies"] = Replies(raw["replies"])
        return cls(**read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A post as one channel shows it: the very text, link, assets and extras that go out."""

    format: Format = Format.FEED
    text: str = ""
    link: str | None = None
    assets: tuple[Asset, ...] = ()
    extras: Extras = Extras()

    digest: str = field(init=False, compare=False)
    """SHA-256 over all that a reader of the channel will see or hear, alt text included."""

    @property
    def files(self) -> tuple[Asset, ...]:
        """All that comes from the media folder: the assets, and the cover of a reel."""
        return (*self.assets, *([self.extras.cover] if self.extras.cover else []))

    @property
    def people(self) -> frozenset[str]:
        """All who can be recognised in it."""
        return frozenset(person for asset in self.files for person in asset.people)

    def __post_init__(self) -> None:
        seen = [
            self.format,
            self.text,
            self.link,
            [asset.what_is_seen for asset in self.assets],
            *([extras] if (extras := self.extras.to_raw()) else []),
        ]
        canonical = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
        object.__setattr__(self, "digest", hashlib.sha256(canonical.encode()).hexdigest())

    def to_json(self) -> str:
        raw: dict[str, Any] = {
            "format": self.format,
            "text": self.text,
            "link": self.link,
            "assets": [asset.to_raw() for asset in self.assets],
        }
        if extras := self.extras.to_raw():
            raw["extras"] = extras
        return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Variant":
        """The inverse of `to_json`; raises KeyError or ValueError on anything else."""
        raw = json.loads(text)
        assets = tuple(Asset.from_raw(asset) for asset in raw["assets"])
        return cls(
            format=Format(raw["format"]),
            text=raw["text"],
            link=raw["link"],
            assets=assets,
            extras=Extras.from_raw(raw.get("extras", {})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a campaign wants to say at one time: per channel, the variant that goes out there.

    `due` is UTC; `dues` holds that of each channel which has a time of its own. `comments` holds
    the first comment of a channel, where one is wanted, `threads` what goes on below the variant,
    each under the one before. `notices` say what a channel shows otherwise than it is written.
    """

    key: str
    due: datetime
    goal: str
    grace: timedelta | None
    variants: Mapping[str, Variant]
    comments: Mapping[str, Variant] = field(default_factory=dict)
    threads: Mapping[str, tuple[Variant, ...]] = field(default_factory=dict)
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dues: Mapping[str, datetime] = field(default_factory=dict)

    def due_on(self, channel: str) -> datetime:
        return self.dues.get(channel, self.due)
