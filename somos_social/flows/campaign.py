"""What people want, held against what is known: check it, plan it, make it so."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from somos_social import files
from somos_social.core.campaign import Change, Planned, changes, deliveries
from somos_social.core.clashes import Clash, Rule
from somos_social.core.clearance import obstacles, unapproved
from somos_social.core.delivery import Move, decide
from somos_social.core.links import without_tags
from somos_social.core.model.asset import Kind
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.post import Post
from somos_social.core.occurrences import parts_of
from somos_social.core.people import Consent
from somos_social.errors import Finding, InvalidFiles, NotAllowed, Problem
from somos_social.flows import App
from somos_social.media import Progress

_OVER = (Status.PUBLISHED, Status.REMOVED, Status.CANCELLED)
"""Of these, nobody is asked any more."""

REMEMBERED = timedelta(days=30)
"""How long after a restore what is scheduled anew may have been published before it."""

REPLANS = 5
"""How often a plan is made anew when a daemon moves a delivery between plan and write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a plan as a person reads it; it goes out only once `blocked_by` is empty."""

    planned: Planned
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that scheduling these campaigns would do, and the deliveries it was held against.

    `warnings` are what the desk found that keeps nothing back, and `freed` says which campaigns
    need somebody's yes no longer.
    """

    campaigns: tuple[Campaign, ...]
    lines: tuple[Line, ...]
    known: Mapping[str, Delivery]
    warnings: tuple[Finding, ...] = ()
    freed: tuple[Clash, ...] = ()


def check(
    paths: Sequence[Path],
    *,
    media_root: Path,
    channels: Collection[str] | None,
    now: datetime | None,
    known: Collection[str],
    consents: Mapping[str, Consent] | None = None,
    pictured: files.Pictured = lambda _: frozenset(),
    pictures_are_public: bool = True,
    allow_empty: bool = False,
    instead: Mapping[Path, str] | None = None,
) -> files.Reading:
    """The campaigns of these files, and what the desk found that keeps nothing back.

    Raises InvalidFiles with every problem in all of them. `channels` are those of the config, None
    without one. A due time before `now` is a problem unless its deliveries are among the `known`
    keys. `consents` are those of the database, None without one, and `pictured` says whom the
    bytes of a file show according to it. A picture for Instagram is a problem unless
    `pictures_are_public`, and a file without posts unless `allow_empty`. `instead` is what files
    are to hold, where that is not what they hold now.
    """
    found = files.read(
        paths,
        media_root=media_root,
        channels=channels,
        now=now,
        known=known,
        consents=consents,
        pictured=pictured,
        instead=instead,
    )
    problems: list[Problem] = []
    for path, campaign in zip(paths, found.campaigns, strict=True):
        asks_others = campaign.handoffs and not any(_is_of(key, campaign) for key in known)
        if not (campaign.posts or asks_others or allow_empty):
            problems.append(_empty(path, campaign))
        if not pictures_are_public and (post := _first_picture_for_instagram(campaign)):
            problems.append(_out_of_reach(path, post))
    if problems:
        raise InvalidFiles(problems, warnings=found.warnings, accepted=found.accepted)
    return found


def _is_of(key: str, campaign: Campaign) -> bool:
    return key.startswith(f"{campaign.slug}/")


def _empty(path: Path, campaign: Campaign) -> Problem:
    return Problem(
        file=str(path),
        key="post",
        problem=f"The campaign {campaign.slug} has no posts.",
        hint="Add a [[post]]. To withdraw all that it has scheduled: `somos schedule --empty`.",
    )


def _first_picture_for_instagram(campaign: Campaign) -> Post | None:
    return next(
        (
            post
            for post in campaign.posts
            for channel, variant in post.variants.items()
            if channel.startswith("instagram:")
            and any(asset.kind is not Kind.VIDEO for asset in variant.assets)
        ),
        None,
    )


def _out_of_reach(path: Path, post: Post) -> Problem:
    return Problem(
        file=str(path),
        key=f"post[{post.key}]",
        problem="Instagram fetches pictures itself, and the config says from nowhere.",
        hint="Set `public_url` under [media] in the config to where the media folder can be read, "
        "or name a `bucket` there.",
    )


