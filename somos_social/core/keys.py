"""Finds a post a name that people can read, and that nothing else has."""

import re
import unicodedata
from collections.abc import Collection

WORDS = 5
LONGEST = 40
LEAST_LAST = 4

_WORD = re.compile(r"[a-z0-9]+")
_UNREADABLE = re.compile(r"https?://\S+|[#@]\w+")
"""Links, hashtags and mentions say little of what is told."""


def free_key(text: str, otherwise: str, taken: Collection[str]) -> str:
    """From the first words of a text, else from `otherwise`, with a number where it is taken."""
    key = _readable(_UNREADABLE.sub(" ", text)) or _readable(otherwise) or "post"
    free = (f"{key}-{number}" for number in range(2, len(taken) + 3))
    return key if key not in taken else next(name for name in free if name not in taken)


def _readable(text: str) -> str:
    """Words without accents; no word is cut unless it is longer than all of a key may be."""
    plain = unicodedata.normalize("NFKD", text[:500].casefold())
    words = _WORD.findall("".join(it for it in plain if not unicodedata.combining(it)))[:WORDS]
    # A name that ends in "con" or "the" reads as if something were missing.
    while len(words) > 1 and (len("-".join(words)) > LONGEST or _is_small(words[-1])):
        words.pop()
    return "-".join(words)[:LONGEST]


def _is_small(word: str) -> bool:
    return word.isalpha() and len(word) < LEAST_LAST
