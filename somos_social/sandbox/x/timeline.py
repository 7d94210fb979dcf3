"""Reading X: who am I, one post, the posts of a user; in both vocabularies of fields."""

from datetime import datetime
from typing import Any

from somos_social.sandbox import audience, links
from somos_social.sandbox.wire import x_time
from somos_social.sandbox.world import Account
from somos_social.sandbox.x.calls import XCall
from somos_social.sandbox.x.objects import KINDS, Tweet, XMedia
from somos_social.sandbox.x.problems import XError, invalid, missing, not_found
from somos_social.sandbox.x.text import as_read

FIELD_PARAMETERS = (
    "tweet.fields", "post.fields", "expansions", "media.fields", "user.fields",
    "poll.fields", "place.fields",
)  # fmt: skip


async def me(call: XCall) -> tuple[int, dict[str, Any]]:
    """GET /2/users/me."""
    query = call.query("user.fields", "expansions", "tweet.fields", "post.fields")
    return 200, {"data": _user(call.caller, query)}


async def read_one(call: XCall) -> tuple[int, dict[str, Any]]:
    """GET /2/tweets/{id}; one that is not there is told with status 200."""
    query = call.query(*FIELD_PARAMETERS)
    tweet = call.network.tweets.get(call.id)
    if tweet is None:
        return 200, missing("tweet", "id", call.id)
    return 200, {"data": _tweet(call, tweet, query), **_includes(call, [tweet], query)}


async def read_many(call: XCall) -> tuple[int, dict[str, Any]]:
    """GET /2/tweets: up to 100 at once; those that are not there are told beside the others."""
    query = call.query("ids", *FIELD_PARAMETERS)
    ids = query.get("ids", "").split(",")
    if not 1 <= len(ids) <= 100 or not all(it.isascii() and it.isdigit() for it in ids):
        raise invalid("The `ids` query parameter must hold 1 to 100 ids", {"ids": ids[:1]})
    found = [it for it in (call.network.tweets.get(each) for each in ids) if it is not None]
    errors = [missing("tweet", "ids", it)["errors"][0] for it in ids
              if it not in call.network.tweets]  # fmt: skip
    answer: dict[str, Any] = {"data": [_tweet(call, it, query) for it in found]} if found else {}
    if errors:
        answer["errors"] = errors
    return 200, {**answer, **_includes(call, found, query)}


async def of_user(call: XCall) -> tuple[int, dict[str, Any]]:
    """GET /2/users/{id}/tweets, newest first."""
    query = call.query(
        "max_results", "pagination_token", "start_time", "end_time", "since_id", "until_id",
        "exclude", *FIELD_PARAMETERS,
    )  # fmt: skip
    if call.id not in {it.id for it in call.world.accounts if it.platform == "x"}:
        raise XError(not_found())
    size = _number(query, "max_results", 10)
    if not 5 <= size <= 100:
        raise invalid(
            f"The `max_results` query parameter value [{size}] is not between 5 and 100",
            {"max_results": [str(size)]},
        )
    found = _matching(call, query)
    start = _number(query, "pagination_token", 0)
    shown = found[start : start + size]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if not shown:
        return 200, {"meta": meta}
    meta |= {"newest_id": shown[0].post.id, "oldest_id": shown[-1].post.id}
    if len(found) > start + size:
        meta["next_token"] = str(start + size)
    data = [_tweet(call, tweet, query) for tweet in shown]
    return 200, {"data": data, **_includes(call, shown, query), "meta": meta}


def _matching(call: XCall, query: dict[str, str]) -> list[Tweet]:
    since, until = _moment(query, "start_time"), _moment(query, "end_time")
    after, before = _number(query, "since_id", 0), _number(query, "until_id", 2**63)
    no_replies = "replies" in query.get("exclude", "").split(",")
    return [
        tweet
        for tweet in reversed(call.network.tweets.values())
        if tweet.author.id == call.id
        and call.world.is_listed(tweet.post.id)
        and (since is None or tweet.post.created_at >= since)
        and (until is None or tweet.post.created_at < until)
        and after < int(tweet.post.id) < before
        and not (no_replies and tweet.post.parent_id)
    ]


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise invalid(f"The `{name}` query parameter value [{value}] is not valid", {name: [value]})
    return int(value)


