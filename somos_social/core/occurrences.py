"""The names of the times at which a repeated post goes out: `historia-carmen~2026-12-08`."""

SIGN = "~"
"""Stands between a post and its day; no key that people write holds it."""


def occurrence_key(post: str, day: str) -> str:
    """The key of what a repeated post says on a day of its rule, such as "2026-12-08"."""
    return f"{post}{SIGN}{day}"


def parts_of(key: str) -> tuple[str, str]:
    """The post as it stands in its file, and the day of its rule; no day for one not repeated."""
    post, _, day = key.partition(SIGN)
    return post, day


def is_of(key: str, post: str) -> bool:
    """Whether the key is that of the post, or of one of its days."""
    return post in (key, parts_of(key)[0])
