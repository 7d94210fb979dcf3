"""What can be seen at an address that somebody else has posted to."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All the `text` that a look found, `how` it looked, and the `author` where that is told.

    `is_labelled` says that the network itself marks it as paid. What is not in the text of a look
    that is not `is_whole` may be there all the same.
    """

    text: str
    how: str
    author: str = ""
    is_labelled: bool = False
    is_whole: bool = True


class Unseen(Exception):
    """It cannot be looked at from here; why, in a sentence. It may be there all the same."""


class Gone(Exception):
    """The network says that nothing is there."""


class Looker(Protocol):
    """Looks at what is public, and changes nothing."""

    def look(self, url: str) -> Seen:
        """Raises Unseen and Gone."""


class Blind:
    """Where nothing is to be looked at."""

    def look(self, url: str) -> Seen:  # noqa: ARG002 - the contract's
        raise Unseen("Nothing can be looked at from here.")
