"""Reads how published posts were received, channel by channel, and keeps it by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from somos_social.core.metrics import Measured
from somos_social.core.model.delivery import Delivery, Status
from somos_social.errors import SomosError, StoreError
from somos_social.flows import App
from somos_social.platforms import Measures

SETTLED = timedelta(days=90)
"""After so long the figures of a post hardly move, and X bills each that is read."""

AT_ONCE = 100
"""So many posts are asked for before what was told of them is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What came of one channel: of `posts` that were asked for, the figures of `measured`.

    `gone` are keys of posts that the network does not show any more. `untold` says in sentences
    what it did not tell, `until` when it may be asked again. `refused` says that it told nothing.
    """

    channel: str
    posts: int = 0
    measured: int = 0
    gone: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    until: datetime | None = None
    refused: bool = False

    def in_words(self) -> list[str]:
        """All that is to be told besides the number."""
        left = [f"It is left alone until {self.until:%Y-%m-%d %H:%M} UTC."] if self.until else []
        lost = f"Not shown there any more, or not to this token: {', '.join(self.gone)}."
        return [*self.untold, *left, *([lost] if self.gone else [])]


def pull(app: App, channels: Sequence[str]) -> Iterator[Pulled]:
    """Each channel by itself: what one does not tell keeps no other back. Raises StoreError."""
    for channel in channels:
        if app.stopping():
            return
        posts = _posts(app, channel)
        try:
            platform = app.platform(channel)
        except StoreError:
            raise
        except SomosError as error:
            yield Pulled(channel=channel, posts=len(posts), untold=(str(error),), refused=True)
            continue
        if isinstance(platform, Measures):
            yield _pulled(app, channel, posts, platform)


def _posts(app: App, channel: str) -> list[Delivery]:
    """The posts themselves, not what follows them; old ones only if nothing is known of them."""
    recent, known = app.now() - SETTLED, app.store.measurements.measured(channel)
    return [
        it
        for it in app.store.listed(statuses=[Status.PUBLISHED], channel=channel)
        if it.after is None and it.receipt and (it.due_at >= recent or it.key not in known)
    ]


def _pulled(app: App, channel: str, posts: Sequence[Delivery], platform: Measures) -> Pulled:
    measured, gone = 0, list[str]()
    untold: dict[str, None] = {}
    told = Measured()
    for start in range(0, len(posts), AT_ONCE):
        if app.stopping() or told.stopped:
            break
        some = posts[start : start + AT_ONCE]
        told = platform.measure(some)
        keys = {it.receipt.remote_id: it.key for it in some if it.receipt}
        figures = {keys[it]: found for it, found in told.figures.items() if it in keys}
        now = app.now()
        app.store.measurements.keep(figures, day=now.date(), at=now)
        measured += len(figures)
        gone += sorted(keys[it] for it in told.gone if it in keys)
        untold |= dict.fromkeys(told.untold)
    return Pulled(
        channel=channel,
        posts=len(posts),
        measured=measured,
        gone=tuple(gone),
        untold=tuple(untold),
        until=told.until,
        refused=told.stopped and not measured,
    )
