"""A hashtag that is nearly the campaign's: by it nobody finds what was posted."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from somos_social.core.desk.plain import plain

NEARLY = 0.88
"""How much two hashtags have in common of which one is taken for a slip: #SomosUnoMismo is, with
0.88; #SomosEncuentro is not."""

LONGEST = 60
"""Characters of a campaign's hashtag that others are held against; comparing takes time with it."""


_TAG = re.compile(r"(?<![\w/&])[#＃](\w+)")


def stands(text: str, hashtag: str) -> bool:
    """Whether the text holds the very hashtag."""
    wanted = hashtag.lstrip("#＃").casefold()
    return any(found.casefold() == wanted for found in _TAG.findall(text))


def misspelt(text: str, read: str, hashtag: str) -> Iterator[str]:
    """Each hashtag of a text that was probably meant to be the campaign's, and is not.

    `read` is the text as `plain` makes it.
    """
    wanted = hashtag.lstrip("#＃").casefold()
    if not wanted or len(wanted) > LONGEST or "#" not in read:
        return
    for found in _TAG.findall(text):
        if found.casefold() != wanted and _is_a_slip(found.casefold(), wanted):
            yield f"#{found}"
    for match in _in_pieces(wanted).finditer(read):
        if " " in match[0]:
            yield match[0]


def _is_a_slip(found: str, wanted: str) -> bool:
    # "#SomosLoMismoPTY" and "#SomosLoMismo2027" were written on purpose.
    goes_on = found.startswith(wanted) and len(found) > len(wanted) + 1
    if goes_on:
        return False
    common = SequenceMatcher(None, plain(found), plain(wanted), autojunk=False)
    return common.ratio() >= NEARLY


@lru_cache(maxsize=8)
def _in_pieces(wanted: str) -> re.Pattern[str]:
    """The hashtag with spaces in it, of which a network takes the first word alone."""
    return re.compile("# ?" + " ?".join(map(re.escape, plain(wanted))) + r"(?!\w)")
