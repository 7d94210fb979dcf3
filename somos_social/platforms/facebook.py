"""A Facebook Page: posts, videos, reels, stories and comments, each public by one call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from somos_social.core.events import Blocked, Kept, Refused, Removed, Unread
from somos_social.core.metrics import Measured
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Upload
from somos_social.core.model.post import Format, Variant
from somos_social.core.rules import shown_as
from somos_social.platforms import (
    Claimed,
    Failure,
    Progress,
    Saved,
    Unfulfilled,
    unclaimed,
    unsaved,
)
from somos_social.platforms.answers import Answer, address, identifier, inner, items, tellable, text
from somos_social.platforms.evidence import (
    after_a_comment,
    after_a_no,
    is_as_young,
    moment,
    must_know_all,
    plain,
    since,
    the_only,
)
from somos_social.platforms.facebook_addresses import is_same_address, number_in
from somos_social.platforms.facebook_figures import FacebookFigures
from somos_social.platforms.facebook_stories import FacebookStories
from somos_social.platforms.facebook_videos import FacebookVideos, reel_url, video_url
from somos_social.platforms.graph import GRAPH, Graph, GraphError, told
from somos_social.platforms.graph_app import MetaApp
from somos_social.platforms.graph_errors import (
    is_lost,
    on_introduction,
    on_look,
    on_scaffolding,
    on_visible_call,
)
from somos_social.platforms.graph_removal import take_down
from somos_social.platforms.graph_standing import with_standing
from somos_social.platforms.outgoing import outgoing
from somos_social.platforms.scaffold import Scaffold
from somos_social.platforms.transport import NoAnswer

NETWORK = "Facebook"

_BY_HAND = "In the Facebook app a story can be taken down; after 24 hours it is over by itself."
"""Users report that Facebook deletes no video story (github.com/restfb/restfb/issues/1469)."""


class Facebook:
    """The contract of `somos_social.platforms` for one Page and its token."""

    def __init__(
        self,
        *,
        page_id: str,
        token: str,
        timeout: timedelta,
        rebase: Mapping[str, str],
        media_root: Path,
        now: Callable[[], datetime],
        progress: Progress,
        claimed: Claimed = unclaimed,
        saved: Saved = unsaved,
        app: MetaApp | None = None,
    ) -> None:
        self._page = page_id
        self._claimed = claimed
        self._saved = saved
        self._root = media_root
        self._now = now
        self._progress = progress
        self._graph = Graph(network=NETWORK, token=token, timeout=timeout, rebase=rebase, app=app)
        self._videos = FacebookVideos(self._graph, page_id, media_root, progress)
        self._stories = FacebookStories(self._graph, page_id, self._videos, now, claimed)
        self._figures = FacebookFigures(self._graph, now)

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        scaffold = Scaffold(upload, self._now(), partial(self._saved, delivery))
        event: Failure
        try:
            self._videos.forget_failed(scaffold, asked=delivery.asked_at is not None)
            self._build(delivery.variant, scaffold)
        except Unfulfilled as stop:
            event = stop.event
        except (GraphError, NoAnswer) as error:
            event = on_scaffolding(error, NETWORK, self._now())
        else:
            return scaffold.upload
        raise Unfulfilled(scaffold.left_by(event))

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        try:
            return self._make_public(delivery, upload.parts)
        except (GraphError, NoAnswer) as error:
            event: Failure = on_visible_call(error, NETWORK, self._now())
            may_be_of_photos = isinstance(error, GraphError) and is_lost(error)
        if delivery.variant.format is Format.COMMENT:
            event = after_a_comment(event)
        anew = self._without_lost_photos(upload) if may_be_of_photos else None
        return after_a_no(
            event, delivery, self._now(), lambda: self.find(delivery, upload), anew=anew
        )

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        try:
            return self._look(delivery, upload.parts if upload else {})
        except (GraphError, NoAnswer) as error:
            event = on_look(error, NETWORK, self._now())
        raise Unfulfilled(event)

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:
        """By its number where the address has one, else by the page's recent posts."""
        if post_id := number_in(seen, self._page):
            return Receipt(remote_id=post_id, url=seen)
        try:
            for post in self._published_since(since(delivery)):
                if is_same_address(text(post, "permalink_url"), seen):
                    return _receipt(told(post, "id"), post.get("permalink_url"))
        except (GraphError, NoAnswer) as error:
            event = on_look(error, NETWORK, self._now())
        else:
            return None
        raise Unfulfilled(event)

    def remove(self, delivery: Delivery) -> Removed | Kept:
        remote_id = delivery.receipt.remote_id if delivery.receipt else ""
        end = take_down(
            self._graph,
            remote_id,
            is_listed=lambda: self._is_listed(delivery, remote_id),
            now=self._now(),
        )
        if isinstance(end, Kept) and delivery.variant.format is Format.STORY:
            return Kept(f"{end.reason} {_BY_HAND}")
        return end

    def _is_listed(self, delivery: Delivery, remote_id: str) -> bool:
        if delivery.variant.format is Format.COMMENT:
            listing = self._graph.pages(f"{delivery.parent_id}/comments", fields="id", limit=100)
            return any(comment.get("id") == remote_id for page in listing for comment in page)
        if delivery.variant.format is Format.STORY:
            return self._stories.is_listed(delivery, remote_id)
        return any(
            remote_id == post.get("id") or remote_id in _shown(post)
            for post in self._published_since(since(delivery))
        )

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        return self._figures.measure(deliveries)

    def whoami(self) -> Identity:
        try:
            page = self._graph.get(self._page, fields="id,name")
            speaks_for = told(page, "id")
        except (GraphError, NoAnswer) as error:
            event: Failure = on_introduction(error, NETWORK, self._now())
        else:
            if speaks_for == self._page:
                name = tellable(text(page, "name")) or speaks_for
                who = Identity(remote_id=speaks_for, name=name)
                return with_standing(self._graph, who, permissions="pages_")
            event = Blocked(f"The token speaks for the Page {speaks_for}, not for {self._page}.")
        raise Unfulfilled(event)

    def _build(self, variant: Variant, scaffold: Scaffold) -> None:
        match variant:
            case Variant(format=Format.COMMENT, assets=()) | Variant(format=Format.FEED, assets=()):
                pass
            case Variant(format=Format.REEL, assets=(Asset(kind=Kind.VIDEO) as video,)):
                self._videos.build_reel(video, variant.extras.cover, scaffold)
            case Variant(format=Format.STORY, assets=(Asset(kind=Kind.VIDEO) as video,)):
                self._videos.build_story(video, scaffold)
            case Variant(format=Format.STORY, assets=(picture,)):
                self._upload_photo("photo:0", picture, scaffold)
            case Variant(format=Format.FEED, assets=(Asset(kind=Kind.VIDEO) as video,)):
                if shown_as(variant.format, variant.assets, "facebook") is Format.REEL:
                    self._videos.build_reel(video, variant.extras.cover, scaffold)
                else:
                    self._videos.build_video(video, variant.extras.cover, scaffold)
            case Variant(format=Format.FEED, assets=assets) if _all_pictures(assets):
                for place, picture in enumerate(assets):
                    self._upload_photo(f"photo:{place}", picture, scaffold)
            case _:
                raise Unfulfilled(
                    Refused(
                        "A Page takes pictures or one video in a post, one video in a reel, one "
                        "picture or video in a story and only text in a comment."
                    )
                )

    def _upload_photo(self, part: str, picture: Asset, scaffold: Scaffold) -> None:
        if part in scaffold:
            return
        with outgoing(self._root, picture, self._progress) as file:
            answer = self._graph.send(
                GRAPH,
                f"{self._page}/photos",
                file,
                published=False,
                alt_text_custom=picture.alt or None,
            )
        scaffold.keep(part, told(answer, "id"))

    def _without_lost_photos(self, upload: Upload) -> Upload | None:
        """Where one of them is gone, since all are counted; None where each may be there."""
        photos = [name for name in upload.parts if name.startswith("photo:")]
        if any(self._is_lost(upload.parts[name]) for name in photos):
            return upload.without(*photos)
        return None

    def _is_lost(self, photo_id: str) -> bool:
        try:
            self._graph.get(photo_id, fields="id")
        except GraphError as error:
            return is_lost(error)
        except NoAnswer:
            pass
        return False

    def _make_public(self, delivery: Delivery, parts: Mapping[str, str]) -> Receipt:
        variant = delivery.variant
        if variant.format is Format.COMMENT:
            return self._comment(delivery)
        if variant.format is Format.STORY:
            return self._stories.publish(delivery, parts)
        if "reel" in parts:
            return self._videos.publish_reel(parts, variant)
        if "video" in parts:
            return self._videos.publish_video(parts, variant)
        photos = [{"media_fbid": photo} for photo in _photos(parts)]
        answer = self._graph.post(
            f"{self._page}/feed",
            message=variant.text or None,
            link=variant.link,
            attached_media=photos or None,
            place=variant.extras.location or None,
        )
        return _receipt(told(answer, "id"))

    def _comment(self, delivery: Delivery) -> Receipt:
        answer = self._graph.post(f"{delivery.parent_id}/comments", message=delivery.variant.text)
        return _receipt(told(answer, "id"))

    def _look(self, delivery: Delivery, parts: Mapping[str, str]) -> Receipt | None:
        if delivery.variant.format is Format.COMMENT:
            return self._look_for_comment(delivery)
        if delivery.variant.format is Format.STORY:
            return self._stories.find(delivery, parts)
        if "reel" in parts:
            return self._look_for_video(delivery, parts["reel"], reel_url(parts["reel"]))
        if "video" in parts:
            url = video_url(self._page, parts["video"])
            return self._look_for_video(delivery, parts["video"], url)
        return self._look_for_post(delivery, frozenset(_photos(parts)))

    def _look_for_video(self, delivery: Delivery, video_id: str, url: str) -> Receipt | None:
        public = self._videos.is_public(video_id)
        if public is False and delivery.suspect:
            return self._look_for_post(delivery, frozenset({video_id}))
        if public is None:
            if self._look_for_post(delivery, frozenset({video_id})) is None:
                raise Unfulfilled(Unread("Facebook does not tell whether the video is public."))
            public = True
        return Receipt(remote_id=video_id, url=url) if public else None

    def _look_for_comment(self, delivery: Delivery) -> Receipt | None:
        wanted = plain(delivery.variant.text)
        found: list[Receipt] = []
        listing = self._graph.pages(
            f"{delivery.parent_id}/comments", fields="id,message,created_time,from", limit=100
        )
        for page in listing:
            for comment in page:
                made = moment(comment.get("created_time"))
                in_time = made is None or made >= since(delivery)
                if not in_time or plain(text(comment, "message")) != wanted:
                    continue
                if identifier(inner(comment, "from").get("id")) not in (None, self._page):
                    continue
                if not self._claimed(delivery, told(comment, "id")):
                    found.append(_receipt(told(comment, "id")))
        return the_only(found)

    def _look_for_post(self, delivery: Delivery, media: frozenset[str]) -> Receipt | None:
        """By the media a post shows, where it shows any and we have any; else by its text.

        Of what is suspect, the media may have been sent anew since.
        """
        wanted = plain(delivery.variant.text)
        found: list[Receipt] = []
        strangers: list[str] = []
        for post in self._published_since(since(delivery)):
            receipt, shown = _receipt(told(post, "id"), post.get("permalink_url")), _shown(post)
            if media & shown:
                return receipt
            if any(self._claimed(delivery, known) for known in (receipt.remote_id, *shown)):
                continue
            others = media and shown and not delivery.suspect
            if others or plain(text(post, "message")) != wanted:
                if is_as_young(moment(post.get("created_time")), delivery):
                    strangers.append(str(receipt.url))
                continue
            if not wanted:
                raise Unfulfilled(Unread("There is a post without text, which may be this one."))
            found.append(receipt)
        if not found:
            must_know_all(delivery, strangers)
        return the_only(found)

    def _published_since(self, start: datetime) -> Iterator[Answer]:
        listing = self._graph.pages(
            f"{self._page}/published_posts",
            fields="id,message,created_time,permalink_url,attachments{target,subattachments}",
            limit=25,
        )
        for page in listing:
            for post in page:
                made = moment(post.get("created_time"))
                if made is None or made >= start:
                    yield post
            oldest = moment(page[-1].get("created_time")) if page else None
            if oldest is not None and oldest < start:
                return


def _all_pictures(assets: tuple[Asset, ...]) -> bool:
    return all(asset.kind is not Kind.VIDEO for asset in assets)


def _photos(parts: Mapping[str, str]) -> list[str]:
    count = sum(name.startswith("photo:") for name in parts)
    return [parts[f"photo:{place}"] for place in range(count)]


def _receipt(post_id: str, permalink: Any = None) -> Receipt:
    return Receipt(
        remote_id=post_id, url=address(permalink) or f"https://www.facebook.com/{post_id}"
    )


def _shown(post: Answer) -> frozenset[str]:
    """The ids of the media that a post shows, alone or in an album."""
    shown = [
        identifier(inner(item, "target").get("id"))
        for attachment in items(inner(post, "attachments"), "data")
        for item in (attachment, *items(inner(attachment, "subattachments"), "data"))
    ]
    return frozenset(each for each in shown if each is not None)
