"""The nouns: frozen values that every layer speaks of, and nothing that acts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from somos_social.core.slots import Slots


class Status(StrEnum):
    """Where a delivery stands in its life; `core.delivery.MOVES` holds the legal steps between."""

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REMOVED = "removed"


class Format(StrEnum):
    """The place inside a channel where a variant appears. A comment follows the post it names."""

    FEED = "feed"
    REEL = "reel"
    STORY = "story"
    COMMENT = "comment"


class Kind(StrEnum):
    """What an asset is, as the networks tell them apart. A GIF that does not move is an image."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"


class Trait(StrEnum):
    """What a file holds besides its figures, that a network does not take or nobody should get."""

    GPS = "gps"
    EXIF = "exif"
    XMP = "xmp"
    IPTC = "iptc"
    NOTES = "notes"
    TRACKS = "tracks"
    TURNED = "turned"
    CMYK = "cmyk"
    PROFILE = "profile"
    TRANSPARENT = "transparent"
    INDEX_LAST = "index-last"
    EDIT_LIST = "edit-list"
    HIDDEN = "hidden"
    INTERLACED = "interlaced"
    OBLONG = "oblong"
    DEEP = "deep"
    CHROMA = "chroma"
    HDR = "hdr"
    SURROUND = "surround"
    FAST_SOUND = "fast-sound"


