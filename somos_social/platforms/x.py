"""An X account: posts with pictures, a GIF or a video, and replies, each public by one call."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from somos_social.core.events import Blocked, Kept, Refused, Removed, Unread
from somos_social.core.metrics import Measured
from somos_social.core.model.asset import Asset
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Upload
from somos_social.core.model.post import Format, Replies
from somos_social.platforms import (
    Claimed,
    Failure,
    Progress,
    Saved,
    Unfulfilled,
    unclaimed,
    unsaved,
)
from somos_social.platforms.answers import identifier, items, tellable, text
from somos_social.platforms.evidence import (
    after_a_no,
    is_as_young,
    moment,
    must_know_all,
    since,
    the_only,
)
from somos_social.platforms.scaffold import Scaffold
from somos_social.platforms.transport import NoAnswer
from somos_social.platforms.x_client import XClient, told
from somos_social.platforms.x_errors import XError, on_look, on_scaffolding, on_visible_call
from somos_social.platforms.x_figures import XFigures
from somos_social.platforms.x_media import XMedia
from somos_social.platforms.x_posts import EXPANSIONS, MEDIA_FIELDS, POST_FIELDS, Post, is_ours

_MOST_PAGES = 32
"""X serves the newest 3,200 posts of a user, 100 on a page."""

_REPLIES = {Replies.MENTIONED: "mentionedUsers"}
"""Where X's word is not ours."""


