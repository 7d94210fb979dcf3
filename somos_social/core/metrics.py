"""What networks tell of how posts were received: counts, never who; and what they allow to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from statistics import median

LEAST = 3
"""Of fewer posts nothing is said that compares: one lucky post is no rule."""


class Figure(StrEnum):
    """One count of a post. Values are stored, so they are part of the format.

    `REACH` counts people (or accounts) by their network; nobody can add it up across networks, or
    across posts, as if it were people. `VIEWS` counts each time that it was shown.
    """

    REACH = "reach"
    VIEWS = "views"
    REACTIONS = "reactions"
    COMMENTS = "comments"
    SHARES = "shares"
    SAVED = "saved"


INTERACTIONS = (Figure.REACTIONS, Figure.COMMENTS, Figure.SHARES, Figure.SAVED)
"""What people did; their sum is a number of acts, and may be taken."""

Figures = Mapping[Figure, int]
"""The counts that are known of one post."""

SEEN_BY: Mapping[str, Figure] = {
    "facebook": Figure.REACH,
    "instagram": Figure.REACH,
    "x": Figure.VIEWS,
}
"""By platform, the figure that says how far a post went: X tells no one's reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a network told when it was asked for the figures of some posts.

    `figures` and `gone`, which is of posts that are there no more, are by platform id. `untold`
    says in sentences what it did not tell, and why. `until` is set where it asked to be left alone
    until then; `stopped` says that asking for more makes no sense now.
    """

    figures: Mapping[str, Figures] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    untold: tuple[str, ...] = ()
    until: datetime | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The last figures of one delivery, and the day on which they were read."""

    delivery: str
    day: date
    at: datetime
    figures: Figures


def interactions(figures: Figures) -> int | None:
    """How often anybody reacted, commented, shared or saved; None where nothing of it is known."""
    known = [figures[it] for it in INTERACTIONS if it in figures]
    return sum(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Posts of one network that have something in common, and the medians of their figures.

    `seen` and `acted` are None where no figure is known; `seen_of` and `acted_of` say of how many
    posts they are. `leads` says that its median is the highest of several that may be compared.
    """

    platform: str
    name: str
    posts: int
    seen: float | None = None
    seen_of: int = 0
    acted: float | None = None
    acted_of: int = 0
    leads: bool = False

    @property
    def is_enough(self) -> bool:
        """Whether there are posts enough to say anything that compares."""
        return self.seen_of >= LEAST


def groups(posts: Sequence[tuple[str, str, Figures]]) -> list[Group]:
    """Posts, each as its platform, what it is grouped by and its figures; the best first.

    Only groups of one network are compared, only where each has posts enough, and where none is
    as good as another.
    """
    by_name: dict[tuple[str, str], list[Figures]] = {}
    for platform, name, figures in posts:
        by_name.setdefault((platform, name), []).append(figures)
    found = [_group(platform, name, these) for (platform, name), these in by_name.items()]
    led = [_leading([it for it in found if it.platform == one.platform], one) for one in found]
    return sorted(led, key=lambda it: (it.platform, not it.is_enough, -(it.seen or 0), it.name))


def _group(platform: str, name: str, posts: Sequence[Figures]) -> Group:
    seen = [it[SEEN_BY[platform]] for it in posts if SEEN_BY[platform] in it]
    acted = [sum_ for it in posts if (sum_ := interactions(it)) is not None]
    return Group(
        platform=platform,
        name=name,
        posts=len(posts),
        seen=median(seen) if seen else None,
        seen_of=len(seen),
        acted=median(acted) if acted else None,
        acted_of=len(acted),
    )


def _leading(beside: Sequence[Group], one: Group) -> Group:
    others = [it.seen or 0 for it in beside if it.is_enough and it is not one]
    leads = one.is_enough and bool(others) and (one.seen or 0) > max(others)
    return replace(one, leads=leads)
