"""What a person saw on a channel, as the network itself knows it: its address leads to its id."""

import re
from urllib.parse import urlsplit

from somos_social.core.model.delivery import Delivery, Receipt, Status
from somos_social.errors import NotAllowed, SomosError, UsageError
from somos_social.flows import App
from somos_social.flows.by_hand import known, settle
from somos_social.platforms import Unfulfilled

_ID = re.compile(r"[A-Za-z0-9_:.-]{1,200}")


def settle_as_seen(app: App, key: str, seen: str) -> Delivery:
    """It is public under this address, or this id. Raises UsageError, NotAllowed."""
    delivery = known(app, key)
    receipt = _receipt(app, delivery, seen.strip())
    if app.store.is_anothers(delivery, receipt.remote_id):
        raise NotAllowed(
            f"That is another post of {delivery.channel}, of which the log knows already. Look for "
            f"the one of {key}, or say --not-published."
        )
    return settle(app, key, receipt)


def _receipt(app: App, delivery: Delivery, seen: str) -> Receipt:
    if _ID.fullmatch(seen):
        return Receipt(remote_id=seen, url=None)
    parts = urlsplit(seen)
    last = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc
    is_whole = parts.scheme in ("http", "https") and parts.netloc and seen.isprintable()
    if not is_whole or " " in seen or not _ID.fullmatch(last):
        raise UsageError("Give the post's address as the browser shows it, or its id.")
    found, why = _recognised(app, delivery, seen)
    if found is not None:
        return found
    if _is_followed(app, delivery):
        raise NotAllowed(
            f"What follows {delivery.key} needs the post's id, and {why} Copy the address from the "
            "post itself, on its date, or give its id instead: --published ID."
        )
    return Receipt(remote_id=last, url=seen)


def _recognised(app: App, delivery: Delivery, address: str) -> tuple[Receipt | None, str]:
    """The post at this address, or why there is none."""
    try:
        found = app.platform(delivery.channel).recognise(delivery, address)
    except (Unfulfilled, SomosError) as error:
        return None, f"the network could not be asked: {error}"
    return found, "the network lists no post at this address."


def _is_followed(app: App, delivery: Delivery) -> bool:
    return any(
        each.after == delivery.key and each.status is Status.SCHEDULED
        for each in app.store.of_campaign(delivery.campaign).values()
    )
