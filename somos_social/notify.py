"""Tells a person: the desk where the config says, an influencer by mail. Never says a secret.

A message that surely did not go out raises Untold; whether one that went out is read, nobody knows.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from somos_social.core.alerts import DESK, Audience
from somos_social.errors import InvalidFiles, SomosError

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""One address and nothing that could be read as two, or as another header."""

_SCHEMES = ("mailto", "mailtos")
_RECIPIENTS = ("to", "cc", "bcc")

# Its warnings name hosts and accounts; what a person must know is in Untold.
logging.getLogger("apprise").setLevel(logging.CRITICAL)
# What it writes of each call holds the whole address, and so the secret in it.
logging.getLogger("urllib3.connectionpool").addFilter(lambda it: it.levelno >= logging.ERROR)


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
    alone = _without_recipients(sender)
    joint = "&" if urlsplit(alone).query else "?"
    return f"{alone}{joint}to={quote(address, safe='')}"


def _without_recipients(sender: str) -> str:
    """Who then gets what it sends is the sender itself."""
    parts = urlsplit(sender)
    if parts.scheme not in _SCHEMES:
        raise Untold("[notify] mail leads to no mailto:// address of apprise.")
    # As it was written: what apprise reads out of it is not for us to spell anew.
    kept = [it for it in parts.query.split("&") if it.partition("=")[0].lower() not in _RECIPIENTS]
    # A path would name recipients, too.
    return urlunsplit((parts.scheme, parts.netloc, "/", "&".join(filter(None, kept)), ""))


def try_out(read: Address, title: str, body: str) -> str | None:
    """Why an address did not take the message, in words that hold nothing of it; None if it did."""
    try:
        url = read()
    except InvalidFiles as error:
        return " ".join(f"It {it.problem} {it.hint}".strip() for it in error.problems)
    with _overheard() as said:
        try:
            if _send(url, title, body):
                return None
        except Exception as error:  # noqa: BLE001 - each service fails in its own way
            return f"It is not known whether it arrived ({type(error).__name__})."
    return _why(said) if _is_known(url) else "It is no address that apprise understands."


def try_out_sender(read: Address, title: str, body: str) -> str | None:
    """Likewise for the sender of mail, who gets the message itself."""

    def to_itself() -> str:
        return _without_recipients(read())

    try:
        return try_out(to_itself, title, body)
    except Untold as untold:
        return str(untold)


_STATUS = re.compile(r"\berror=(\d{3})\b")
_UNREACHED = re.compile(r"connection error|socket|timed? ?out", re.IGNORECASE)


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What apprise says meanwhile, and what nobody else is to read."""
    said: list[str] = []
    ear = logging.Handler()
    ear.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("apprise")
    level, spreads = logger.level, logger.propagate
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)
        logger.setLevel(level)
        logger.propagate = spreads


def _why(said: Sequence[str]) -> str:
    """Of what apprise said only what can hold no address: a number, or that nobody answered."""
    for each in said:
        if status := _STATUS.search(each):
            return f"It answered with {status[1]}."
    if any(_UNREACHED.search(each) for each in said):
        return "It could not be reached."
    return "It did not take the message."


def _is_known(url: str) -> bool:
    import apprise

    return apprise.Apprise().add(url)


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
