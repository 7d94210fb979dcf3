"""Figures that are asked for post by post: what was told so far, and whether to go on asking."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from somos_social.core.events import Blocked, Throttled, Unknowable
from somos_social.core.metrics import Figure, Measured
from somos_social.platforms.answers import Answer, counted, inner, items, text
from somos_social.platforms.graph import GraphError
from somos_social.platforms.graph_errors import Meaning, meaning_of, on_look
from somos_social.platforms.transport import NoAnswer

MOST_IN_A_ROW = 3
"""A network that does not answer so often in a row is not asked for more."""

TOO_FEW = "not enough viewers"
"""How Meta says that it hides the figures of a story: with the code of a missing permission."""

Told = dict[Figure, int]


class Gathering:
    """What a network of Meta's told so far. `lacking` says which permission each asking needs."""

    def __init__(
        self, network: str, now: Callable[[], datetime], lacking: Mapping[str, str]
    ) -> None:
        self._network = network
        self._now = now
        self._lacking = lacking
        self._figures: dict[str, Told] = {}
        self._gone: set[str] = set()
        self._untold: dict[str, None] = {}
        self._refused: set[str] = set()
        self._in_a_row = 0
        self._until: datetime | None = None
        self.is_over = False

    def ask(self, asking: str, remote_id: str, call: Callable[[], Told]) -> None:
        """One question about one post; what is refused once for a permission is asked no more."""
        if asking in self._refused or self.is_over or remote_id in self._gone:
            return
        try:
            told = call()
        except (GraphError, NoAnswer) as error:
            self._failed(asking, remote_id, error)
        else:
            self._in_a_row = 0
            self._figures.setdefault(remote_id, {}).update(told)

    def say(self, sentence: str) -> None:
        self._untold[sentence] = None

    def measured(self) -> Measured:
        return Measured(
            figures={it: told for it, told in self._figures.items() if told},
            gone=frozenset(self._gone),
            untold=tuple(self._untold),
            until=self._until,
            stopped=self.is_over,
        )

    def _failed(self, asking: str, remote_id: str, error: GraphError | NoAnswer) -> None:
        if isinstance(error, GraphError):
            if TOO_FEW in error.message.lower():
                self.say(f"{self._network} tells nothing of stories that few have seen.")
                return
            if meaning_of(error) is Meaning.MISSING:
                self._gone.add(remote_id)
                return
            if meaning_of(error) is Meaning.NEVER:
                self._refuse(asking, f"{self._network} refuses to tell them: {error.message}")
                return
        match on_look(error, self._network, self._now()):
            case Throttled(until, reason):
                self._until, self.is_over = until, True
                self.say(reason)
            case Blocked(reason):
                self.is_over = True
                self.say(reason)
            case Unknowable():
                self._refuse(asking, self._lacking[asking])
            case other:
                self._in_a_row += 1
                if self._in_a_row >= MOST_IN_A_ROW:
                    self.is_over = True
                    self.say(f"{self._network} did not answer {MOST_IN_A_ROW} times in a row: "
                             f"{other.reason}")  # fmt: skip

    def _refuse(self, asking: str, sentence: str) -> None:
        self._refused.add(asking)
        self.say(sentence)
        self.is_over = self.is_over or self._refused >= self._lacking.keys()


def counts(answer: Answer, names: Mapping[str, Figure]) -> Told:
    """The numbers of an insights edge by their names; what is no count is left out."""
    told: Told = {}
    for each in items(answer, "data"):
        value = next((counted(it.get("value")) for it in items(each, "values")), None)
        figure = names.get(text(each, "name"))
        if figure and value is not None:
            told[figure] = value
    return told


def count(found: Mapping[str, Any], name: str, figure: Figure) -> Told:
    """A number of an answer, where there is one."""
    value = counted(found.get(name))
    return {} if value is None else {figure: value}


def total(answer: Answer, name: str, figure: Figure) -> Told:
    """What the summary of an edge counts."""
    return count(inner(inner(answer, name), "summary"), "total_count", figure)
