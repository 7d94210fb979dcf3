"""Calls off a post, or one delivery of it: in the schedule first, and then in its campaign file."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from somos_social.core.delivery import ON_ITS_WAY, WITHDRAWABLE
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.occurrences import is_of, parts_of
from somos_social.errors import InvalidFiles, NotAllowed, Problem
from somos_social.files.rewriting import CampaignFile, rewriting
from somos_social.flows import App, by_hand

Files = Callable[[str], Path]
"""Where the file of a campaign is."""

ATTEMPTS = 3
"""How often it is tried anew where a daemon, or someone's editor, comes in between."""

_PUBLIC = (Status.PUBLISHING, Status.UNCONFIRMED, Status.PUBLISHED, Status.REMOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff:
    """What came of it. `left` could not be cancelled: it is public, or may be.

    `file` has the change, unless `wrong` says what kept it from being made; None where the file did
    not ask for it anyway.
    """

    cancelled: tuple[Delivery, ...]
    left: tuple[Delivery, ...] = ()
    file: Path | None = None
    wrong: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is meant by a key: a delivery, a post, a day of a post that repeats, or all its days."""

    campaign: str
    post: str
    day: str
    channel: str

    @classmethod
    def by(cls, key: str) -> "_Asked":
        campaign, _, rest = key.partition("/")
        name, _, channel = rest.partition("@")
        post, day = parts_of(name)
        return cls(campaign=campaign, post=post, day=day, channel=channel)

    def means(self, delivery: Delivery) -> bool:
        """Whether it is to go as a whole; a comment or a link of a thread goes with its post."""
        name, day = parts_of(delivery.post)
        return (
            name == self.post and self.day in ("", day) and self.channel in ("", delivery.channel)
        )


def call_off(app: App, key: str, reason: str, files: Files) -> CalledOff:
    """A delivery by its key, or all of a post by `CAMPAIGN/POST`, goes out no more.

    It is cancelled whether its file can be changed or not: harm is kept away first. What is public
    stays in the file. Raises NotAllowed where nothing can be cancelled, and UsageError.
    """
    asked = _Asked.by(key)
    cancelled, left = _in_the_schedule(app, asked, key, reason)
    file: Path | None = None
    wrong: tuple[Problem, ...] = ()
    for _ in range(ATTEMPTS):
        try:
            file, wrong = _in_the_file(app, asked, files(asked.campaign), cancelled), ()
            break
        except InvalidFiles as invalid:  # Perhaps someone has saved it at this very moment.
            wrong = invalid.problems
    if not cancelled and file is None:
        raise _nothing(app, key, left)
    return CalledOff(cancelled=tuple(cancelled), left=tuple(left), file=file, wrong=wrong)


def _in_the_schedule(
    app: App, asked: _Asked, key: str, reason: str
) -> tuple[list[Delivery], list[Delivery]]:
    if asked.channel:
        found = by_hand.known(app, key)
        if found.status is Status.CANCELLED:
            return [], []  # Its file may still ask for it.
        return by_hand.cancel(app, key, reason), []
    cancelled: dict[str, Delivery] = {}
    theirs = [it for it in app.store.of_campaign(asked.campaign).values() if asked.means(it)]
    for each in sorted(theirs, key=lambda it: it.key):
        if each.status in WITHDRAWABLE and each.key not in cancelled:
            cancelled |= {it.key: it for it in _cancelled(app, each.key, reason)}
    known = app.store.of_campaign(asked.campaign)
    left = [known[it.key] for it in theirs if known[it.key].status in WITHDRAWABLE | ON_ITS_WAY]
    return [known[name] for name in cancelled], left


def _cancelled(app: App, key: str, reason: str) -> list[Delivery]:
    """Nothing, where it is on its way by now: of the others, all are cancelled all the same."""
    for _ in range(ATTEMPTS):
        try:
            return by_hand.cancel(app, key, reason)
        except NotAllowed:
            current = app.store.get(key)
            if current is None or current.status not in WITHDRAWABLE:
                break
    return []


def _nothing(app: App, key: str, left: Sequence[Delivery]) -> NotAllowed:
    if "@" in key:
        return NotAllowed(f"{key} is cancelled already.")
    if left:
        return NotAllowed(f"{left[0].key} is {left[0].status}: it cannot be cancelled any more.")
    asked = _Asked.by(key)
    if not any(asked.means(it) for it in app.store.of_campaign(asked.campaign).values()):
        by_hand.known(app, key)
    return NotAllowed(f"Nothing of {key} waits any more: see `somos queue list`.")


def _in_the_file(app: App, asked: _Asked, path: Path, cancelled: Sequence[Delivery]) -> Path | None:
    """The file, where it was changed. Raises InvalidFiles where it asks for it and stays so."""
    with rewriting(path) as file:
        before = file.text
        if file.has(asked.post):
            theirs = app.store.of_campaign(asked.campaign).values()
            family = [it for it in theirs if is_of(it.post, asked.post)]
            if "repeat" in file.post(asked.post):
                _leave_out_days(file, asked, family)
            else:
                _narrow(file, asked, family)
            if file.has(asked.post):
                _silence(file, asked, family, {it.key for it in cancelled})
        return path if file.text != before else None


def _stays(delivery: Delivery | None, *, is_meant: bool) -> bool:
    """Whether a channel stays in the file: what is public, and what is still to go out."""
    if delivery is None:
        return not is_meant
    return delivery.status in _PUBLIC or (delivery.status is not Status.CANCELLED and not is_meant)


def _is_worth_it(delivery: Delivery | None) -> bool:
    """Whether a post is kept for its sake: what was taken down is no reason to."""
    return delivery is None or delivery.status is not Status.REMOVED


def _narrow(file: CampaignFile, asked: _Asked, family: Collection[Delivery]) -> None:
    now = file.channels(asked.post)
    main = {it.channel: it for it in family if it.after is None}
    kept = [it for it in now if _stays(main.get(it), is_meant=asked.channel in ("", it))]
    if not any(_is_worth_it(main.get(it)) for it in kept):
        file.take_out(asked.post)
    elif kept != now:
        file.narrow(asked.post, kept)


def _leave_out_days(file: CampaignFile, asked: _Asked, family: Collection[Delivery]) -> None:
    channels, days = file.channels(asked.post), file.days(asked.post)
    before = file.left_out(asked.post)
    main: dict[str, dict[str, Delivery]] = defaultdict(dict)
    for delivery in family:
        if delivery.after is None:
            main[parts_of(delivery.post)[1]][delivery.channel] = delivery
    kept: dict[str, list[str]] = {}
    for day in days:
        named = asked.day in ("", day)
        kept[day] = [
            it
            for it in channels
            if not {day, f"{day}@{it}"} & before
            and _stays(main[day].get(it), is_meant=named and asked.channel in ("", it))
        ]
    if not any(_is_worth_it(main[day].get(it)) for day in days for it in kept[day]):
        file.take_out(asked.post)
        return
    out = {day for day in days if not kept[day]}
    out |= {f"{day}@{it}" for day in days if kept[day] for it in channels if it not in kept[day]}
    file.leave_out(asked.post, out)


def _silence(
    file: CampaignFile, asked: _Asked, family: Collection[Delivery], cancelled: Collection[str]
) -> None:
    """Comments and links of threads that were cancelled while the post above them stays."""
    known: Mapping[str, Delivery] = {it.key: it for it in family}
    for key in sorted(cancelled, reverse=True):
        above, sign, number = key.partition("#")
        main = known.get(above)
        if not sign or main is None or main.status is Status.CANCELLED:
            continue
        links = None if number == "comment" else int(number) - 2
        file.silence(asked.post, main.channel, links=links)
