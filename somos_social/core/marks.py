"""Letters under heaps of marks: Unicode allows them, and putting them in order takes for ever."""

import re
import unicodedata

MOST_MARKS = 30
"""On one letter; no script needs more (Unicode Standard Annex 15, "Stream-Safe Text Format")."""

_CANDIDATES = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1},}}")


def is_heaped(text: str) -> bool:
    """Whether a letter bears more marks than any script needs."""
    for run in _CANDIDATES.finditer(text):
        marks = 0
        for character in run[0]:
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > MOST_MARKS:
                return True
    return False


def composed(text: str) -> str:
    """The text in the composed form (NFC); as it is where that would take for ever."""
    return text if is_heaped(text) else unicodedata.normalize("NFC", text)
