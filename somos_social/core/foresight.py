"""What will keep a post from going out, told while there is time to mend it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from somos_social.core import graph_version, permissions
from somos_social.core.model.channel import Identity, Introduction
from somos_social.core.model.delivery import Waiting

DAY = timedelta(hours=24)

NOTICE = timedelta(days=90)
"""How long before a version of an API is retired everyone is told, whatever waits."""

_SPEAKS_GRAPH = ("facebook", "instagram")


class About(StrEnum):
    """What a warning is about."""

    EXPIRY = "expiry"
    DATA_ACCESS = "data-access"
    QUOTA = "quota"
    PERMISSION = "permission"
    VERSION = "version"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A warning: what happens, when if that is known (UTC), and in `message` also what to do."""

    channel: str
    about: About
    at: datetime | None
    message: str


def foresee(
    channel: str,
    introduction: Introduction | None,
    queue: Sequence[Waiting],
    *,
    now: datetime,
    published: Sequence[datetime] = (),
    version: str = graph_version.IN_USE,
) -> list[Foreseen]:
    """The warnings for one channel, whose `queue` is all that waits for it.

    `published` are the times of its posts of the last 24 hours that this program made public.
    Without an introduction only what concerns everyone is known. `version` is that of Meta's API.
    """
    found: list[Foreseen] = []
    if introduction is not None:
        who = introduction.identity
        found += _ends(channel, who, queue, now)
        found += _lacks(channel, who, queue)
        found += _is_full(introduction, queue, published, now)
        found += [_warning(channel, About.UNTOLD, None, sentence) for sentence in who.untold]
    return [*found, *_retires(channel, queue, version, now)]


def _warning(channel: str, about: About, at: datetime | None, message: str) -> Foreseen:
    return Foreseen(channel=channel, about=about, at=at, message=message)


def _ends(
    channel: str, who: Identity, queue: Sequence[Waiting], now: datetime
) -> Iterator[Foreseen]:
    ends = (
        (About.EXPIRY, who.expires_at, "The token"),
        (About.DATA_ACCESS, who.data_access_ends_at, "The login behind the token"),
    )
    for about, end, what in ends:
        if end is None or not (late := _due_from(queue, end, now)):
            continue
        does = "ends" if end > now else "ended"
        message = (
            f"{what} {does} on {_moment(end)}, and {_those(late)}. "
            f"Make a new one{' before then' if end > now else ''}: somos channel login {channel}"
        )
        yield _warning(channel, about, end, message)


def _lacks(channel: str, who: Identity, queue: Sequence[Waiting]) -> Iterator[Foreseen]:
    if who.granted is None:
        return
    platform = channel.partition(":")[0]
    for needed, purpose, matters in (
        (permissions.TO_PUBLISH, "publish", True),
        (permissions.TO_COMMENT, "comment", any(each.follows for each in queue)),
    ):
        lacking = [name for name in needed.get(platform, ()) if name not in who.granted]
        if lacking and matters:
            message = (
                f"The token may not {purpose}: it lacks {' and '.join(lacking)}. "
                f"Log in again and allow that: somos channel login {channel}"
            )
            yield _warning(channel, About.PERMISSION, None, message)


def _is_full(
    introduction: Introduction,
    queue: Sequence[Waiting],
    published: Sequence[datetime],
    now: datetime,
) -> Iterator[Foreseen]:
    quota = introduction.identity.quota
    if quota is None:
        return
    # What was used a day ago is free again; since then only our own posts are known.
    is_fresh = introduction.checked_at > now - DAY
    known_since = sum(moment > introduction.checked_at for moment in published)
    used = known_since + (quota.used if is_fresh else 0)
    until = now + DAY
    coming = [each for each in queue if each.due_at < until and not each.follows]
    over = used + len(coming) - quota.total
    if coming and over > 0:
        message = (
            f"{len(coming)} of its posts are due by {_moment(until)}, but of {quota.total} in 24 "
            f"hours {used} are used already: {min(over, len(coming))} of them will have to wait. "
            "Give them a later day in the campaign and schedule it again."
        )
        yield _warning(introduction.channel, About.QUOTA, until, message)


def _retires(
    channel: str, queue: Sequence[Waiting], version: str, now: datetime
) -> Iterator[Foreseen]:
    end = graph_version.RETIREMENTS.get(version)
    if end is None or channel.partition(":")[0] not in _SPEAKS_GRAPH:
        return
    late = _due_from(queue, end, now)
    if late or end - NOTICE <= now:
        message = (
            f"Meta {'retires' if end > now else 'retired'} {version} of its API, which this "
            f"program speaks, on {_moment(end)}{f', and {_those(late)}' if late else ''}. "
            "Update somos_social."
        )
        yield _warning(channel, About.VERSION, end, message)


def _due_from(queue: Sequence[Waiting], end: datetime, now: datetime) -> list[Waiting]:
    """What goes out at `end` or later, the earliest first."""
    late = [each for each in queue if max(each.due_at, now) >= end]
    return sorted(late, key=lambda each: (each.due_at, each.key))


def _those(late: Sequence[Waiting]) -> str:
    first = f"{late[0].key}, on {_moment(late[0].due_at)}"
    if len(late) == 1:
        return f"1 delivery is due after that: {first}"
    return f"{len(late)} deliveries are due after that, the first being {first}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
