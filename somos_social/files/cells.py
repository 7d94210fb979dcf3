"""Disarms what goes into the cells of a spreadsheet, and knows the exact way back."""

import re
import unicodedata

# Where a semicolon or a tab parts the cells, one may begin in the middle of ours.
_WITHIN = re.compile(r"([;\t\r\n]\s*)(?='*[=+\-@−＝＋－＠])")
_WITHIN_DISARMED = re.compile(r"([;\t\r\n]\s*)'(?='*[=+\-@−＝＋－＠])")


def disarmed(value: object) -> str:
    """No spreadsheet takes it for a formula; `as_it_was` is the way back.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = "" if value is None else str(value)
    acts = _acts(text)
    text = _WITHIN.sub(r"\1'", text)
    return f"'{text}" if acts else text


def as_it_was(text: str) -> str:
    """What was disarmed, to the letter; any other text is left alone."""
    # The first mark was set for the text as it is without those within.
    whole = _WITHIN_DISARMED.sub(r"\1", text)
    return whole[1:] if whole[:1] == "'" and _acts(whole[1:]) else whole


def _acts(text: str) -> bool:
    """Whether a spreadsheet might run it, behind any number of our own marks."""
    bare = text.lstrip("'")
    # White space and controls are skipped, and wide letters are read as narrow ones.
    first = next((sign for sign in bare if unicodedata.category(sign)[0] not in "ZC"), "")
    narrow = unicodedata.normalize("NFKC", first)[:1]
    return narrow in tuple("=+-@−") or bare[:1] in ("\t", "\r", "\n")
