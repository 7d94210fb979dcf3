"""The goals of a campaign file, read from what of it can be read: no media is looked at."""

from pathlib import Path
from typing import Any

from somos_social.document import Report, read_toml


def goals_of(path: Path) -> dict[str, str] | None:
    """By the key of each post that names one; None where the file cannot be read at all."""
    try:
        raw = read_toml(path, Report(str(path)))
    except OSError:
        return None
    if raw is None:
        return None
    posts = raw.get("post")
    found = (_goal(post) for post in (posts if isinstance(posts, list) else ()))
    return dict(pair for pair in found if pair)


def _goal(post: Any) -> tuple[str, str] | None:
    if not isinstance(post, dict):
        return None
    key, goal = post.get("key"), post.get("goal")
    return (key, goal) if isinstance(key, str) and isinstance(goal, str) else None
