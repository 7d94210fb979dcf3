"""The nodes that the Graph stand-in keeps beside the public posts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from somos_social.sandbox.intake import StoredFile
from somos_social.sandbox.probe import Picture
from somos_social.sandbox.world import Account, PublicPost, ReceivedMedia

PHOTO_LIFE = timedelta(hours=24)
"""How long an unpublished photo is kept (Pages API, Photos)."""
CONTAINER_LIFE = timedelta(hours=24)
"""How long a container may wait to be published (Instagram Content Publishing)."""
STORY_LIFE = timedelta(hours=24)
"""How long a story is listed (Page Stories API and IG User Stories)."""
VIDEO_PROCESSING = timedelta(seconds=10)
"""Our choice of how long Facebook works on a video or reel; really seconds to minutes."""
IMAGE_CONTAINER = timedelta(seconds=2)
"""Our choice of how long an image container is IN_PROGRESS."""
VIDEO_CONTAINER = timedelta(seconds=15)
"""Our choice of how long a video container is IN_PROGRESS."""


@dataclass(slots=True, kw_only=True)
class Upload:
    """Bytes on their way through rupload or a transfer session; `expected` in bytes."""

    path: Path
    expected: int | None = None

    @property
    def received(self) -> int:
        """How many bytes are here."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def complete(self) -> bool:
        """Whether every announced byte is here."""
        return self.expected is not None and self.received == self.expected


@dataclass(slots=True, kw_only=True)
class Photo:
    """A picture on a page; public only through a post."""

    id: str
    page: Account
    file: StoredFile
    facts: Picture
    alt: str
    caption: str
    created_at: datetime
    post_id: str | None = None

    @property
    def media(self) -> ReceivedMedia:
        """As the feed shows it."""
        return ReceivedMedia(
            kind="image", bytes_path=self.file.path, alt=self.alt, sha256=self.file.sha256
        )

    def gone(self, now: datetime) -> bool:
        """Whether its day passed without a post."""
        return self.post_id is None and now >= self.created_at + PHOTO_LIFE


@dataclass(slots=True, kw_only=True)
class Video:
    """A video of a page, from its first byte to its post, its reel or its story."""

    id: str
    page: Account
    format: Literal["feed", "reel", "story"]
    created_at: datetime
    upload: Upload
    session_id: str | None = None
    title: str = ""
    description: str = ""
    place: str = ""
    is_ai_generated: bool = False
    wants_public: bool = False
    seconds: float | None = None
    sha256: str = ""
    thumbnail: StoredFile | None = None
    finished_at: datetime | None = None
    fails: bool = False
    post_id: str | None = None

    def ready(self, now: datetime) -> bool:
        """Whether Facebook is done with it."""
        return self.finished_at is not None and now >= self.finished_at + VIDEO_PROCESSING

    @property
    def media(self) -> ReceivedMedia:
        """As the feed shows it; true once it is finished."""
        return ReceivedMedia(kind="video", bytes_path=self.upload.path, alt="", sha256=self.sha256)


@dataclass(slots=True, kw_only=True)
class PagePost:
    """A post of a page with the photos or the video it shows."""

    post: PublicPost
    page: Account
    attached: list[Photo | Video]
    is_published: bool = True
    place: str = ""


@dataclass(slots=True, kw_only=True)
class Story:
    """A story of a page; in public it goes by the id of the photo or the video it shows."""

    id: str
    post: PublicPost
    page: Account
    shown: Photo | Video


@dataclass(slots=True, kw_only=True)
class Container:
    """An Instagram media container.

    `kind` is IMAGE, VIDEO, REELS, STORIES or CAROUSEL; `failure` is the error subcode that its
    processing ends with.
    """

    id: str
    owner: Account
    kind: str
    created_at: datetime
    caption: str = ""
    alt: str = ""
    is_child: bool = False
    share_to_feed: bool = True
    is_ai_generated: bool = False
    thumb_offset: int = 0
    children: list["Container"] = field(default_factory=list)
    upload: Upload | None = None
    file: StoredFile | None = None
    is_video: bool = False
    ready_at: datetime | None = None
    failure: int | None = None
    expired: bool = False
    slow_polls: int = 0
    published: bool = False

    def status_code(self, now: datetime) -> str:
        """EXPIRED, ERROR, FINISHED, IN_PROGRESS or PUBLISHED."""
        if self.published:
            return "PUBLISHED"
        if self.expired or now >= self.created_at + CONTAINER_LIFE:
            return "EXPIRED"
        if self.ready_at is None or now < self.ready_at or self.slow_polls > 0:
            return "IN_PROGRESS"
        return "ERROR" if self.failure else "FINISHED"

    @property
    def media(self) -> tuple[ReceivedMedia, ...]:
        """What it shows, children in their order."""
        if self.kind == "CAROUSEL":
            return tuple(medium for child in self.children for medium in child.media)
        if self.file is None:
            return ()
        return (
            ReceivedMedia(
                kind="video" if self.is_video else "image",
                bytes_path=self.file.path,
                alt=self.alt,
                sha256=self.file.sha256,
            ),
        )


@dataclass(slots=True, kw_only=True)
class IgMedia:
    """A published Instagram media; `part_of` names the carousel whose child it is."""

    id: str
    owner: Account
    container: Container
    post: PublicPost
    children: list["IgMedia"] = field(default_factory=list)
    part_of: str | None = None


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment on a post, a photo, a video or a media."""

    post: PublicPost
    author: Account
    on: str


Node = Account | Photo | Video | PagePost | Story | Container | IgMedia | Comment


def owner_of(node: Node) -> Account:
    """The account that a node belongs to."""
    match node:
        case Account():
            return node
        case Photo() | Video() | PagePost() | Story():
            return node.page
        case Container() | IgMedia():
            return node.owner
        case Comment():
            return node.author


def kind_of(node: Node) -> str:
    """The word by which the routes and the fields of a node are found."""
    match node:
        case Account():
            return "page" if node.platform == "facebook" else "ig_user"
        case Photo():
            return "photo"
        case Video():
            return "video"
        case PagePost():
            return "post"
        case Story():
            return "story"
        case Container():
            return "container"
        case IgMedia():
            return "ig_media"
        case Comment():
            return "comment" if node.author.platform == "facebook" else "ig_comment"