def plan(
    app: App,
    paths: Sequence[Path],
    *,
    allow_empty: bool = False,
    instead: Mapping[Path, str] | None = None,
) -> Plan:
    """What scheduling would change and what blocks it; writes nothing. Raises InvalidFiles.

    `instead` is what files are to hold, where that is not what they hold now.
    """
    known = {
        key: delivery
        for slug in dict.fromkeys(path.stem for path in paths)
        for key, delivery in app.store.of_campaign(slug).items()
    }
    found = check(
        paths,
        media_root=app.media_root,
        channels=app.channels,
        now=app.now(),
        known=known.keys(),
        consents=app.store.consents.known(),
        pictured=app.store.consents.hidden_in,
        pictures_are_public=app.pictures_are_public,
        allow_empty=allow_empty,
        instead=instead,
    )
    lines: list[Line] = []
    for campaign in found.campaigns:
        theirs = {key: d for key, d in known.items() if d.campaign == campaign.slug}
        wanted = list(deliveries(campaign, app.policy))
        kept = _kept_back(app, campaign, wanted, theirs)
        lines.extend(
            Line(planned=planned, blocked_by=kept.get(planned.key, ()))
            for planned in changes(wanted, theirs)
        )
    late = [_late(line) for line in lines if _is_late(app, line)]
    if wrong := [*late, *_said_again(lines, known), *_said_elsewhere(app, lines)]:
        raise InvalidFiles(wrong)
    return Plan(
        campaigns=tuple(found.campaigns),
        lines=tuple(lines),
        known=known,
        warnings=tuple(found.warnings),
        freed=tuple(_freed(app, found.campaigns, known)),
    )


def _freed(
    app: App, campaigns: Sequence[Campaign], known: Mapping[str, Delivery]
) -> Iterator[Clash]:
    """Of the campaigns whose files ask fewer for their yes than was known: what that lets go."""
    before = app.store.approvals.required()
    queued = [it for it in known.values() if it.status in (Status.SCHEDULED, Status.CLAIMED)]
    for campaign in campaigns:
        gone = [it for it in before.get(campaign.slug, ()) if it not in campaign.approvals]
        if not gone:
            continue
        theirs = [it for it in queued if it.campaign == campaign.slug]
        said = app.store.said_of(theirs)
        number = sum(not unapproved(it, said).keys().isdisjoint(gone) for it in theirs)
        yield Clash(
            campaign=campaign.slug,
            key="approvals",
            rule=Rule.APPROVALS,
            problem=f"{', '.join(gone)} need no longer agree: the file does not ask for their yes "
            f"any more. That frees {number:,} of {len(theirs):,} queued deliveries from the wait.",
            hint="If that is not meant, name them under `approvals` again, and schedule.",
        )


def schedule(
    app: App,
    paths: Sequence[Path],
    *,
    allow_empty: bool = False,
    only: Callable[[str], bool] | None = None,
    progress: Progress = lambda *_: None,
) -> Plan:
    """Makes it so, all or nothing; done twice, the second changes nothing.

    First, what is not there yet of the renditions is made, of which `progress` is told, and a
    picture is fetched as Instagram will. What people keep back is scheduled as well: it waits for
    them. `only` says by their keys which deliveries are meant; then everything else of the files
    stays as it is known. Raises InvalidFiles, and NotAllowed where daemons keep moving it.
    """
    # Checking files must not wait for the database library.
    from somos_social.store import Lost

    for _ in range(REPLANS):
        made = plan(app, paths, allow_empty=allow_empty)
        if only is not None:
            made = replace(made, lines=tuple(it for it in made.lines if only(it.planned.key)))
        make_ready(
            app, [line.planned.wanted for line in made.lines if line.planned.wanted], progress
        )
        now = app.now()
        try:
            app.store.schedule(
                _added(app, made, now),
                _moves(app, made, now),
                [] if only else [it for campaign in made.campaigns for it in campaign.handoffs],
                now=now,
                actor=app.actor,
                asking=made.campaigns,
            )
        except Lost:
            continue
        return made
    raise NotAllowed("A daemon keeps moving these deliveries; try again in a minute.")


def _added(app: App, made: Plan, now: datetime) -> list[Delivery]:
    """What is new; after a restore, it may have been published before, and is looked for first."""
    added = [
        line.planned.wanted
        for line in made.lines
        if line.planned.change is Change.ADD and line.planned.wanted
    ]
    unknown_since = app.store.unknown_since(now - REMEMBERED)
    if unknown_since is None:
        return added
    return [replace(each, suspect=True, asked_at=unknown_since) for each in added]


