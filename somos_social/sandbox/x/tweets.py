"""Making and deleting posts on X, with the refusals of 2026."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

from somos_social.sandbox import links
from somos_social.sandbox.world import PublicPost
from somos_social.sandbox.x.calls import XCall
from somos_social.sandbox.x.objects import Tweet, XMedia
from somos_social.sandbox.x.problems import PREFIX, XError, forbidden, invalid, not_found, problem
from somos_social.sandbox.x.text import LONGEST, shortened, weight

DUPLICATE_WINDOW = timedelta(hours=24)
"""Our choice within what is reported, some hours to a day."""
ID = re.compile(r"[0-9]{1,19}")
TYPES: dict[str, type] = {
    "text": str,
    "media": dict,
    "reply": dict,
    "reply_settings": str,
    "made_with_ai": bool,
    "paid_partnership": bool,
}
"""The properties that this stand-in carries out."""
OTHERS = {
    "card_uri", "community_id", "direct_message_deep_link", "edit_options",
    "for_super_followers_only", "geo", "nullcast", "poll", "quote_tweet_id", "share_with_followers",
}  # fmt: skip
CASHTAG, CASHTAGS = re.compile(r"(?<!\S)\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?!\w)", re.IGNORECASE), 1
"""Self-serve accounts may use one; X's wording of the refusal is not known."""
REPLY_SETTINGS = {"following", "mentionedUsers", "subscribers", "verified"}


async def create(call: XCall) -> tuple[int, dict[str, Any]]:
    """POST /2/tweets."""
    body = await call.json_object()
    _check_types("", body, TYPES)
    text = body.get("text", "")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise invalid("$.text: must be valid Unicode")
    media = _media(call, body["media"], text) if "media" in body else []
    if body.get("reply_settings", "following") not in REPLY_SETTINGS:
        raise invalid(f"reply_settings must be one of {sorted(REPLY_SETTINGS)}")
    if not text.strip() and not media:
        raise invalid("Your post needs text or media.")
    if weight(text) > LONGEST:
        raise XError(
            problem(
                400,
                "Invalid Request",
                "Your Tweet text is too long. For more information on how Twitter determines text "
                "length see https://github.com/twitter/twitter-text.",
            )
        )
    if len(CASHTAG.findall(text)) > CASHTAGS:
        raise forbidden("Your post has more cashtags than this account may use: 1.")
    parent = _parent(call, body["reply"]) if "reply" in body else None
    _refuse_duplicate(call, text)
    tweet = _publish(call, text, media, parent, body.get("reply_settings", "everyone"))
    tweet.paid_partnership = body.get("paid_partnership", False)
    post_id = tweet.post.id
    data = {
        "id": post_id,
        "text": shortened(text, post_id),
        "edit_history_tweet_ids": [post_id],
    }
    return 201, {"data": data}


def _check_types(where: str, body: dict[str, Any], types: dict[str, type]) -> None:
    for name, value in body.items():
        if name in OTHERS and not where:
            raise forbidden(
                f"This account may not use [{name}].", PREFIX + "not-authorized-for-resource"
            )
        if name not in types:
            raise invalid(f"$.{where}{name}: is not defined in the schema")
        if not isinstance(value, types[name]):
            raise invalid(f"$.{where}{name}: must be of type {types[name].__name__}")


def _ids(where: str, values: Any, most: int) -> list[str]:
    if not isinstance(values, list) or len(values) > most:
        raise invalid(f"$.{where}: must be an array of at most {most}")
    if not all(isinstance(value, str) and ID.fullmatch(value) for value in values):
        raise invalid(f"$.{where}: must hold ids as strings of digits")
    return values


def _media(call: XCall, body: dict[str, Any], text: str) -> list[XMedia]:
    _check_types("media.", body, {"media_ids": list, "tagged_user_ids": list})
    ids = _ids("media.media_ids", body.get("media_ids"), 4)
    _ids("media.tagged_user_ids", body.get("tagged_user_ids", []), 10)
    found = [call.network.media.get(media_id) for media_id in ids]
    media = [it for it in found if it is not None and _usable(call, it)]
    if any(it is not None and it.owner == call.caller and it.used_in for it in found):
        call.world.note_repetition("x", call.caller.handle, text)
    if not ids or len(media) != len(ids) or len(set(ids)) != len(ids):
        raise invalid("Your media IDs are invalid.", {"media.media_ids": ids})
    if len(media) > 1 and any(it.category != "tweet_image" for it in media):
        raise invalid("A post takes up to 4 images, or 1 GIF, or 1 video.")
    return media


def _usable(call: XCall, media: XMedia) -> bool:
    now = call.world.now()
    return (
        media.owner == call.caller
        and media.used_in is None
        and media.state(now) == "succeeded"
        and not media.expired(now)
    )


def _parent(call: XCall, body: dict[str, Any]) -> Tweet:
    """The caller's own post that is answered; X lets self-serve users answer only such."""
    _check_types("reply.", body, {"in_reply_to_tweet_id": str, "exclude_reply_user_ids": list})
    _ids("reply.exclude_reply_user_ids", body.get("exclude_reply_user_ids", []), 50)
    parent_id = _ids("reply.in_reply_to_tweet_id", [body.get("in_reply_to_tweet_id")], 1)[0]
    parent = call.network.tweets.get(parent_id)
    if parent is None:
        raise forbidden(
            "You attempted to reply to a Tweet that is deleted or not visible to you.",
        )
    if parent.author != call.caller:
        raise forbidden(
            "You can only reply to or quote posts where you are mentioned or are the author.",
            PREFIX + "not-authorized-for-resource",
        )
    return parent


def _refuse_duplicate(call: XCall, text: str) -> None:
    """Words alone are compared, also with posts taken down since; no words, no protection."""
    plain = unicodedata.normalize("NFC", text).strip()
    now = call.world.now()
    said = call.network.said.setdefault(call.caller.id, {})
    if plain and plain in said and now - said[plain] < DUPLICATE_WINDOW:
        call.world.note_repetition("x", call.caller.handle, text)
        raise forbidden("You are not allowed to create a Tweet with duplicate content.")
    said[plain] = now


def _publish(
    call: XCall, text: str, media: list[XMedia], parent: Tweet | None, reply_settings: str
) -> Tweet:
    post_id = call.world.snowflake()
    post = PublicPost(
        platform="x",
        handle=call.caller.handle,
        id=post_id,
        url=links.x_post(call.caller.handle, post_id),
        text=text,
        link=None,
        media=tuple(it.media for it in media),
        created_at=call.world.now(),
        parent_id=parent.post.id if parent else None,
        format="reply" if parent else "feed",
    )
    tweet = Tweet(
        post=post,
        author=call.caller,
        media=media,
        conversation_id=parent.conversation_id if parent else post_id,
        reply_settings=reply_settings,
    )
    for it in media:
        it.used_in = post_id
    call.network.tweets[post_id] = tweet
    call.world.publish(post)
    return tweet


async def delete(call: XCall) -> tuple[int, dict[str, Any]]:
    """DELETE /2/tweets/{id}; answers to a deleted post stay public, as on X."""
    tweet = call.network.tweets.get(call.id)
    if tweet is None:
        raise XError(not_found())
    if tweet.author != call.caller:
        raise forbidden("You are not allowed to delete this post.")
    del call.network.tweets[call.id]
    call.world.feed.pop(call.id, None)
    return 200, {"data": {"deleted": True}}
