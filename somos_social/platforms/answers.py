"""What a network answered, read without trust: a value is of its kind, or it is not there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import requests

Answer = dict[str, Any]

MOST_TOLD = 1000
"""Characters of a network's own words that are kept: enough to act on, short enough to read."""

LONGEST_TEXT = 300_000
"""No network shows a text of more characters; one that is longer is none of ours."""

MOST_COUNTED = 10**12
"""Nothing was ever seen more often than that."""

LONGEST_ID = 200
"""Characters of an id: far more than any network gives, and all that a database keeps."""

_LARGEST = 2**63
_ID = re.compile(rf"[A-Za-z0-9_:=~-][A-Za-z0-9_:=~.-]{{0,{LONGEST_ID - 1}}}")
_ADDRESS = re.compile(r"https?://[!-~]{1,4000}")
_UNTELLABLE = re.compile("[\0\ud800-\udfff]")


def read(response: requests.Response) -> Any:
    """The JSON of an answer; raises ValueError for all else, however deep or long it is."""
    try:
        return response.json()
    except RecursionError:
        raise ValueError("nested too deeply") from None


def inner(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an answer; empty where there is none."""
    value = answer.get(name)
    return value if isinstance(value, dict) else {}


def items(answer: Mapping[str, Any], name: str) -> Iterator[Answer]:
    """The objects of a list inside an answer; none where there is no list."""
    value = answer.get(name)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def text(answer: Mapping[str, Any], name: str) -> str:
    """A text inside an answer; empty where there is none."""
    value = answer.get(name)
    return value if isinstance(value, str) and len(value) <= LONGEST_TEXT else ""


def whole(value: Any) -> int | None:
    """A number that is given as a number or as text; None where there is none to read."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if -_LARGEST <= number < _LARGEST else None


def counted(value: Any) -> int | None:
    """What a network has counted; None for what is no count, or is more than anybody's."""
    number = whole(value)
    return number if number is not None and 0 <= number <= MOST_COUNTED else None


def identifier(value: Any) -> str | None:
    """An id that can be stored, shown and asked for; None for all else.

    It becomes part of addresses: no `/`, `?` or `..` may lead a later call to somewhere else.
    """
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return written if _ID.fullmatch(written) else None


def address(value: Any) -> str | None:
    """An address of the web as networks write theirs; None for all else."""
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else None


def tellable(words: str) -> str:
    """A network's own words, fit to be stored and told: no endless text, no half characters."""
    kept = words if len(words) <= MOST_TOLD else f"{words[:MOST_TOLD]}…"
    return _UNTELLABLE.sub("\ufffd", kept)
