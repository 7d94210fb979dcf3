"""When a post goes out: once, or on each day of its rule; as a whole, or on each channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from somos_social.core.limits import LIMITS
from somos_social.core.links import without_tags
from somos_social.core.model.delivery import delivery_key
from somos_social.core.model.post import Post
from somos_social.core.occurrences import occurrence_key
from somos_social.document import Report, Unfit, near
from somos_social.files import clock
from somos_social.files.repeating import occurrences
from somos_social.files.shapes import PostShape, RepeatShape
from somos_social.files.surroundings import Surroundings
from somos_social.files.views import Layer, saying, view_of

JUST_NOW = timedelta(minutes=5)
"""A post that fell due while its campaign was being scheduled still goes out, if a little late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One time at which a post goes out: under which key, where, and what it says then."""

    key: str
    layers: Mapping[str, Layer]
    due: datetime
    dues: Mapping[str, datetime]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of one post, whose tables are `layers` and stand at `at`.

    `is_broken` says that there is a `repeat` which was refused.
    """

    at: str
    slug: str
    post: PostShape
    channels: tuple[str, ...]
    layers: Mapping[str, Layer]
    zone: ZoneInfo | None
    around: Surroundings
    report: Report
    is_broken: bool = False

    def turns(self) -> Iterator[Turn]:
        """One; of a post that repeats, each day of its rule but for those that it leaves out."""
        if self.post.repeat is None:
            self._complain_of_stray_texts()
            yield self._only()
        else:
            yield from self._each(self.post.repeat)

    def _only(self) -> Turn:
        due = self._due()
        dues = {}
        for channel in self.channels:
            view = view_of(self.layers, channel)
            if not view.is_general("due"):
                own = view.of("due").shape.due
                dues[channel] = self._own_due(view.key("due"), own, channel)
        return Turn(
            key=self.post.key, layers=self.layers, due=due, dues=dues, channels=self.channels
        )

    def _due(self) -> datetime:
        if self.post.due is None:
            self.report.missing(f"{self.at}.due", "Write it as in due = 2026-12-01T09:00:00.")
            return clock.NEVER
        return self._moment(f"{self.at}.due", self.post.due, self.post.key, self.channels)

    def _own_due(self, at: str, own: datetime | None, channel: str) -> datetime:
        """The time of one channel, where its variant has one."""
        return clock.NEVER if own is None else self._moment(at, own, self.post.key, (channel,))

    def _moment(
        self,
        at: str,
        when: datetime,
        key: str,
        channels: Sequence[str],
        told: str = "",
        way: str = "",
    ) -> datetime:
        """In UTC; `told` begins what is said of a time that stands nowhere, `way` is its hint."""
        if self.zone is None:
            return clock.NEVER
        try:
            due = clock.utc(when, self.zone)
        except Unfit as unfit:
            self.report.add(at, f"{told}{unfit.problem}", way or unfit.hint)
            return clock.NEVER
        keys = [delivery_key(self.slug, key, channel) for channel in channels]
        over = self.around.now is not None and due + JUST_NOW < self.around.now
        if over and not all(each in self.around.known for each in keys):
            hint = way or "Give it a time to come, or delete the post."
            self.report.add(at, f"{told}is past.", hint)
        return due

    # Of a post that repeats.

    def _each(self, repeat: RepeatShape) -> Iterator[Turn]:
        first = self._first()
        if first is None or self.zone is None:
            return
        try:
            moments = occurrences(repeat.rule, first, self.zone)
        except Unfit as unfit:
            self.report.add(f"{self.at}.repeat.rule", unfit.problem, unfit.hint)
            return
        days = [f"{moment:%Y-%m-%d}" for moment in moments]
        self._check_days(repeat, days)
        self._check_counts(len(days))
        for number, (day, moment) in enumerate(zip(days, moments, strict=True)):
            dues = {
                channel: self._due_on_day(repeat, day, channel, moment - first)
                for channel in self.channels
                if not {day, f"{day}@{channel}"}.intersection(repeat.without)
            }
            if dues:
                yield Turn(
                    key=occurrence_key(self.post.key, day),
                    layers={name: saying(self.layers[name], number) for name in self.layers},
                    due=min(dues.values()),
                    dues=dues,
                    channels=tuple(dues),
                )

    def _first(self) -> datetime | None:
        """Its own time on the clocks of the campaign; the report tells where there is none."""
        if self.post.due is None or self.zone is None:
            self._due()
            return None
        try:
            clock.utc(self.post.due, self.zone)
        except Unfit as unfit:
            self.report.add(f"{self.at}.due", unfit.problem, unfit.hint)
            return None
        return clock.wall(self.post.due, self.zone)

    def _due_on_day(
        self, repeat: RepeatShape, day: str, channel: str, later: timedelta
    ) -> datetime:
        """As late as its first time, on the clocks of the campaign, unless it was moved."""
        key = occurrence_key(self.post.key, day)
        for name in (f"{day}@{channel}", day):
            if name in repeat.moved:
                at = f'{self.at}.repeat.moved."{name}"'
                return self._moment(at, repeat.moved[name], key, (channel,))
        view = view_of(self.layers, channel)
        first = view.of("due").shape.due
        if first is None or self.zone is None:
            return clock.NEVER
        usual = clock.wall(first, self.zone) + later
        way = f'Add moved = {{ "{day}" = ... }} to `repeat`, or without = ["{day}"].'
        told = f"leads to {usual:%Y-%m-%dT%H:%M}, which "
        return self._moment(f"{self.at}.repeat.rule", usual, key, (channel,), told, way)

    def _check_days(self, repeat: RepeatShape, days: Sequence[str]) -> None:
        named = [(f'{self.at}.repeat.moved."{name}"', name) for name in repeat.moved]
        named += [(f"{self.at}.repeat.without[{n}]", it) for n, it in enumerate(repeat.without)]
        for at, name in named:
            day, sign, channel = name.partition("@")
            if day not in days:
                hint = near(day, days) or f"Its first day is {days[0]}."
                self.report.add(at, "is no day of the rule.", hint)
            elif sign and channel not in self.channels:
                hint = near(channel, self.channels) or "Write it as in 2026-12-08@x:somoslomismo."
                self.report.add(at, "names no channel of this post.", hint)

    def _check_counts(self, times: int) -> None:
        """Each time has a text of its own, and no other one stands beside them."""
        views = [view_of(self.layers, channel) for channel in self.channels]
        asked = {view.of("repeat").at for view in views if view.is_general("text")} | {
            layer.at for layer in self.layers.values() if layer.at != self.at
        }
        for layer in self.layers.values():
            repeat, fields = layer.shape.repeat, layer.shape.model_fields_set
            if repeat is None:
                continue
            if layer.at != self.at and repeat.model_fields_set - {"texts"}:
                hint = "Leave its texts here, and nothing else of `repeat`."
                self.report.add(f"{layer.at}.repeat", "says when; the post does that.", hint)
            if "text" in fields:
                hint = "Write it among the texts of `repeat`."
                self.report.add(f"{layer.at}.text", "stands beside the texts of `repeat`.", hint)
            if len(repeat.texts) != times and (repeat.texts or layer.at in asked):
                problem = f"are {len(repeat.texts)} for {times} times."
                self.report.add(f"{layer.at}.repeat.texts", problem, "Write one for each time.")

    def _complain_of_stray_texts(self) -> None:
        if self.is_broken:
            return
        for layer in self.layers.values():
            if layer.shape.repeat is not None:
                hint = 'Write there when, as in repeat = { rule = "FREQ=WEEKLY;COUNT=4" }.'
                self.report.add(f"{layer.at}.repeat", "repeats what the post does not.", hint)

    def check_texts(self, turns: Sequence[Turn], posts: Sequence[Post]) -> None:
        """A network that refuses what it has already must get other words each time."""
        seen: dict[tuple[str, str], str] = {}
        for turn, post in zip(turns, posts if len(posts) > 1 else (), strict=False):
            for channel, variant in post.variants.items():
                limits = LIMITS[channel.partition(":")[0]]
                if not limits.refuses_repeats:
                    continue
                view = view_of(turn.layers, channel)
                text = " ".join(without_tags(variant.text).split()).casefold()
                before = seen.setdefault((channel, text), post.key)
                if before != post.key:
                    problem = f"says what {before} says; {limits.name} refuses a text twice."
                    hint = "Write another one for each time, among the texts of `repeat`."
                    self.report.add(view.key("text"), problem, hint)
                for part, theirs in (("first_comment", post.comments), ("thread", post.threads)):
                    if channel in theirs:
                        problem = f"is the same each time; {limits.name} refuses a text twice."
                        hint = f"Write an empty one for {limits.name}, or a post for each time."
                        self.report.add(view.key(part), problem, hint)