Rectangle = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What is done to an asset so that a network takes it; what comes of it is a rendition.

    `mime`, `width` and `height` are the rendition's. Only the `window` of the picture as displayed
    is kept, and stands at `place` in the rendition; None is the whole. `background` is what is
    seen around it and through it. `max_bytes` and `kilobits` (of picture, a second) bound what is
    made, `fps` is the new rate; None and 0 leave each as it is. What is kept is copied bit by bit.
    `without` are the traits that nobody is to get. With a `frame`, the picture at this second of a
    video is all that is made of it.
    """

    mime: str
    width: int
    height: int
    window: Rectangle | None = None
    place: Rectangle | None = None
    background: str = ""
    max_bytes: int | None = None
    kilobits: int = 0
    fps: float = 0.0
    keeps_picture: bool = False
    keeps_sound: bool = False
    without: tuple[Trait, ...] = ()
    frame: float | None = None

    def to_raw(self) -> dict[str, Any]:
        """For JSON, and for what is known by its content: a frame only where one is asked for."""
        raw = asdict(self)
        return {name: raw[name] for name in raw if name != "frame" or self.frame is not None}

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "Fit":
        """The inverse of `to_raw`, also after a way through JSON."""
        window, place = (raw[name] and tuple(raw[name]) for name in ("window", "place"))
        without = tuple(Trait(trait) for trait in raw["without"])
        return cls(**{**raw, "window": window, "place": place, "without": without})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of the media folder, as measured, with the words of its sidecar.

    `path` is relative to the media root, with forward slashes. `size` is in bytes, `width` and
    `height` in pixels as displayed, `seconds` and `fps` are zero for still pictures. `mime` comes
    from the bytes, never from the name; codecs are FFmpeg's names ("h264", "aac"), empty where
    there is no such stream. `people` are those who can be recognised, by the names that only the
    desk can resolve, `minors` those of them who are no adults, and `shows` is what is seen or heard
    of them. `cover` is the second of a video whose frame stands for it. `fit` is what is done to it
    for one network; without one, it goes out byte for byte.
    """

    path: str
    sha256: str
    kind: Kind
    mime: str
    size: int
    width: int
    height: int
    seconds: float = 0.0
    fps: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    alt: str = ""
    credit: str = ""
    people: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    minors: tuple[str, ...] = ()
    cover: float | None = None
    fit: Fit | None = None

    @property
    def rendition(self) -> "Asset":
        """The asset as it goes out; one that is yet to be made has no size that is known."""
        fit = self.fit
        if fit is None:
            return self
        if fit.frame is not None:
            return self._still(fit)
        whole = fit.keeps_picture and (fit.keeps_sound or not self.audio_codec)
        return replace(
            self,
            fit=None,
            mime=fit.mime,
            size=self.size if whole else 0,
            width=fit.width,
            height=fit.height,
            fps=fit.fps or self.fps,
            video_codec=self.video_codec if fit.keeps_picture else self.video_codec and "h264",
            audio_codec=self.audio_codec if fit.keeps_sound else self.audio_codec and "aac",
        )

    @property
    def is_still(self) -> bool:
        """Whether it is a frame of a video, and not the video, that goes out."""
        return self.fit is not None and self.fit.frame is not None

    def _still(self, fit: Fit) -> "Asset":
        """One frame of a video, as the picture that it becomes."""
        return replace(
            self,
            fit=None,
            kind=Kind.IMAGE,
            mime=fit.mime,
            size=0,
            width=fit.width,
            height=fit.height,
            seconds=0.0,
            fps=0.0,
            video_codec="",
            audio_codec="",
            cover=None,
        )

    @property
    def what_is_seen(self) -> list[Any]:
        """What an approval of this asset speaks of, besides its order."""
        more = {"cover": self.cover, "fit": self.fit and self.fit.to_raw()}
        chosen = {name: value for name, value in more.items() if value is not None}
        return [self.sha256, self.alt, *([chosen] if chosen else [])]

    def to_raw(self) -> dict[str, Any]:
        """For JSON. What is not asked for is left out, as where it was not known yet."""
        raw = asdict(self) | {"fit": self.fit and self.fit.to_raw()}
        unsaid = {"cover": None, "fit": None, "minors": ()}
        return {name: raw[name] for name in raw if name not in unsaid or raw[name] != unsaid[name]}

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "Asset":
        """The inverse of `to_raw`; raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            **{
                **raw,
                "kind": Kind(raw["kind"]),
                "people": tuple(raw["people"]),
                "shows": tuple(raw["shows"]),
                "minors": tuple(raw.get("minors", ())),
                "fit": Fit.from_raw(raw["fit"]) if "fit" in raw else None,
            }
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """A time, in UTC, in which a campaign is silent: an election, a day of mourning."""

    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign file as read: `slug` is the file's name without its ending.

    `approvals` are the organisations whose yes every post needs, `contact` is whom an influencer
    calls when something must stop. `slots` are the weekly hours of its channels.
    """

    slug: str
    name: str
    hashtag: str
    timezone: str
    channels: tuple[str, ...]
    approvals: tuple[str, ...]
    posts: tuple[Post, ...]
    handoffs: tuple[Handoff, ...]
    blackouts: tuple[Blackout, ...] = ()
    contact: str = ""
    slots: Slots = field(default_factory=dict)


_COUNTED = (".bytes", ".chunks", ".offsets")
"""How the parts of an upload are named that say how much of a file is there."""


