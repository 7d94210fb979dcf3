"""The addresses under which a browser shows what a Page has published."""

import re
from urllib.parse import parse_qs, urlsplit

_NUMBER = re.compile(r"\d{1,25}")
_WHOLE = re.compile(r"\d{1,25}_\d{1,25}")
_VIDEO = re.compile(r"/(?:reel|videos)/(\d{1,25})(?:/|$)")
_POST = re.compile(r"/posts/(?:[^/]+/)?(\d{1,25})(?:/|$)")


def number_in(address: str, page: str) -> str | None:
    """The id of the post, video or reel of `page` that the address itself names, if it does."""
    parts = urlsplit(address)
    last = parts.path.rstrip("/").rpartition("/")[2]
    if _WHOLE.fullmatch(last):
        return last
    if found := _VIDEO.search(parts.path):
        return found[1]
    if found := _POST.search(parts.path):
        return f"{page}_{found[1]}"
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    story, owner = asked.get("story_fbid", ""), asked.get("id", "")
    if _NUMBER.fullmatch(story) and _NUMBER.fullmatch(owner):
        return f"{owner}_{story}"
    return None


def is_same_address(one: str, other: str) -> bool:
    """Whether both lead to the same post, whichever of Facebook's hosts stands in front."""
    return bool(one) and _essence(one) == _essence(other)


def _essence(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return parts.path.rstrip("/"), asked.get("story_fbid", ""), asked.get("id", "")
