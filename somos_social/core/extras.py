"""Which network takes which extras of a post, in which format; every entry names its source.

Sources: the tables of `core.limits`, and [ig] "IG User Media" of developers.facebook.com, [pages]
its "Page Feed", "Page Videos", "Page Video Reels" and "Video Thumbnails" references and
facebook-business 26.0.3, [x-api] the schema of POST /2/tweets.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields

from somos_social.core.limits import ExtrasLimits
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Extras, Format, Variant

DISCLOSURES = frozenset({"paid_partnership", "made_with_ai"})
"""What readers are owed: a network that cannot tell them gets no such post without a word."""

_INSTAGRAM = frozenset({"location", "collaborators", "tags"}) | DISCLOSURES

TAKEN: Mapping[tuple[str, Format], frozenset[str]] = {
    ("facebook", Format.FEED): frozenset({"location"}),  # [pages] place
    ("facebook", Format.REEL): frozenset({"location", "made_with_ai", "cover"}),  # [pages]
    ("instagram", Format.FEED): _INSTAGRAM | {"cover"},  # [ig]; a video alone is a reel there
    ("instagram", Format.REEL): _INSTAGRAM | {"cover", "share_to_feed"},  # [ig]
    ("instagram", Format.STORY): frozenset({"tags"}) | DISCLOSURES,  # [ig] since 9 July 2025
    ("x", Format.FEED): frozenset({"replies"}) | DISCLOSURES,  # [x-api]
}
"""By network and format; where nothing stands, no extras are taken."""

TAKEN_WITH_A_VIDEO: Mapping[tuple[str, Format], frozenset[str]] = {
    ("facebook", Format.FEED): frozenset({"made_with_ai", "cover"}),  # [pages]
    ("facebook", Format.STORY): frozenset({"made_with_ai"}),  # [pages]
}
"""Of a post with a video, where that takes others."""


def takes(platform: str, format: Format, assets: Collection[Asset]) -> frozenset[str]:
    """The names of the extras that the network takes with these assets."""
    known = TAKEN.get((platform, format), frozenset())
    if any(asset.kind is Kind.VIDEO for asset in assets):
        return TAKEN_WITH_A_VIDEO.get((platform, format), known)
    return known


def taken(extras: Extras, names: Collection[str]) -> Extras:
    """What of these extras has one of these names."""
    return Extras(**{name: getattr(extras, name) for name in names})


def said(extras: Extras) -> list[str]:
    """The names of those that say anything."""
    usual = Extras()
    names = [each.name for each in fields(Extras)]
    return [name for name in names if getattr(extras, name) != getattr(usual, name)]


Finding = tuple[str, str, str]
"""The name of an extra, what is wrong with it, and what to do."""


def problems_of_extras(variant: Variant, limits: ExtrasLimits | None) -> Iterator[Finding]:
    """Everything that a network which takes these extras would refuse about them."""
    extras = variant.extras
    if limits and (number := len(extras.collaborators)) > limits.collaborators:
        yield "collaborators", f"are {number}; it takes {limits.collaborators}.", "Leave some out."
    yield from _of_tags(variant, limits)
    if extras.cover and not any(asset.kind is Kind.VIDEO for asset in variant.assets):
        yield "cover", "stands for no video.", "Name a video, or delete the cover."
    if extras.cover and extras.cover.rendition.mime != "image/jpeg":
        yield "cover", "is no JPEG.", "Save it as a JPEG, and name that."


def _of_tags(variant: Variant, limits: ExtrasLimits | None) -> Iterator[Finding]:
    tags = variant.extras.tags
    for place, asset in enumerate(variant.assets):
        here = [tag for tag in tags if tag.place == place]
        if limits and len(here) > limits.tags:
            yield (
                "tags",
                f"are {len(here)} on one asset; it takes {limits.tags}.",
                "Leave some out.",
            )
        lacking = [tag.user for tag in here if tag.x is None or tag.y is None]
        if lacking and asset.kind is Kind.IMAGE and variant.format is not Format.STORY:
            where = f"say not where on the picture {', '.join(lacking)} stands."
            yield "tags", where, "Give each an x and a y from 0 (left, top) to 1."
    if any(tag.place >= len(variant.assets) for tag in tags):
        yield "tags", "speak of an asset that is not there.", "Count the assets from 1."
