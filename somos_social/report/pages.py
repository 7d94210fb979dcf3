"""What stands in a report, in one language, before anybody decides how it looks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from somos_social.core.limits import LIMITS
from somos_social.core.metrics import Group
from somos_social.core.model.delivery import Status
from somos_social.core.report import Asked, Line, PostKind, Report, months, punctuality, weeks
from somos_social.preview import dates
from somos_social.report.album import Pictures
from somos_social.report.words import Words

LONGEST = 180
"""Characters of a post that are shown: enough to know it again."""

MOST_WEEKS = 16
"""Of a longer time, months are shown."""

WAITING = (Status.SCHEDULED, Status.CLAIMED, Status.PUBLISHING)

_DELAYS = ((10, "late-10"), (60, "late-60"), (300, "late-300"), (3600, "late-3600"))


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; one that `warns` is not to be overlooked."""

    text: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of a row names it. `numbers` are columns of figures."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bars:
    """A number for each name, drawn as bars: the name, the number, and how it is written."""

    caption: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, float, str], ...]

    @property
    def most(self) -> float:
        return max((number for _, number, _ in self.rows), default=0) or 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post went out: in words, and the address if it may be shown."""

    words: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A post, with a small JPEG where there is one, and all the networks it went out on."""

    picture: bytes
    alt: str
    due: str
    text: str
    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Posts:
    """All that went out, under headings."""

    caption: str
    heads: tuple[str, str, str, str]
    posts: tuple[Shown, ...]
    see: str


