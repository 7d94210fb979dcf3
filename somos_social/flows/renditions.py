"""Makes what is to go out fit for its network: all at once when scheduled, else just in time."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from somos_social import media
from somos_social.core.campaign import deliveries
from somos_social.core.events import Blocked
from somos_social.core.model.asset import Asset
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Policy
from somos_social.core.model.post import Variant
from somos_social.errors import InvalidFiles, Problem
from somos_social.flows import App
from somos_social.platforms import HandBack, Unfulfilled

if TYPE_CHECKING:
    from pathlib import Path


def needed(variants: Iterable[Variant]) -> list[Asset]:
    """The assets of which renditions go out, one for each rendition."""
    fits = {media.path_of(asset): asset for variant in variants for asset in variant.files}
    return [asset for asset in fits.values() if asset.fit]


def variants_of(campaign: Campaign) -> Iterable[Variant]:
    """What each channel shows of a campaign."""
    return (delivery.variant for delivery in deliveries(campaign, Policy()))


def make(root: "Path", assets: Iterable[Asset], progress: media.Progress) -> list[Asset]:
    """Those of the renditions that were not there and are now.

    All that can be made are; then raises InvalidFiles with what is wrong with the others.
    """
    made: list[Asset] = []
    problems: list[Problem] = []
    for asset in assets:
        if not media.is_made(root, asset):
            try:
                made.append(media.rendition(root, asset, progress))
            except InvalidFiles as invalid:
                problems += invalid.problems
    if problems:
        raise InvalidFiles(list(dict.fromkeys(problems)))
    return made


def as_it_goes_out(app: App, delivery: Delivery) -> Delivery:
    """The delivery with renditions for assets, as a platform is to see it.

    Raises HandBack when the program is told to stop, InvalidFiles, and Unfulfilled with Blocked
    where making takes longer than the delivery can wait.
    """

    def go_on(path: str, _done: int, _all: int) -> None:
        if app.stopping():
            raise HandBack
        if app.now() > delivery.expires_at:
            reason = f"{path} takes too long to be made fit. Run `somos media fit`, then retry."
            raise Unfulfilled(Blocked(reason))

    variant, cover = delivery.variant, delivery.variant.extras.cover
    if not any(asset.fit for asset in variant.files):
        return delivery
    made = tuple(media.rendition(app.media_root, asset, go_on) for asset in variant.assets)
    in_front = cover and media.rendition(app.media_root, cover, go_on)
    extras = replace(variant.extras, cover=in_front)
    return replace(delivery, variant=replace(variant, assets=made, extras=extras))
