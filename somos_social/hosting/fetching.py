"""Fetches a picture as Instagram would, and says what keeps it from being the one we mean."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from somos_social.core.model.asset import Asset
from somos_social.document import Unfit

if TYPE_CHECKING:
    from requests import Response

_REACH = "Instagram fetches it from the internet, without a name or a password: open it to all."
_SAME = "Let the web server read that very folder, or copy it there before scheduling."


def fetch(
    address: str, root: Path, picture: Asset, *, timeout: timedelta, rebase: Mapping[str, str]
) -> None:
    """Returns within `timeout` where the picture can be fetched; else raises Unfit."""
    if not _is_safe(address, rebase):
        raise Unfit("is not read over https.", "Write it with https://; any other way is open.")
    # Whoever fetches nothing need not wait for the libraries that could.
    from requests import RequestException

    from somos_social.platforms.transport import open_session, translate

    try:
        answer = open_session(timeout=timeout, rebase=rebase).get(address)
    except RequestException as error:
        event = translate(error, to="It")
    else:
        _must_be(answer, root, picture)
        return
    raise Unfit(f"cannot be fetched. {event.reason}", _REACH)


def _must_be(answer: "Response", root: Path, picture: Asset) -> None:
    if answer.is_redirect:
        # Instagram says of no redirect that it follows it.
        where = urlsplit(answer.headers["Location"]).netloc or "a page of its own"
        raise Unfit(f"leads on to {where}, as a login page would.", _REACH)
    if answer.status_code != 200:
        raise Unfit(f"is answered with {answer.status_code}, not with the picture.", _REACH)
    mime = answer.headers.get("Content-Type", "no type").partition(";")[0].strip().lower()
    if mime != picture.mime:
        named = f"A web server goes by the file's ending: is it one of {picture.mime}? {_REACH}"
        raise Unfit(f"is answered as {mime[:60]}, but must be {picture.mime}.", named)
    try:
        own = (root / picture.path).read_bytes()
    except OSError as error:
        raise Unfit(f"cannot be compared with {picture.path}: {error.strerror}.") from None
    if answer.content != own:
        raise Unfit(f"is another picture than {picture.path} in the media folder.", _SAME)


def _is_safe(address: str, rebase: Mapping[str, str]) -> bool:
    """Over https, or on this machine: a rehearsal, a sandbox."""
    parts = urlsplit(address)
    if parts.scheme == "https" or f"{parts.scheme}://{parts.netloc}" in rebase:
        return True
    try:
        return parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
