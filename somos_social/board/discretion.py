"""What is not for a page: why and to what a person who is seen has said yes or no."""

import re

_OF_A_PERSON = re.compile(r"consent|consinti|guardian|what shows ", re.IGNORECASE)

WITHHELD = "withheld"
"""The key of the words that stand in its place."""


def is_private(reason: str | None) -> bool:
    """Whether a reason, as the log has it, speaks of what somebody has consented to."""
    return bool(reason and _OF_A_PERSON.search(reason))
