"""What Instagram needs besides bytes: an address from which it fetches a picture by itself."""

from dataclasses import dataclass
from typing import Protocol

from somos_social.core.model.asset import Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture that can be fetched now; `mark` says what to hide, empty where nothing is to be."""

    address: str
    mark: str = ""


class Pictures(Protocol):
    """A place from which pictures are fetched. Safe to share by threads."""

    def show(self, picture: Asset) -> Shown:
        """Let it be fetched, for a day at least.

        Raises Unfulfilled with Blocked where a person must see to it, with another event where it
        may go better later, and InvalidFiles where a secret is missing.
        """

    def hide(self, mark: str) -> None:
        """End what `show` began. Raises nothing: what cannot be hidden now is swept up later."""

    def look(self, picture: Asset) -> None:
        """Raises InvalidFiles, with what to do, where Instagram could not fetch this picture."""

    def sweep(self) -> None:
        """End what nobody can need any more, such as what a killed worker left. Raises nothing."""
