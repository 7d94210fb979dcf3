"""The board's templates, once for each language; each word of ours is in it."""

from datetime import datetime, tzinfo
from functools import cache
from typing import TYPE_CHECKING

from somos_social.board.discretion import is_private
from somos_social.board.words import WORDS
from somos_social.preview import dates, environment
from somos_social.preview.words import LANGUAGES
from somos_social.preview.words import WORDS as OF_LOOKS

if TYPE_CHECKING:
    from jinja2 import Environment


def word(key: str, language: str) -> str:
    """A word of ours in this language; KeyError for one that nobody wrote."""
    both = WORDS.get(key) or OF_LOOKS[key]
    return both[LANGUAGES.index(language)]


@cache
def templates(language: str) -> "Environment":
    made = environment("somos_social.board")

    def says(key: str) -> str:
        return word(key, language)

    def when(moment: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
        return dates.moment(moment, zone, language, seconds=seconds)

    made.filters["private"] = is_private
    made.filters["begin"] = lambda text: text[:1].upper() + text[1:]
    made.filters["became"] = lambda state: says(f"to-{state}") if f"to-{state}" in WORDS else state
    made.globals.update(says=says, word=says, when=when, language=language)
    return made
