"""A hashtag that is nearly the campaign's: by it nobody finds what was posted."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from somos_social.core.desk.plain import plain
from somos_social.core.tweet_text import hashtags

NEARLY = 0.88
"""How much two hashtags have in common of which one is taken for a slip: #SomosUnoMismo is, with
0.88; #SomosEncuentro is not."""

LONGEST = 60
"""Characters of a hashtag that is looked at; comparing takes time with their square."""


def misspelt(text: str, hashtag: str) -> Iterator[str]:
    """Each hashtag of a text that was probably meant to be the campaign's, and is not."""
    wanted = hashtag.lstrip("#＃").casefold()
    if not wanted or len(wanted) > LONGEST or not ("#" in text or "＃" in text):
        return
    for found in hashtags(text):
        if _is_a_slip(found.casefold(), wanted):
            yield f"#{found}"
    for match in _in_pieces(plain(wanted)).finditer(plain(text)):
        if " " in match[0]:
            yield match[0]


def _is_a_slip(found: str, wanted: str) -> bool:
    if found == wanted or len(found) > LONGEST:
        return False
    # "#SomosLoMismoPTY" and "#SomosLoMismo2027" were written on purpose.
    if found.startswith(wanted) and len(found) > len(wanted) + 1:
        return False
    bare, meant = plain(found), plain(wanted)
    return SequenceMatcher(None, bare, meant, autojunk=False).ratio() >= NEARLY


@lru_cache(maxsize=8)
def _in_pieces(wanted: str) -> re.Pattern[str]:
    """The hashtag with spaces in it, of which a network takes the first word alone."""
    return re.compile("# ?" + " ?".join(map(re.escape, wanted)) + r"(?!\w)")
