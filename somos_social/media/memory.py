"""Bounds what one file may ask of the machine while it is measured."""

from collections.abc import Iterator
from contextlib import contextmanager

MOST_MEMORY = 2 * 1024**3
"""Bytes; no honest file needs as many to be measured, a forged index asks for all there are."""


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Within, asking for more than `MOST_MEMORY` fails; Windows does not know such a bound."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = MOST_MEMORY if soft == resource.RLIM_INFINITY else min(soft, MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