def _moment(query: dict[str, str], name: str) -> datetime | None:
    value = query.get(name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in value:
        raise invalid(f"The `{name}` query parameter value [{value}] is not a valid RFC3339 time")
    return moment


def _wanted(query: dict[str, str], name: str) -> set[str]:
    return set(filter(None, query.get(name, "").split(",")))


def _tweet(call: XCall, tweet: Tweet, query: dict[str, str]) -> dict[str, Any]:
    """One post; fields that X does not know are left out silently, as it does."""
    post, word = tweet.post, "post" if "post.fields" in query else "tweet"
    text, entities = as_read(tweet)
    known: dict[str, Any] = {
        "created_at": x_time(post.created_at),
        "author_id": tweet.author.id,
        "conversation_id": tweet.conversation_id,
        "reply_settings": tweet.reply_settings,
        "lang": "es",
        "paid_partnership": tweet.paid_partnership,
        "public_metrics": _metrics(call, tweet),
    }
    if tweet.media:
        known["attachments"] = {"media_keys": [it.key for it in tweet.media]}
    if entities:
        known["entities"] = {"urls": entities}
    if post.parent_id:
        known["in_reply_to_user_id"] = tweet.author.id
        known[f"referenced_{word}s"] = [{"type": "replied_to", "id": post.parent_id}]
    wanted = _wanted(query, f"{word}.fields")
    if "attachments.media_keys" in _wanted(query, "expansions"):
        wanted.add("attachments")
    answer = {"id": post.id, "text": text, f"edit_history_{word}_ids": [post.id]}
    return answer | {name: value for name, value in known.items() if name in wanted}


def _metrics(call: XCall, tweet: Tweet) -> dict[str, int]:
    seen = audience.of(tweet.post.id, tweet.post.created_at, call.world.now())
    return {
        "retweet_count": seen.shares,
        "reply_count": seen.comments,
        "like_count": seen.reactions,
        "quote_count": seen.shares // 3,
        "bookmark_count": seen.saved,
        "impression_count": seen.views,
    }


def _includes(call: XCall, tweets: list[Tweet], query: dict[str, str]) -> dict[str, Any]:
    wanted, includes = _wanted(query, "expansions"), {}
    media = [it for tweet in tweets for it in tweet.media]
    if "attachments.media_keys" in wanted and media:
        includes["media"] = [_medium(call, it, _wanted(query, "media.fields")) for it in media]
    if "author_id" in wanted:
        authors = {tweet.author.id: tweet.author for tweet in tweets}
        includes["users"] = [_user(author, query) for author in authors.values()]
    return {"includes": includes} if includes else {}


def _medium(call: XCall, media: XMedia, wanted: set[str]) -> dict[str, Any]:
    known: dict[str, Any] = {"width": media.width, "height": media.height}
    if media.alt:
        known["alt_text"] = media.alt
    if media.category == "tweet_image":
        known["url"] = links.received(call.world.url, media.path)
    if media.category == "tweet_video":
        known["duration_ms"] = int(media.seconds * 1000)
    chosen = {name: value for name, value in known.items() if name in wanted}
    return {"media_key": media.key, "type": KINDS[media.category], **chosen}


def _user(account: Account, query: dict[str, str]) -> dict[str, Any]:
    known = {"protected": False, "verified": False, "url": "", "description": ""}
    wanted = _wanted(query, "user.fields")
    chosen = {name: value for name, value in known.items() if name in wanted}
    return {"id": account.id, "name": account.name, "username": account.handle, **chosen}
