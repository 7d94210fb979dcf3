"""A delivery as its channel will show it, with what follows it there."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from somos_social.core import tweet_text
from somos_social.core.limits import LIMITS
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Format
from somos_social.core.showing import Shown, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """An asset as it is seen: the addresses of its picture, and of the film or GIF that moves.

    Either is empty where there is none to be shown. `asset` is as it goes out.
    """

    asset: Asset
    picture: str = ""
    moving: str = ""

    @property
    def is_film(self) -> bool:
        return self.asset.kind is Kind.VIDEO

    @property
    def lasts(self) -> str:
        """As players write it: 0:07, 1:15."""
        minutes, seconds = divmod(round(self.asset.seconds), 60)
        return f"{minutes}:{seconds:02}"


Shows = Callable[[Delivery, Asset], Medium]
"""Where the picture of an asset is to be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a channel shows of a delivery; `comment` and `thread` go out below it, once it is."""

    delivery: Delivery
    text: Shown
    media: tuple[Medium, ...]
    cover: Medium | None = None
    comment: "Look | None" = None
    thread: tuple["Look", ...] = ()

    @property
    def platform(self) -> str:
        return self.delivery.platform

    @property
    def network(self) -> str:
        return LIMITS[self.platform].name

    @property
    def handle(self) -> str:
        return self.delivery.channel.partition(":")[2]

    @property
    def is_upright(self) -> bool:
        """Whether it fills a phone held upright."""
        return self.delivery.variant.format in (Format.REEL, Format.STORY)

    @property
    def template(self) -> str:
        return "story" if self.is_upright else self.platform

    @property
    def length(self) -> str:
        """How much of what the network takes the text uses, as the network counts."""
        limits, text = LIMITS[self.platform].text, self.delivery.variant.text
        size = tweet_text.weighted_length(text) if limits.weighted else len(text)
        return f"{size:,}/{limits.length:,}"

    @property
    def holds_a_dead_link(self) -> bool:
        """Whether it names an address that nobody can tap there."""
        text = self.delivery.variant.text
        return self.platform == "instagram" and bool(tweet_text.urls(text))

    @property
    def deliveries(self) -> list[Delivery]:
        """All that it is made of, in the order in which it goes out."""
        below = [*([self.comment] if self.comment else []), *self.thread]
        return [self.delivery, *(each.delivery for each in below)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A file as those are told of it who do not see it, and the networks on which they are."""

    asset: Asset
    networks: tuple[str, ...]


def described(found: Collection[Look]) -> list[Described]:
    """Each file of a post once, with its words; again where a network is told others."""
    told: dict[tuple[str, str], tuple[Asset, dict[str, None]]] = {}
    for look in found:
        for each in (look, *([look.comment] if look.comment else []), *look.thread):
            for medium in (*each.media, *([each.cover] if each.cover else [])):
                asset = medium.asset
                _, networks = told.setdefault((asset.path, asset.alt), (asset, {}))
                networks[look.network] = None
    return [Described(asset=asset, networks=tuple(where)) for asset, where in told.values()]


def looks(found: Collection[Delivery], shows: Shows) -> list[Look]:
    """How the deliveries of one post look, each with what stands below it."""
    return [_look(each, found, shows) for each in found if each.after is None]


def _look(delivery: Delivery, found: Collection[Delivery], shows: Shows) -> Look:
    below = [_one(each, shows) for each in _below(delivery, found)]
    comments = [each for each in below if each.delivery.variant.format is Format.COMMENT]
    return _one(
        delivery,
        shows,
        comment=comments[0] if comments else None,
        thread=tuple(each for each in below if each not in comments),
    )


def _below(delivery: Delivery, found: Collection[Delivery]) -> Iterator[Delivery]:
    for each in found:
        if each.after == delivery.key:
            yield each
            yield from _below(each, found)


def _one(
    delivery: Delivery, shows: Shows, comment: Look | None = None, thread: tuple[Look, ...] = ()
) -> Look:
    variant = delivery.variant
    is_whole = variant.format is Format.COMMENT
    cover = variant.extras.cover
    return Look(
        delivery=delivery,
        text=shown(variant.text, delivery.platform, whole=is_whole),
        media=tuple(shows(delivery, asset) for asset in variant.assets),
        cover=shows(delivery, cover) if cover else None,
        comment=comment,
        thread=thread,
    )
