"""Marks links for web statistics, so that each network and each post can be told apart there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote_plus

from somos_social.core.limits import LIMITS
from somos_social.core.model.post import Variant
from somos_social.core.tweet_text import Span, urls, weighted_length

PLACES = ("network", "channel", "campaign", "post")
"""What may stand in braces in a pattern."""

_SHORTENERS = frozenset({"t.co"})
"""X cuts what follows its own short addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utm:
    """The patterns of the parameters; an empty one is not added."""

    source: str = "{network}"
    medium: str = "social"
    campaign: str = "{campaign}"
    content: str = "{post}"

    def of(self, *, channel: str, campaign: str, post: str) -> dict[str, str]:
        """The parameters, by name, of what a post says on a channel."""
        network = channel.partition(":")[0]
        named = dict(zip(PLACES, (network, channel, campaign, post), strict=True))
        patterns = {"source": self.source, "medium": self.medium}
        patterns |= {"campaign": self.campaign, "content": self.content}
        return {f"utm_{name}": text.format(**named) for name, text in patterns.items() if text}


USUAL = Utm()


def tagged(url: str, parameters: Mapping[str, str]) -> str:
    """The address with these parameters, each unless it names it itself already.

    All that it holds so far stays as it is, to the letter.
    """
    rest, sign, fragment = url.partition("#")
    address, _, query = rest.partition("?")
    known = {unquote_plus(part.partition("=")[0]) for part in query.split("&")}
    new = [f"{name}={quote(parameters[name], safe='')}" for name in parameters if name not in known]
    if not new:
        return url
    if "/" not in address.partition("://")[2] and "/" not in address.replace("://", "", 1):
        address = f"{address}/"
    whole = "&".join([*filter(None, [query.removesuffix("&")]), *new])
    return f"{address}?{whole}{sign}{fragment}"


def without_tags(text: str) -> str:
    """The text as it reads without the parameters that `tagged` adds."""
    for link in reversed(urls(text)):
        rest, sign, fragment = link.url.partition("#")
        address, _, query = rest.partition("?")
        kept = "&".join(part for part in query.split("&") if not part.startswith("utm_"))
        plain = f"{address}{'?' if kept else ''}{kept}{sign}{fragment}"
        text = f"{text[: link.start]}{plain}{text[link.end :]}"
    return text


def with_tags(variant: Variant, platform: str, parameters: Mapping[str, str]) -> Variant:
    """Where nobody sees the address, it has the parameters: in the card, and in X's texts.

    X shows each address as one of its own, of the same length. What others show in a text stays.
    """
    link = variant.link and tagged(variant.link, parameters)
    text = variant.text
    if LIMITS[platform].text.weighted:
        text = _tagged_text(text, parameters)
    return replace(variant, link=link, text=text)


def _tagged_text(text: str, parameters: Mapping[str, str]) -> str:
    marked = text
    for link in reversed(urls(text)):
        if _host(link) not in _SHORTENERS:
            new = tagged(link.url, parameters)
            marked = f"{marked[: link.start]}{new}{marked[link.end :]}"
    # An address that X would not take for one any more is worth less than a number.
    is_same = weighted_length(marked) == weighted_length(text)
    return marked if is_same and len(urls(marked)) == len(urls(text)) else text


def _host(link: Span) -> str:
    return link.url.partition("://")[2].partition("/")[0].casefold()
