"""What the stand-in networks know: their accounts, their clock and all that is public on them."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from somos_social.sandbox.intake import Intake
from somos_social.sandbox.meta_app import Grant, MetaApp, Person

Platform = Literal["facebook", "instagram", "x"]
PLATFORMS: tuple[Platform, ...] = ("facebook", "instagram", "x")
X_EPOCH_MS = 1288834974657
"""The zero of X's ids, whose upper bits are milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Facebook page, an Instagram professional account or an X user, and its secrets.

    `secrets` holds `token` for Facebook and Instagram; `api_key`, `api_secret`, `access_token` and
    `access_token_secret` for X, and optionally `bearer`, an OAuth 2.0 user token.
    `grant` is what Meta knows of the token.
    """

    platform: Platform
    handle: str
    id: str
    name: str
    secrets: Mapping[str, str] = field(repr=False)
    grant: Grant = field(default_factory=Grant)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMedia:
    """A picture or a video as its bytes arrived; `bytes_path` lives as long as the sandbox."""

    kind: Literal["image", "gif", "video"]
    bytes_path: Path
    alt: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPost:
    """Something anybody can see; `parent_id` names what a comment or a reply answers.

    `format` is feed, reel, story, comment or reply.
    """

    platform: Platform
    handle: str
    id: str
    url: str
    text: str
    link: str | None
    media: tuple[ReceivedMedia, ...]
    created_at: datetime
    parent_id: str | None = None
    format: str = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A visible call for what was public already, or on its way there."""

    platform: Platform
    handle: str
    text: str
    refused: bool


class World:
    """The one state of all three networks; only the server's own thread may touch it."""

    def __init__(
        self,
        accounts: Iterable[Account],
        clock: Callable[[], datetime] | None,
        intake: Intake,
        url: str,
        apps: Iterable[MetaApp] = (),
    ) -> None:
        self.accounts = tuple(accounts)
        self.apps = tuple(apps)
        self.people: dict[str, Person] = {}
        self.used_codes: set[str] = set()
        self.intake = intake
        self.url = url
        self.clock_is_ours = clock is None
        self.offset = timedelta()
        self.lag = timedelta()
        self.objects: dict[str, object] = {}
        self.feed: dict[str, PublicPost] = {}
        self.published_at: dict[str, list[datetime]] = {}
        self.repeated: list[Repetition] = []
        self._clock = clock or (lambda: datetime.now(UTC))
        self._listed_from: dict[str, datetime] = {}
        self._due: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._count = itertools.count(1)
        self._last_snowflake = 0

    def now(self) -> datetime:
        """The time on these networks, in UTC."""
        return self._clock().astimezone(UTC) + self.offset

    def later(self, at: datetime, action: Callable[[datetime], None]) -> None:
        """Have `action(at)` happen once the clock has reached `at`."""
        self._due.append((at, next(self._count), action))

    def underway(self) -> int:
        """How much is promised and still to happen, such as videos that are being processed."""
        self.settle()
        return len(self._due)

    def settle(self) -> None:
        """Let everything happen whose time has come, in the order of its time."""
        now = self.now()
        ready = sorted((due for due in self._due if due[0] <= now), key=lambda due: due[:2])
        self._due = [due for due in self._due if due[0] > now]
        for at, _, action in ready:
            action(at)

    def number(self, base: int) -> str:
        """A fresh decimal id above `base`."""
        return str(base + next(self._count))

    def snowflake(self) -> str:
        """A fresh id in the manner of X: later ids are larger."""
        from_clock = (int(self.now().timestamp() * 1000) - X_EPOCH_MS) << 22
        self._last_snowflake = max(self._last_snowflake + 1, from_clock)
        return str(self._last_snowflake)

    def publish(self, post: PublicPost) -> None:
        """Make `post` public; while reads lag, listings show it only later."""
        if any(_are_alike(post, shown) for shown in self.feed.values()):
            self.note_repetition(post.platform, post.handle, post.text, refused=False)
        self.feed[post.id] = post
        self._listed_from[post.id] = self.now() + self.lag

    def note_repetition(
        self, platform: Platform, handle: str, text: str, *, refused: bool = True
    ) -> None:
        """A client that may have been heard asks once more: the sin that doubles posts.

        Where the network refuses it, nobody sees it otherwise.
        """
        self.repeated.append(
            Repetition(platform=platform, handle=handle, text=text, refused=refused)
        )

    def amend(self, post_id: str, media: tuple[ReceivedMedia, ...]) -> None:
        """Change which media a public post shows, if it is still public."""
        if post_id in self.feed:
            self.feed[post_id] = replace(self.feed[post_id], media=media)

    def withdraw(self, post_id: str) -> None:
        """Take a post and everything that answers it out of public view."""
        self.feed.pop(post_id, None)
        for answer in [post.id for post in self.feed.values() if post.parent_id == post_id]:
            self.objects.pop(answer, None)
            self.withdraw(answer)

    def is_listed(self, post_id: str) -> bool:
        """Whether a listing already shows this public post."""
        return post_id in self.feed and self._listed_from[post_id] <= self.now()


def _are_alike(one: PublicPost, other: PublicPost) -> bool:
    """Whether they say and show the same in the same place."""
    return _what(one) == _what(other)


def _what(post: PublicPost) -> tuple[object, ...]:
    shown = tuple(medium.sha256 for medium in post.media)
    return post.platform, post.handle, post.parent_id, post.format, post.text, post.link, shown