class X:
    """The contract of `somos_social.platforms` for one account and its keys."""

    def __init__(
        self,
        *,
        handle: str,
        api_key: str,
        api_secret: str,
        access_token: str,
        access_token_secret: str,
        timeout: timedelta,
        rebase: Mapping[str, str],
        media_root: Path,
        now: Callable[[], datetime],
        progress: Progress,
        claimed: Claimed = unclaimed,
        saved: Saved = unsaved,
    ) -> None:
        self._handle = handle
        self._claimed = claimed
        self._saved = saved
        self._now = now
        self._user_id: str | None = None
        self._client = XClient(
            api_key=api_key,
            api_secret=api_secret,
            access_token=access_token,
            access_token_secret=access_token_secret,
            timeout=timeout,
            rebase=rebase,
        )
        self._media = XMedia(self._client, media_root=media_root, now=now, progress=progress)
        self._figures = XFigures(self._client, now)

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        scaffold = Scaffold(upload, self._now(), partial(self._saved, delivery))
        event: Failure
        try:
            self._build(delivery.variant.format, delivery.variant.assets, scaffold)
        except Unfulfilled as stop:
            event = stop.event
        except (XError, NoAnswer) as error:
            event = on_scaffolding(error, self._now())
        else:
            return scaffold.upload
        raise Unfulfilled(scaffold.left_by(event))

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        try:
            wanted = _wanted(delivery, _media_ids(upload.parts))
            # tweepy's own method does not know the disclosures.
            data = self._client.data(
                lambda client: client.request("POST", "/2/tweets", json=wanted, user_auth=True)
            )
            return self._receipt(told(data, "id"))
        except (XError, NoAnswer) as error:
            event = on_visible_call(error, self._now())
            is_of_media = isinstance(error, XError) and error.is_of_media
        anew = _without_media(upload) if is_of_media else None
        return after_a_no(
            event, delivery, self._now(), lambda: self.find(delivery, upload), anew=anew
        )

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        try:
            return self._look(delivery, _media_ids(upload.parts) if upload else [])
        except (XError, NoAnswer) as error:
            event = on_look(error, self._now())
        raise Unfulfilled(event)

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:  # noqa: ARG002
        found = _STATUS.search(urlsplit(seen).path)
        return Receipt(remote_id=found[1], url=seen) if found else None

    def remove(self, delivery: Delivery) -> Removed | Kept:
        post_id = delivery.receipt.remote_id if delivery.receipt else ""
        refusal: str | None = "X did not say that it is deleted."
        try:
            data = self._client.data(lambda client: client.delete_tweet(post_id))
            if data.get("deleted") is True:
                refusal = None
        except (XError, NoAnswer) as error:
            refusal = getattr(on_scaffolding(error, self._now()), "reason", str(error))
        try:
            if self._is_there(post_id):
                return Kept(refusal or "X says it is deleted, but still shows it.")
        except (XError, NoAnswer) as error:
            said = refusal or "X says it is deleted."
            return Kept(f"{said} Nobody could look whether it is gone: {error}")
        return Removed()

    def _is_there(self, post_id: str) -> bool:
        """Raises XError where X says neither yes nor "not found"."""
        answer = self._client.ask(lambda client: client.get_tweet(post_id, user_auth=True))
        if isinstance(answer.get("data"), dict):
            return True
        if any(text(it, "type").endswith("resource-not-found") for it in items(answer, "errors")):
            return False
        raise XError("X does not tell whether the post is there.", status=200)

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        return self._figures.measure(deliveries)

    def whoami(self) -> Identity:
        try:
            user_id, username, name = self._me()
        except (XError, NoAnswer) as error:
            event: Failure = on_scaffolding(error, self._now())
        else:
            if username.casefold() == self._handle.casefold():
                return Identity(remote_id=user_id, name=name)
            event = Blocked(f"These keys speak for @{username}, not for @{self._handle}.")
        raise Unfulfilled(event)

    def _build(self, format: Format, assets: tuple[Asset, ...], scaffold: Scaffold) -> None:
        if format is Format.STORY:
            raise Unfulfilled(Refused("X has no stories."))
        for place, asset in enumerate(assets):
            self._media.bring(f"media:{place}", asset, scaffold)

    def _look(self, delivery: Delivery, media_ids: list[str]) -> Receipt | None:
        found: list[Receipt] = []
        strangers: list[str] = []
        for post in self._posts(since(delivery)):
            ours, receipt = is_ours(post, delivery, media_ids), self._receipt(told(post, "id"))
            if self._claimed(delivery, receipt.remote_id):
                continue
            if ours is None:
                raise Unfulfilled(Unread("There is a post without text, which may be this one."))
            if ours:
                found.append(receipt)
            elif is_as_young(moment(post.get("created_at")), delivery):
                strangers.append(str(receipt.url))
        if not found:
            must_know_all(delivery, strangers)
        return the_only(found)

    def _posts(self, start: datetime) -> Iterator[Post]:
        """All posts since `start`; raises XError where X leaves some out."""
        if self._user_id is None:
            self._user_id, _, _ = self._me()
        token: str | None = None
        for _ in range(_MOST_PAGES):
            answer = self._client.ask(partial(self._page, start=start, token=token))
            posts, meta = answer.get("data", []), answer.get("meta")
            if not isinstance(posts, list) or not isinstance(meta, dict):
                raise XError("X answered with no listing.", status=200)
            yield from (post for post in posts if isinstance(post, dict))
            if answer.get("errors"):
                raise XError("X left posts out of its listing.", status=200)
            if meta.get("next_token") is None:
                return
            token = identifier(meta["next_token"])
            if token is None:
                raise XError("X does not tell where its listing goes on.", status=200)
        raise XError("X's listing has no end.", status=200)

    def _page(self, client: Any, start: datetime, token: str | None) -> Any:
        return client.get_users_tweets(
            self._user_id,
            user_auth=True,
            start_time=start,
            max_results=100,
            pagination_token=token,
            tweet_fields=POST_FIELDS,
            expansions=EXPANSIONS,
            media_fields=MEDIA_FIELDS,
        )

    def _me(self) -> tuple[str, str, str]:
        """Id, user name and shown name of whom the keys speak for."""
        user = self._client.data(lambda client: client.get_me(user_auth=True))
        username = told(user, "username")
        return told(user, "id"), username, tellable(text(user, "name")) or username

    def _receipt(self, post_id: str) -> Receipt:
        return Receipt(remote_id=post_id, url=f"https://x.com/{self._handle}/status/{post_id}")


_STATUS = re.compile(r"/status(?:es)?/(\d{1,19})(?:/|$)")


def _media_ids(parts: Mapping[str, str]) -> list[str]:
    count = sum(name.startswith("media:") and "." not in name for name in parts)
    return [parts[f"media:{place}"] for place in range(count)]


def _without_media(upload: Upload) -> Upload:
    return upload.without(*(name for name in upload.parts if name.startswith("media:")))


def _wanted(delivery: Delivery, media_ids: list[str]) -> dict[str, Any]:
    """The body of POST /2/tweets."""
    extras = delivery.variant.extras
    body: dict[str, Any] = {}
    if delivery.variant.text:
        body["text"] = delivery.variant.text
    if media_ids:
        body["media"] = {"media_ids": media_ids}
    if delivery.parent_id:
        body["reply"] = {"in_reply_to_tweet_id": delivery.parent_id}
    if extras.replies:
        body["reply_settings"] = _REPLIES.get(extras.replies, extras.replies.value)
    disclosures = {
        "paid_partnership": extras.paid_partnership,
        "made_with_ai": extras.made_with_ai,
    }
    return body | {name: True for name, holds in disclosures.items() if holds}