def make_ready(app: App, wanted: Sequence[Delivery], progress: Progress) -> None:
    """What can be known to fail is tried before anything is written. Raises InvalidFiles."""
    from somos_social.flows import pictures, renditions

    variants = (delivery.variant for delivery in wanted)
    renditions.make(app.media_root, renditions.needed(variants), progress)
    pictures.look(app.pictures, app.media_root, wanted)


def news(made: Plan) -> list[Delivery]:
    """What is to go out otherwise than it was known before, or was not known at all."""
    changed = (Change.ADD, Change.AMEND)
    planned = (line.planned for line in made.lines)
    return [each.wanted for each in planned if each.wanted and each.change in changed]


def _moves(app: App, made: Plan, now: datetime) -> list[Move]:
    return [
        decide(made.known[line.planned.key], line.planned.event, now, app.policy)
        for line in made.lines
        if line.planned.event is not None
    ]


def _kept_back(
    app: App, campaign: Campaign, wanted: Sequence[Delivery], known: Mapping[str, Delivery]
) -> dict[str, tuple[str, ...]]:
    """By key, what people have not said yet, or have said against it; of what may still go out."""
    now = app.now()
    waiting = [it for it in wanted if it.key not in known or known[it.key].status not in _OVER]
    required = {campaign.slug: campaign.approvals}
    said = app.store.said_of(waiting, required=required)
    return {each.key: tuple(obstacles(each, said, now)) for each in waiting}


_PUBLIC = (Status.PUBLISHING, Status.PUBLISHED, Status.UNCONFIRMED)
_THERE = (Status.SCHEDULED, Status.CLAIMED, *_PUBLIC)


def _said_again(lines: Sequence[Line], known: Mapping[str, Delivery]) -> Iterator[Problem]:
    """A repeated post whose rule was changed must not say anew what went out by the old one."""
    said: dict[tuple[str, str, str], str] = {}
    for delivery in known.values():
        post, day = parts_of(delivery.post)
        if day and delivery.after is None and delivery.status in _PUBLIC:
            said[post, delivery.channel, _words(delivery)] = delivery.post
    for line in lines:
        wanted = line.planned.wanted
        if wanted is None or line.planned.change is not Change.ADD or wanted.after:
            continue
        post, day = parts_of(wanted.post)
        before = said.get((post, wanted.channel, _words(wanted)))
        if day and before:
            yield Problem(
                file=f"{wanted.campaign}.toml",
                key=wanted.key,
                problem=f"It says again what went out as {before}.",
                hint="Take that text out of the `texts`, and let the rule begin later.",
            )


def _said_elsewhere(app: App, lines: Sequence[Line]) -> Iterator[Problem]:
    """What another campaign says there at that very moment is the same post: a file was renamed."""
    added = [it.planned.wanted for it in lines if it.planned.change is Change.ADD]
    new = [wanted for wanted in added if wanted is not None and wanted.after is None]
    there = {
        (it.channel, it.due_at, it.variant.digest): it
        for it in app.store.saying({wanted.variant.digest for wanted in new})
        if it.status in _THERE
    }
    for wanted in new:
        twin = there.get((wanted.channel, wanted.due_at, wanted.variant.digest))
        if twin is not None and twin.campaign != wanted.campaign:
            yield Problem(
                file=f"{wanted.campaign}.toml",
                key=wanted.key,
                problem=f"The campaign {twin.campaign} says the very same there at that time.",
                hint=f"If the file was renamed, call it {twin.campaign}.toml again. Else give one "
                f"another time, or cancel the other: somos queue cancel {twin.key}",
            )


def _words(delivery: Delivery) -> str:
    return " ".join(without_tags(delivery.variant.text).split()).casefold()


def _is_late(app: App, line: Line) -> bool:
    wanted = line.planned.wanted
    return (
        line.planned.change is Change.AMEND
        and wanted is not None
        and wanted.expires_at <= app.now()
    )


def _late(line: Line) -> Problem:
    return Problem(
        file=f"{line.planned.key.partition('/')[0]}.toml",
        key=line.planned.key,
        problem="It changed, but its due time is past and its grace is over.",
        hint="Give the post a new `due`, or undo the change.",
    )
