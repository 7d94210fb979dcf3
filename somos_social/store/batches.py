"""Databases bound the values of one statement: many are asked for some at a time."""

from collections.abc import Iterator, Sequence

AT_ONCE = 500


def batches(values: Sequence[str], size: int = AT_ONCE) -> Iterator[Sequence[str]]:
    """All the values in their order, up to `size` of them together."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
