"""What X keeps beside the public posts: posts with their shortened links, and uploaded media."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from somos_social.sandbox.world import Account, PublicPost, ReceivedMedia

MEDIA_LIFE = timedelta(hours=24)
"""How long an upload may wait for its post (expires_after_secs 86400 in X's examples)."""
PROCESSING = {"tweet_gif": timedelta(seconds=5), "tweet_video": timedelta(seconds=15)}
"""Our choice of how long X works on what it processes after finalize."""
PREFIXES = {"tweet_image": "3", "tweet_gif": "16", "tweet_video": "13"}
"""What a media key begins with, before the media id."""
KINDS = {"tweet_image": "photo", "tweet_gif": "animated_gif", "tweet_video": "video"}

FEED_KINDS: dict[str, Literal["image", "gif", "video"]] = {
    "tweet_image": "image",
    "tweet_gif": "gif",
    "tweet_video": "video",
}


@dataclass(slots=True, kw_only=True)
class XMedia:
    """An upload on X from initialize to its post."""

    id: str
    owner: Account
    category: str
    media_type: str
    total_bytes: int
    created_at: datetime
    path: Path
    parts: dict[int, Path] = field(default_factory=dict)
    sha256: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    finalized_at: datetime | None = None
    failure: str | None = None
    alt: str = ""
    used_in: str | None = None

    @property
    def key(self) -> str:
        """The media key."""
        return f"{PREFIXES[self.category]}_{self.id}"

    @property
    def media(self) -> ReceivedMedia:
        """As the feed shows it; true once it is finalized."""
        return ReceivedMedia(
            kind=FEED_KINDS[self.category],
            bytes_path=self.path,
            alt=self.alt,
            sha256=self.sha256,
        )

    def state(self, now: datetime) -> str:
        """waiting, then pending, in_progress, succeeded or failed."""
        if self.finalized_at is None:
            return "waiting"
        whole = PROCESSING.get(self.category, timedelta())
        passed = now - self.finalized_at
        if passed < whole:
            return "pending" if passed < whole / 3 else "in_progress"
        return "failed" if self.failure else "succeeded"

    def expired(self, now: datetime) -> bool:
        """Whether its day passed without a post."""
        return now >= self.created_at + MEDIA_LIFE

    def progress(self, now: datetime) -> int:
        """Percent of the processing that is done."""
        whole = PROCESSING.get(self.category, timedelta())
        if self.finalized_at is None or not whole:
            return 0
        return min(100, int(100 * ((now - self.finalized_at) / whole)))


@dataclass(slots=True, kw_only=True)
class Tweet:
    """A post on X with what it was made from."""

    post: PublicPost
    author: Account
    media: list[XMedia]
    conversation_id: str
    reply_settings: str
    paid_partnership: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written and as shortened."""

    expanded: str
    short: str