TOLD = "told:"
"""Begins the names of parts that hold words for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What `prepare` left at the platform and nobody can see yet.

    `parts` maps an adapter's own names to platform ids, such as {"photo:0": "1234"}. It is kept in
    the database between attempts, so that work already done there is not done again. Parts expire
    at the platforms about 24 hours after `begun_at`. `told` is what did not go as it was wanted.
    """

    begun_at: datetime
    parts: Mapping[str, str]

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(self.parts[name] for name in self.parts if name.startswith(TOLD))

    @property
    def reach(self) -> tuple[int, int]:
        """How far it has come: how many parts there are, and what they count of bytes or chunks."""
        counted = [
            int(value.partition("-")[0])
            for name, value in self.parts.items()
            if name.endswith(_COUNTED) and value.partition("-")[0].isdecimal()
        ]
        return len(self.parts), sum(counted)

    def having(self, name: str, value: str) -> "Upload":
        return Upload(begun_at=self.begun_at, parts={**self.parts, name: value})

    def without(self, *names: str) -> "Upload":
        kept = {name: value for name, value in self.parts.items() if name not in names}
        return Upload(begun_at=self.begun_at, parts=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a published delivery can be seen. `url` is None when the platform did not say."""

    remote_id: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many posts an account may publish in 24 hours, and how many of them are used."""

    total: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a channel's secret speaks for, and for how long and how much.

    `expires_at` is None when no end is known; `data_access_ends_at` is when the login behind a
    token must be renewed. `granted` are permissions as the network names them, None where it told
    none. `untold` says in sentences what could not be learnt.
    """

    remote_id: str
    name: str
    expires_at: datetime | None = None
    data_access_ends_at: datetime | None = None
    granted: tuple[str, ...] | None = None
    quota: Quota | None = None
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What a network said of a channel's secret when it was last asked."""

    channel: str
    checked_at: datetime
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """As much of a delivery that is to go out as foresight needs; `follows` another one or not."""

    key: str
    channel: str
    due_at: datetime
    follows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a channel as such publishes nothing now.

    A network that asked for patience is left alone until `until`. A `stopped` channel waits for a
    person: its secret no longer works, and `until` is when the network is next asked whether it
    does again.
    """

    channel: str
    reason: str
    since: datetime
    until: datetime
    stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post on one channel: the unit of scheduling, publishing and failing. Times are UTC.

    `due_at` is the promised time, `run_at` when a worker looks next (None: not before something
    else happens), `expires_at` when its `grace` ends, counted from the promise or the last retry.
    `lease` names the one claim that may act on it, `lease_until` when that claim runs out.
    `asked_at` is when the irrevocable call was about to leave; a look may say "not there" only from
    `absent_after` on, and `looks` counts those that did. `prepared` says that `upload` is complete.
    `asked_tick` is that moment on a clock that nobody sets, where there is one. `blocked` says that
    only a person can clear the way. `suspect` says that it may be public without our knowing, since
    the database was restored or a refused try is asked for again, and `outdated` that it may be so
    in other words. `resting` is the state it comes to rest in when it is looked for and not found;
    UNCONFIRMED stands for none. `after` is the key of the delivery that
    must be public first, `parent_id` its platform id. `version` counts the writes, so that a move
    made from an older sight of it is refused. `digest` is that of the variant as it was recorded,
    empty for what is not recorded yet.
    """

    key: str
    campaign: str
    post: str
    channel: str
    variant: Variant
    due_at: datetime
    grace: timedelta
    run_at: datetime | None
    expires_at: datetime
    after: str | None = None
    parent_id: str | None = None
    status: Status = Status.SCHEDULED
    attempts: int = 0
    lease: str | None = None
    lease_until: datetime | None = None
    asked_at: datetime | None = None
    absent_after: datetime | None = None
    asked_tick: str | None = None
    looks: int = 0
    upload: Upload | None = None
    prepared: bool = False
    blocked: bool = False
    suspect: bool = False
    outdated: bool = False
    resting: Status | None = None
    receipt: Receipt | None = None
    reason: str | None = None
    version: int = 0
    digest: str = field(default="", compare=False)

    @property
    def is_intact(self) -> bool:
        """Whether the content is the one that was recorded when it was scheduled."""
        return self.digest in ("", self.variant.digest)

    @property
    def platform(self) -> str:
        return self.channel.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient we are. `timeout` bounds each call; `ahead` is how early a delivery prepares.

    Only a look later than `look_after` past the irrevocable call may say "not there": it must
    exceed the longest time a request can live at a network plus the longest lag of its listings.
    """

    attempts: int = 4
    backoff: timedelta = timedelta(minutes=1)
    lease: timedelta = timedelta(minutes=5)
    grace: timedelta = timedelta(hours=2)
    timeout: timedelta = timedelta(seconds=30)
    look_after: timedelta = timedelta(minutes=3)
    ahead: timedelta = timedelta(minutes=10)
