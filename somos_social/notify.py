"""Tells a person: the desk where the config says, an influencer by mail. Never says a secret.

A message that surely did not go out raises Untold; whether one that went out is read, nobody knows.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from somos_social.core.alerts import DESK, Audience
from somos_social.errors import SomosError

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""One address and nothing that could be read as two, or as another header."""

_SCHEMES = ("mailto", "mailtos")
_RECIPIENTS = ("to", "cc", "bcc")

# Its warnings name hosts and accounts; what a person must know is in Untold.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class Untold(Exception):
    """The message surely did not go out; why, in words without a secret."""


class NoAddress(Untold):
    """There is no way to write to this person."""


class Notifier(Protocol):
    """Who can be told, and telling them. The two that tell raise Untold."""

    @property
    def is_heard(self) -> bool:
        """Whether anybody at all can be told."""

    @property
    def audiences(self) -> Sequence[Audience]:
        """Those of the desk who can be told, each in a language and of what concerns them."""

    def tell_desk(self, title: str, body: str, audience: Audience = DESK) -> None:
        """All places of the audience get it; one that took it is enough."""

    def tell(self, contact: str, title: str, body: str) -> None:
        """One person gets it by mail; raises NoAddress where that cannot be."""


class Nobody:
    """Where the config names nobody to be told."""

    is_heard = False
    audiences: Sequence[Audience] = ()

    def tell_desk(self, title: str, body: str, audience: Audience = DESK) -> None:  # noqa: ARG002 - the contract's
        raise Untold("The config names nobody to be told under [notify].")

    def tell(self, contact: str, title: str, body: str) -> None:  # noqa: ARG002 - the contract's
        raise NoAddress("The config names no sender under [notify] mail.")


Address = Callable[[], str]
"""Reads an address of apprise anew each time; raises what its secret raises."""


class Apprise:
    """The contract of `Notifier` by apprise's addresses.

    `urls` are those of the audience `desk`, `also` those of any other. Addresses and contacts are
    read anew each time; reading raises what `urls`, `mail` and `contact` raise.
    """

    is_heard = True

    def __init__(
        self,
        *,
        urls: Sequence[Address],
        mail: Address | None,
        contact: Callable[[str], str],
        desk: Audience = DESK,
        also: Mapping[Audience, Sequence[Address]] = MappingProxyType({}),
    ) -> None:
        self._places = {**({desk: urls} if urls else {}), **also}
        self._mail = mail
        self._contact = contact

    @property
    def audiences(self) -> Sequence[Audience]:
        return tuple(self._places)

    def tell_desk(self, title: str, body: str, audience: Audience = DESK) -> None:
        places = self._places.get(audience)
        if not places:
            raise Untold("The config names no address of the desk under [notify] urls.")
        # Each is told, also where one has failed: the next try would tell the others again.
        took, missing = False, None
        for url in places:
            try:
                took |= _send(url(), title, body)
            except SomosError as error:
                missing = error
        if not took:
            raise missing or Untold("No address under [notify] took the message.")

    def tell(self, contact: str, title: str, body: str) -> None:
        if self._mail is None:
            raise NoAddress("The config names no sender under [notify] mail.")
        address = self._contact(contact).strip()
        if not _ADDRESS.fullmatch(address):
            raise NoAddress("The contact is no mail address.")
        if not _send(_mail_to(self._mail(), address), title, body):
            raise Untold("The mail server under [notify] mail did not take the message.")


def _mail_to(sender: str, address: str) -> str:
    """The sender's address of apprise, with one recipient in place of any that it names."""
    parts = urlsplit(sender)
    if parts.scheme not in _SCHEMES:
        raise Untold("[notify] mail leads to no mailto:// address of apprise.")
    # As it was written: what apprise reads out of it is not for us to spell anew.
    kept = [it for it in parts.query.split("&") if it.partition("=")[0].lower() not in _RECIPIENTS]
    query = "&".join([*filter(None, kept), f"to={quote(address, safe='')}"])
    # A path would name recipients, too.
    return urlunsplit((parts.scheme, parts.netloc, "/", query, ""))


def _send(url: str, title: str, body: str) -> bool:
    """Whether it was taken; an address that apprise does not understand takes nothing.

    Each of its services gives up by itself after some seconds.
    """
    import apprise

    asset = apprise.AppriseAsset(
        app_id="somos_social",
        app_desc="somos_social",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        return False
    return bool(service.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))
