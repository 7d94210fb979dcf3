"""How one post becomes what a channel shows: its text with link and hashtag, and its assets."""

import re

from somos_social.core.disclosure import names
from somos_social.core.limits import LIMITS
from somos_social.core.model.asset import Asset
from somos_social.core.model.post import Extras, Format, Variant
from somos_social.core.rules import fits


def composed(
    *,
    platform: str,
    text: str,
    link: str | None,
    assets: tuple[Asset, ...],
    format: Format,
    hashtag: str,
    extras: Extras,
) -> Variant:
    """The variant of a post on a platform, before its rules are looked at.

    A story shows its picture or video alone.

    Facebook shows a link as a card, unless there are assets; elsewhere a link goes into the text,
    on its own line, where it is not in it already. The hashtag comes last, where the text lacks it
    and has room for it.
    """
    if format is Format.STORY:
        return Variant(format=format, assets=assets, extras=extras)
    as_card = platform == "facebook" and not assets
    gap = "\n" if platform == "x" else "\n\n"
    shown = text
    if link and not as_card and not _holds(text, link):
        shown = gap.join(filter(None, (text, link)))
    if hashtag and (shown or link or assets) and not names(shown, hashtag):
        with_hashtag = gap.join(filter(None, (shown, hashtag)))
        if fits(with_hashtag, LIMITS[platform].text):
            shown = with_hashtag
    card = (link or None) if as_card else None
    return Variant(format=format, text=shown, link=card, assets=assets, extras=extras)


def _holds(text: str, link: str) -> bool:
    """Whether the very link is there, and not merely as the beginning of a longer one."""
    return re.search(re.escape(link) + r"(?!\S*\w)", text) is not None
