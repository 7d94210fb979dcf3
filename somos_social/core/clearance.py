"""Whether people let a delivery go out now, and if not, everything that is still missing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from somos_social.core.model.asset import Asset
from somos_social.core.model.delivery import Delivery
from somos_social.core.people import FACE, Approval, Consent, Likeness, Said, one_name


def obstacles(delivery: Delivery, said: Said, now: datetime) -> list[str]:
    """What keeps the delivery back, each in a sentence of its own; empty when it may go out."""
    return [*_pauses(delivery, said, now), *missing(delivery, said, now)]


def missing(delivery: Delivery, said: Said, now: datetime) -> list[str]:
    """Whose yes is missing: the organisations', and that of everyone who is seen in it."""
    return [*_approvals(delivery, said), *_consents(delivery, said, now)]


def _pauses(delivery: Delivery, said: Said, now: datetime) -> Iterator[str]:
    for pause in said.pauses:
        if pause.since <= now and pause.covers(delivery):
            yield f"paused ({pause.of}): {pause.reason}"


def _approvals(delivery: Delivery, said: Said) -> Iterator[str]:
    given = {a.organisation: a for a in _given(delivery, said)}
    for organisation, before in unapproved(delivery, said).items():
        if organisation in given:
            yield (
                f"{organisation} has not approved it by a person of its own: "
                f"{given[organisation].person} said yes for another organisation, too"
            )
            continue
        since = " since it was changed" if before else ""
        yield f"{organisation} has not approved it{since}"


def unapproved(delivery: Delivery, said: Said) -> dict[str, bool]:
    """The organisations whose yes is missing, and whether each had said yes before an edit.

    Of one person, whatever organisations they spoke for, the first yes counts, and no other.
    """
    counted = {one_name(a.person): a.organisation for a in reversed(_given(delivery, said))}
    ever = {a.organisation for a in said.approvals if a.delivery == delivery.key}
    now = {a.organisation for a in _given(delivery, said)}
    return {
        organisation: organisation in ever - now
        for organisation in said.required.get(delivery.campaign, ())
        if organisation not in counted.values()
    }


def _given(delivery: Delivery, said: Said) -> list[Approval]:
    """Every yes to the delivery as it stands that is asked for, the first given first."""
    asked = said.required.get(delivery.campaign, ())
    given = [
        a
        for a in said.approvals
        if a.organisation in asked and a.covers(delivery, binds_time=said.binds_time)
    ]
    return sorted(given, key=lambda a: (a.at, a.organisation))


def unconsenting(delivery: Delivery, said: Said, now: datetime) -> list[str]:
    """Those who are seen in it and whose consent does not allow that, by what stands for them.

    For pages on which nobody is to read what a person has consented to, and what not.
    """
    named = (
        person
        for asset in delivery.variant.files
        for person in asset.people
        if _lack(person, asset, said.consents.get(person), delivery.channel, now)
    )
    return list(dict.fromkeys([*named, *(it.person for it in _unnamed(delivery, said))]))


def _consents(delivery: Delivery, said: Said, now: datetime) -> Iterator[str]:
    yield from lacking(delivery.variant.files, said.consents, delivery.channel, now)
    for likeness in _unnamed(delivery, said):
        yield (
            f"{likeness.person} has withdrawn consent, and is in a file of the same bytes as "
            f"{likeness.path or 'a draft'}"
        )


def _unnamed(delivery: Delivery, said: Said) -> list[Likeness]:
    """Those who have withdrawn and are in it, although it does not name them; each once."""
    found = {
        likeness.person: likeness
        for asset in delivery.variant.files
        for likeness in said.likenesses
        if likeness.is_in(asset) and likeness.person not in asset.people
    }
    return list(found.values())


def lacking(
    assets: tuple[Asset, ...], consents: Mapping[str, Consent], channel: str, now: datetime
) -> list[str]:
    """Whose consent does not allow these assets to be seen on the channel, and why."""
    found = (
        _lack(person, asset, consents.get(person), channel, now)
        for asset in assets
        for person in asset.people
    )
    return list(dict.fromkeys(why for why in found if why))


def _lack(
    person: str, asset: Asset, consent: Consent | None, channel: str, now: datetime
) -> str | None:
    if consent is None:
        return f"{person} has not consented to it"
    if consent.withdrawn_at is not None:
        return f"{person} has withdrawn consent"
    if consent.until is not None and consent.until <= now:
        return f"the consent of {person} ended on {consent.until:%Y-%m-%d}"
    if not consent.reaches(channel):
        return f"the consent of {person} is not for {channel}"
    if person in asset.minors and not consent.guardian:
        return f"{person} is a minor, and no guardian has signed"
    beyond = [shown for shown in asset.shows or (FACE,) if not consent.covers(shown)]
    if beyond:
        return f"the consent of {person} does not cover the {' and the '.join(beyond)}"
    return None


def kept_back(reasons: Sequence[str]) -> str:
    """One sentence, whether the last of the reasons ends as one or not."""
    return f"People keep it back: {'; '.join(reasons)}".removesuffix(".") + "."
