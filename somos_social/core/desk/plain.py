"""A text as the desk reads it: bare letters, small, without what a network or a font adds."""

import re
import unicodedata

from somos_social.core.marks import is_heaped

_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
# Accents once they stand alone, invisible joiners, and the choice between an emoji's two looks.
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]+")
# Only those that are to become another: most texts have none.
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_ENDS = re.compile(r" \n ?|\n ")


def plain(text: str) -> str:
    """The text in small letters without accents, its links left out, each space a single one.

    Letters of a fancy alphabet are those that they stand for. Nothing is read of a text that heaps
    marks on a letter: no file may hold one.
    """
    if is_heaped(text):
        return ""
    small = text.casefold()
    if "://" in small or "www." in small:
        small = _LINK.sub(" ", small)
    if not small.isascii():
        small = _UNSEEN.sub("", unicodedata.normalize("NFKD", small)).casefold()
    return _ENDS.sub("\n", _SPACES.sub(" ", small))
