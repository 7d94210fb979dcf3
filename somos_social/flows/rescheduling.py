"""Gives a post, or one delivery of it, another time: in its campaign file and in the schedule."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from somos_social.core.campaign import moved
from somos_social.core.delivery import decide
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.occurrences import parts_of
from somos_social.errors import NotAllowed, UsageError
from somos_social.files.rewriting import rewriting
from somos_social.flows import App
from somos_social.flows.by_hand import known
from somos_social.store import Lost

Files = Callable[[str], Path]
"""Where the file of a campaign is."""

CLOSEST = timedelta(minutes=1)
"""So far apart are posts at least that are spread."""

MOVABLE = (Status.SCHEDULED, Status.CLAIMED, Status.MISSED, Status.FAILED)


def movable(app: App, key: str) -> list[Delivery]:
    """A delivery by its key, or all of a post by `CAMPAIGN/POST`, that is not public yet.

    What follows it moves along. Raises UsageError, NotAllowed.
    """
    found = [it for it in _of(app, key) if it.status in MOVABLE]
    if not found:
        raise NotAllowed(f"Nothing of {key} waits any more: see `somos queue show`.")
    return found


def move(
    app: App, found: Sequence[Delivery], times: Mapping[str, datetime], files: Files
) -> list[Delivery]:
    """These deliveries get the times of their channels.

    Where they changed since they were found, the file has the new times and the schedule has not.
    Raises UsageError, NotAllowed, InvalidFiles.
    """
    if any(due_at <= app.now() for due_at in times.values()):
        raise UsageError("That time is past.")
    write(files, {it.key: times[it.channel] for it in found})
    moves = [decide(it, moved(it, times[it.channel]), app.now(), app.policy) for it in found]
    try:
        app.store.schedule((), moves, (), now=app.now(), actor=app.actor)
    except Lost:
        campaign = found[0].campaign
        raise NotAllowed(
            "It moved at this very moment. Its file has the new time: run "
            f"`somos schedule {campaign}`."
        ) from None
    for each in moves:
        app.heard(each)
    return [each.after for each in moves]


def _of(app: App, key: str) -> list[Delivery]:
    campaign, _, post = key.partition("/")
    if "@" in key:
        found = known(app, key)
        theirs = app.store.of_campaign(found.campaign).values()
        return [it for it in theirs if it.key == key or it.key.startswith(f"{key}#")]
    theirs = app.store.of_campaign(campaign).values()
    posts = [it for it in theirs if it.post == post]
    return sorted(posts, key=lambda it: it.key) or [known(app, key)]


def write(files: Files, times: Mapping[str, datetime]) -> None:
    """The new times of these deliveries stand in their campaign files. Raises InvalidFiles.

    A post gets one time where all that its file asks for moves to it; else each channel gets a time
    of its own.
    """
    campaigns: dict[str, dict[str, dict[str, datetime]]] = defaultdict(lambda: defaultdict(dict))
    for key, due_at in times.items():
        campaign, _, rest = key.partition("/")
        post, _, channel = rest.partition("@")
        campaigns[campaign][post][channel.partition("#")[0]] = due_at
    for campaign, posts in campaigns.items():
        with rewriting(files(campaign)) as file:
            for post, due in posts.items():
                one = set(due.values())
                if len(one) == 1 and due.keys() >= set(file.channels(parts_of(post)[0])):
                    file.give_time(post, one.pop())
                    continue
                for channel, due_at in due.items():
                    file.give_time(post, due_at, channel)


def spread(found: Sequence[Delivery], span: timedelta, now: datetime) -> dict[str, datetime]:
    """New times for these deliveries, evenly over the coming `span`, in the order of the old.

    All of a post keeps one time, so that it appears on its channels together. What stands under a
    post that is public gets none: its file says when that post went out. Raises UsageError where
    the posts would go out all at once.
    """
    posts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for delivery in sorted(found, key=lambda it: (it.due_at, it.key)):
        if delivery.after is None:
            posts[delivery.campaign, delivery.post].append(delivery.key)
    least = CLOSEST * len(posts)
    if posts and span < least:
        raise UsageError(
            f"That span is too short for the {len(posts):,} posts that fell due: one a minute goes "
            f"out at most. Name {least // CLOSEST}m or more."
        )
    pause = span / max(len(posts), 1)
    return {
        key: (now + pause * (place + 1)).replace(microsecond=0)
        for place, keys in enumerate(posts.values())
        for key in keys
    }