Block = Text | Facts | Table | Bars | Posts


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole report in one language; `elsewhere` is said where letters are missing."""

    language: str
    eyebrow: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    elsewhere: str


def page(report: Report, pictures: Pictures, *, language: str) -> Page:
    """The report as it is read."""
    return _Writing(report, pictures, Words(language)).page()


class _Writing:
    """Writes one section after the other."""

    def __init__(self, report: Report, pictures: Pictures, words: Words) -> None:
        self._report = report
        self._pictures = pictures
        self._say = words

    def page(self) -> Page:
        say, report = self._say, self._report
        return Page(
            language=say.language,
            eyebrow=say("report"),
            title=", ".join(it.name for it in report.subjects),
            facts=(
                (say("period"), self._period()),
                (say("made-at"), self._moment(report.made_at)),
                (say("times-in"), str(report.zone)),
            ),
            sections=tuple(
                Section(name, say(name), tuple(blocks)) for name, blocks in self._sections()
            ),
            elsewhere=say("elsewhere"),
        )

    def _sections(self) -> Iterator[tuple[str, Iterator[Block]]]:
        yield "glance", self._glance()
        yield "punctual", self._punctual()
        yield "when", self._when()
        yield "goals", self._goals()
        yield "received", self._received()
        yield "list", self._list()
        yield "amiss", self._amiss()
        yield "handoffs", self._handoffs()
        yield "care", self._care()
        yield "proof-of-log", self._log()

    def _period(self) -> str:
        say, report = self._say, self._report
        bounds = [
            f"{say(word)} {self._moment(bound)}"
            for word, bound in (("from", report.since), ("to", report.until))
            if bound
        ]
        return ", ".join(bounds) or say("whole-period")

    def _moment(self, at: datetime, *, seconds: bool = False) -> str:
        return dates.moment(at, self._report.zone, self._say.language, seconds=seconds)

    def _network(self, platform: str) -> str:
        return LIMITS[platform].name if platform in LIMITS else platform

    def _glance(self) -> Iterator[Block]:
        say, report = self._say, self._report
        out, late = report.went_out, punctuality(report.went_out)
        share = f"{say.number(late.in_a_minute)} / {say.number(late.posts)}" if late else "–"
        below = sum(it.follows and it.out_at is not None for it in report.lines)
        waiting = sum(report.statuses.get(it, 0) for it in WAITING)
        yield Facts(
            (
                (say("out"), say.number(len(out))),
                (say("in-a-minute"), share),
                (say("typical"), say.span(late.median) if late else "–"),
                (say("of-95"), say.span(late.most) if late else "–"),
                (say("longest"), say.span(late.worst) if late else "–"),
                (say("to-come"), say.number(waiting)),
                (say("amiss-number"), say.number(len(report.amiss))),
                (say("log-state"), say("broken" if report.proof.breaks else "whole")),
            )
        )
        yield Text(say("out-told", say.number(below)))

    def _punctual(self) -> Iterator[Block]:
        say, out = self._say, self._report.went_out
        if not out:
            yield Text(say("none-out"))
            return
        yield Text(say("punctual-told"))
        names = sorted({it.platform for it in out})
        found = [(self._network(it), [each for each in out if each.platform == it]) for it in names]
        rows = [self._row_of_delays(name, lines) for name, lines in found]
        rows.append(self._row_of_delays(say("all-networks"), out))
        heads = ("network", "posts", "median", "p95", "worst", "minute")
        numbers = frozenset(range(1, len(heads)))
        yield Table(say("punctual"), tuple(map(say, heads)), tuple(rows), numbers)
        counted = Counter(_delay(it.late) for it in out if it.late is not None)
        yield Bars(
            say("how-late"),
            (say("late"), say("posts")),
            tuple(
                (say(word), counted[word], say.number(counted[word]))
                for word in (*(word for _, word in _DELAYS), "late-more")
            ),
        )

    def _row_of_delays(self, name: str, lines: Sequence[Line]) -> tuple[str, ...]:
        say, found = self._say, punctuality(lines)
        if found is None:
            return (name, "0", "–", "–", "–", "–")
        spans = (say.span(it) for it in (found.median, found.most, found.worst))
        return (name, say.number(found.posts), *spans, say.number(found.in_a_minute))

    def _when(self) -> Iterator[Block]:
        say, report = self._say, self._report
        found = list(weeks(report.went_out, report.zone))
        if not found:
            yield Text(say("none-out"))
            return
        head, named = "week-of", dates.short
        if len(found) > MOST_WEEKS:
            head, named = "month", dates.month
            found = list(months(report.went_out, report.zone))
        yield Bars(
            say("when"),
            (say(head), say("posts")),
            tuple(
                (named(first, say.language), number, say.number(number)) for first, number in found
            ),
        )

    def _goals(self) -> Iterator[Block]:
        say, out = self._say, self._report.went_out
        if not self._report.goals_known:
            yield Text(say("goals-unknown"), warns=True)
        if not out:
            yield Text(say("none-out"))
            return
        yield Text(say("goals-told"))
        counted = Counter(self._goal(it.goal) for it in out)
        yield Bars(
            say("goals"),
            (say("goal"), say("posts")),
            tuple((name, number, say.number(number)) for name, number in counted.most_common()),
        )

    def _goal(self, goal: str) -> str:
        return goal or self._say("no-goal")

    def _received(self) -> Iterator[Block]:
        say, report = self._say, self._report
        day = report.measured_on
        if day is None or not report.by_kind():
            yield Text(say("not-measured"))
            return
        yield Text(say("received-told", dates.day(day, say.language)))
        yield self._groups("by-kind", "kind", report.by_kind())
        yield self._groups("by-goal", "goal", report.by_goal())

    def _groups(self, caption: str, head: str, found: Sequence[Group]) -> Table:
        say = self._say
        named = self._kind if head == "kind" else self._goal
        heads = ("network", head, "posts", "seen-or-shown", "acted", "verdict")
        return Table(
            say(caption),
            tuple(map(say, heads)),
            tuple(
                (
                    self._network(it.platform),
                    named(it.name),
                    say.number(it.posts),
                    self._median(it.seen, it.seen_of, it.posts),
                    self._median(it.acted, it.acted_of, it.posts),
                    say("best") if it.leads else "" if it.is_enough else say("too-few"),
                )
                for it in found
            ),
            frozenset({2, 3, 4}),
        )

    def _median(self, value: float | None, of: int, posts: int) -> str:
        """How many posts are behind it stands there where it is not all of them."""
        if value is None:
            return "–"
        shown = self._say.number(value)
        return shown if of == posts else f"{shown} ({self._say('of-posts', of)})"

    def _kind(self, kind: str) -> str:
        return self._say("picture-kind" if kind == PostKind.PICTURE else kind)

    def _list(self) -> Iterator[Block]:
        say, out = self._say, self._report.went_out
        if not out:
            yield Text(say("none-out"))
            return
        assets = [it.picture for it in out if it.picture]
        self._pictures.draw(assets)
        posts = [
            self._shown(list(lines))
            for _, lines in groupby(out, lambda it: (it.campaign, it.post) if it.post else it)
        ]
        heads = ("picture", "promised", "post", "where")
        if self._pictures.left_out:
            yield Text(say("left-out"))
        yield Posts(
            say("list"),
            (say(heads[0]), say(heads[1]), say(heads[2]), say(heads[3])),
            tuple(posts),
            say("see"),
        )

    def _shown(self, lines: Sequence[Line]) -> Shown:
        say, first = self._say, lines[0]
        asset = next((it.picture for it in lines if it.picture), None)
        picture = self._pictures.of(asset)
        text = next((it.text for it in lines if it.text), "")
        return Shown(
            picture=picture,
            alt=(asset.alt or say("no-alt")) if asset and picture else "",
            due=self._moment(first.due_at),
            text=_shortened(text),
            name=first.post or say("unnamed"),
            places=tuple(self._place(it) for it in lines),
        )

    def _place(self, line: Line) -> Place:
        say, network = self._say, self._network(line.platform)
        late = f"+{say.span(line.late)}" if line.late is not None else ""
        # It went out: all that is told otherwise is what became of it since.
        since = "" if line.status is Status.PUBLISHED else f", {say(line.status.value)}"
        at = self._moment(line.out_at, seconds=True) if line.out_at else ""
        return Place(f"{network}: {self._kind(line.kind.value)}, {at} ({late}){since}", line.url)

    def _amiss(self) -> Iterator[Block]:
        say, found = self._say, self._report.amiss
        if not found:
            yield Text(say("all-well"))
            return
        counted = Counter(it.status for it in found)
        yield Bars(
            say("amiss-number"),
            (say("happened"), say("posts")),
            tuple((say(it.value), counted[it], say.number(counted[it])) for it in counted),
        )
        heads = ("post", "promised", "network", "happened", "why")
        yield Table(say("amiss"), tuple(map(say, heads)), tuple(map(self._row_amiss, found)))

    def _row_amiss(self, line: Line) -> tuple[str, ...]:
        say = self._say
        name = line.post or say("unnamed")
        return (
            f"{name} ({say('below')})" if line.follows else name,
            self._moment(line.due_at),
            self._network(line.platform),
            say(line.status.value),
            say(line.cause.value) if line.cause else "",
        )

    def _handoffs(self) -> Iterator[Block]:
        say, found = self._say, self._report.asked
        if not found:
            yield Text(say("no-handoffs"))
            return
        heads = ("asked-for", "influencer", "live-due", "state", "proof")
        rows = tuple(map(self._row_asked, found))
        yield Table(say("handoffs"), tuple(map(say, heads)), rows)

    def _row_asked(self, asked: Asked) -> tuple[str, ...]:
        say = self._say
        state = say(asked.status) + (f" ({say('is-late')})" if asked.late else "")
        due = self._moment(asked.live_due)
        return asked.key, asked.influencer, due, state, self._proof(asked)

    def _proof(self, asked: Asked) -> str:
        say = self._say
        parts = [asked.url] if asked.url else []
        if asked.proved_at is None:
            is_there = asked.status == "live"
            return " · ".join([*parts, *([say("no-proof")] if is_there else [])])
        at = self._moment(asked.proved_at)
        if asked.screenshot:
            parts.append(say("proof-screenshot", at, f"{asked.screenshot[:16]}…"))
        else:
            parts.append(say("proof-look", at))
        return " · ".join([*parts, *(say(it) for it in asked.seen)])

    def _care(self) -> Iterator[Block]:
        say, held = self._say, self._report.held
        names = ("pauses", "blackouts", "withdrawals")
        yield Facts(tuple((say(it), say.number(getattr(held, it))) for it in names))
        yield Text(say("care-told"))

    def _log(self) -> Iterator[Block]:
        say, proof = self._say, self._report.proof
        if proof.breaks:
            yield Text(say("result-broken", proof.breaks), warns=True)
        else:
            yield Text(say("result-whole"))
        yield Facts(((say("entries"), say.number(proof.entries)),))
        yield Text(say("log-told"))
        rows = tuple((it.name, say.number(it.length), it.hash) for it in proof.chains)
        heads = (say("chain"), say("entries"), say("head"))
        yield Table(say("chains"), heads, rows, frozenset({1}))


def _delay(late: timedelta) -> str:
    seconds = late.total_seconds()
    return next((word for most, word in _DELAYS if seconds <= most), "late-more")


def _shortened(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= LONGEST else f"{one[:LONGEST].rstrip()}…"
