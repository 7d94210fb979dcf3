"""What people keep back, and what only people can do, in the words of `somos status`."""

import shlex
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, repeat

from somos_social.cli import rendering
from somos_social.core.model.delivery import Delivery
from somos_social.core.people import ChangeRequest, Pause
from somos_social.flows.withdrawal import Still
from somos_social.store.requests import Request

FEW = 3
"""So many keys are named of those that wait for the same word."""


def tell_of_pauses(pauses: Sequence[Pause]) -> None:
    """What is kept back, since when, why, and how it ends."""
    for pause in pauses:
        rendering.heading(pause.of, "paused" if pause.until is None else "blackout")
        rendering.facts(
            [
                ("Since" if pause.until is None else "From", rendering.local_time(pause.since)),
                ("Until", rendering.local_time(pause.until) if pause.until else None),
                ("Why", pause.reason),
                ("By", pause.by or None),
                ("To go on", way_back(pause) if pause.until is None else None),
            ]
        )
        rendering.say("")


def way_back(pause: Pause) -> str:
    """The command that ends it."""
    parts = {"channel": pause.channel, "campaign": pause.campaign, "person": pause.person}
    named = [f"--{name} {shlex.quote(value)}" for name, value in parts.items() if value]
    return " ".join(["somos resume", *named])


def tell_of_withdrawn(seen: Sequence[Still]) -> None:
    """What may be public of those who took their word back, and how it is taken down."""
    for still in seen:
        rendering.heading(still.subject, f"{still.status}, against the word of {still.person}")
        again = f"somos consent withdraw {shlex.quote(still.person)} --reason '...'"
        rendering.facts(
            [
                ("Where", still.url),
                ("By itself", "somos run takes it down, or looks for it first"),
                ("At once", again),
            ]
        )
        rendering.say("")


def tell_of_requests(requests: Sequence[Request]) -> None:
    """What is to be taken down by hand."""
    for request in requests:
        rendering.heading(request.subject, "to be taken down")
        rendering.facts(
            [
                ("Since", rendering.local_time(request.opened_at)),
                ("Why", request.reason),
                ("Where", request.url),
                ("Once it is gone", f"somos consent close {request.number} --gone"),
                ("If it is refused", f"somos consent close {request.number} --refused"),
            ]
        )
        rendering.say("")


def tell_of_wishes(wishes: Sequence[tuple[Delivery, ChangeRequest]]) -> None:
    """What organisations want changed, each wish once for all that it is about."""
    about: dict[tuple[str, str, str], list[Delivery]] = defaultdict(list)
    for delivery, wish in wishes:
        said = (wish.organisation, f"{wish.organisation}:{wish.person}", wish.comment)
        about[said].append(delivery)
    for (organisation, person, comment), found in about.items():
        first = found[0]
        rendering.heading(f"{first.campaign}/{first.post}", "changes wanted")
        rendering.facts(
            [
                ("Due", rendering.local_time(first.due_at)),
                *zip(chain(["Said"], repeat("")), comment.split("\n"), strict=False),
                ("By", person),
                ("About", ", ".join(dict.fromkeys(each.channel for each in found))),
                ("The way", f"edit campaigns/{first.campaign}.toml, then `somos schedule`"),
                ("Or, as it is", _way(f"{organisation} has not approved", first)),
            ]
        )
        rendering.say("")


def tell_of_missing(waits: Sequence[tuple[Delivery, Sequence[str]]]) -> None:
    """Whose yes is missing for what is due within a day, all that lack the same together."""
    lacking: dict[str, list[Delivery]] = defaultdict(list)
    for delivery, whose in waits:
        for why in whose:
            lacking[why].append(delivery)
    for why, kept in lacking.items():
        rendering.heading(f"{why[0].upper()}{why[1:]}", "waits")
        named = ", ".join(delivery.key for delivery in kept[:FEW])
        more = f" and {len(kept) - FEW:,} more" if len(kept) > FEW else ""
        rendering.facts(
            [
                ("First due", rendering.local_time(kept[0].due_at)),
                ("Waiting for it", f"{named}{more}"),
                ("The way", _way(why, kept[0])),
            ]
        )
        rendering.say("")


def _way(why: str, first: Delivery) -> str:
    if "approved" in why:
        organisation = why.partition(" has not")[0]
        return f"somos approve {first.campaign} --as {shlex.quote(organisation)}:NAME"
    return "somos consent grant PERSON --form FILE --scope ... --channels ..."
