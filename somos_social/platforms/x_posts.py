"""How a post read back from X is told to be ours: by its media, else by the text as it was sent."""

import html
import re
from collections.abc import Collection
from typing import Any

from somos_social.core.marks import composed
from somos_social.core.model.delivery import Delivery
from somos_social.platforms.answers import identifier, inner, items, text
from somos_social.platforms.evidence import moment, plain, since

POST_FIELDS = ["created_at", "attachments", "entities", "referenced_tweets", "note_tweet"]
MEDIA_FIELDS = ["media_key", "type", "alt_text"]
EXPANSIONS = ["attachments.media_keys"]

_MEDIA_LINK = re.compile(r"/(?:photo|video)/\d+$")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_SHORT = re.compile(r"https?://[!-~]{5,100}")
"""An address as X shortens it. Less than that stands in a text too often to be replaced."""
_SLASH = re.compile(r"/(?=\s|$)")

Post = dict[str, Any]


def is_ours(post: Post, delivery: Delivery, media_ids: Collection[str]) -> bool | None:
    """Whether `post` is what the delivery left; None where nothing tells it from another one."""
    made = moment(post.get("created_at"))
    if made is not None and made < since(delivery):
        return False
    if delivery.parent_id and not _answers(post, delivery.parent_id):
        return False
    shown = _media_ids(post)
    if shown.intersection(media_ids):
        return True
    # Of what is suspect, the media may have been sent anew since.
    others = media_ids and shown and not delivery.suspect
    if others or _as_sent(post) != _bare(delivery.variant.text):
        return False
    return True if delivery.variant.text.strip() else None


def _answers(post: Post, parent_id: str) -> bool:
    """Whether it is a reply to the parent, as far as the post tells."""
    referenced = post.get("referenced_tweets")
    if not isinstance(referenced, list):
        return True
    return any(
        it.get("type") == "replied_to" and it.get("id") == parent_id
        for it in referenced
        if isinstance(it, dict)
    )


def _media_ids(post: Post) -> set[str]:
    """Media keys are a number for the kind, "_", and the media id of the upload."""
    keys = inner(post, "attachments").get("media_keys")
    known = map(identifier, keys) if isinstance(keys, list) else ()
    return {key.partition("_")[2] for key in known if key is not None}


def _as_sent(post: Post) -> str:
    """The text before X shortened its links, escaped it and added a link to its media."""
    note = inner(post, "note_tweet")
    whole = note if text(note, "text") else post
    shown = html.unescape(text(whole, "text"))
    for link in items(inner(whole, "entities"), "urls"):
        short, real = text(link, "url"), text(link, "expanded_url")
        is_media = "media_key" in link or _MEDIA_LINK.search(real)
        if _SHORT.fullmatch(short):
            shown = shown.replace(short, "" if is_media else real)
    return _bare(shown)


def _bare(text: str) -> str:
    """For comparing: X adds a scheme to a bare domain and a slash to a bare host."""
    return plain(_SLASH.sub("", _SCHEME.sub("", composed(text))))
