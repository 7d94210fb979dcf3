"""Stories of a Page: told apart by the photo or the video they show, and listed for a day."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from somos_social.core.events import Unknowable, Unread
from somos_social.core.model.delivery import Delivery, Receipt
from somos_social.platforms import Claimed, Unfulfilled
from somos_social.platforms.answers import Answer, address, identifier, whole
from somos_social.platforms.evidence import has_passed, moment, since
from somos_social.platforms.facebook_videos import FacebookVideos, must_be_done
from somos_social.platforms.graph import Graph, GraphError
from somos_social.platforms.transport import NoAnswer

_FIELDS = "post_id,creation_time,media_id,url"


class FacebookStories:
    """The part of a Page that publishes a story, by its photo or its video.

    The id of a story is that of what it shows: it is known before the visible call, the listing
    names it, and Meta's API takes no deletion of the story's own node.
    """

    def __init__(
        self,
        graph: Graph,
        page_id: str,
        videos: FacebookVideos,
        now: Callable[[], datetime],
        claimed: Claimed,
    ) -> None:
        self._graph = graph
        self._page = page_id
        self._videos = videos
        self._now = now
        self._claimed = claimed

    def publish(self, delivery: Delivery, parts: Mapping[str, str]) -> Receipt:
        """The one call that makes a story public."""
        if "story" in parts:
            answer = self._graph.post(
                f"{self._page}/video_stories",
                upload_phase="finish",
                video_id=parts["story"],
                is_ai_generated=delivery.variant.extras.made_with_ai or None,
            )
        else:
            answer = self._graph.post(f"{self._page}/photo_stories", photo_id=parts["photo:0"])
        must_be_done(answer)
        media = _shown(parts)
        if "story" in parts:
            self._videos.once_shown(Receipt(remote_id=media, url=None))
        return Receipt(remote_id=media, url=self._address(delivery, media))

    def find(self, delivery: Delivery, parts: Mapping[str, str]) -> Receipt | None:
        """By what the story shows, among those of the last day; a video's status tells, too."""
        media = _shown(parts)
        unclear = False
        for story in self._told_since(delivery):
            if media and _media(story) == media:
                return Receipt(remote_id=media, url=address(story.get("url")))
            other = _media(story)
            unclear = unclear or other is None or not (media or self._claimed(delivery, other))
        public = self._videos.is_public(media) if "story" in parts else False
        if public:
            return Receipt(remote_id=media, url=None)
        if has_passed(delivery, self._now()):
            raise Unfulfilled(Unknowable("Facebook lists a story for a day, and that is over."))
        if unclear or public is None:
            raise Unfulfilled(Unread("Facebook does not tell whether the story is public."))
        return None

    def is_listed(self, delivery: Delivery, media: str) -> bool:
        """Whether the Page shows the story, or one that may be it."""
        return any(_media(story) in (media, None) for story in self._told_since(delivery))

    def _address(self, delivery: Delivery, media: str) -> str | None:
        """Only the listing tells it. The story is public already: no answer changes nothing."""
        try:
            stories = self._told_since(delivery)
            found = next((story for story in stories if _media(story) == media), {})
        except (GraphError, NoAnswer):
            return None
        return address(found.get("url"))

    def _told_since(self, delivery: Delivery) -> Iterator[Answer]:
        """The stories that can be as young as this delivery, newest first."""
        for page in self._graph.pages(f"{self._page}/stories", fields=_FIELDS, limit=25):
            for story in page:
                made = _made(story)
                if made is not None and made < since(delivery):
                    return
                yield story


def _shown(parts: Mapping[str, str]) -> str:
    """What the story of these parts shows; empty where that is not known."""
    return parts.get("story") or parts.get("photo:0", "")


def _media(story: Answer) -> str | None:
    return identifier(story.get("media_id"))


def _made(story: Answer) -> datetime | None:
    """Seconds since 1970 where Meta's other times are ISO 8601."""
    told = story.get("creation_time")
    seconds = whole(told)
    if seconds is None:
        return moment(told)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
