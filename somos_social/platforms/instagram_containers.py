"""Instagram's containers: built child before parent, polled once per call, never waited for."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from somos_social.core.delivery import Blocked, NotReady, Refused, Suspected, Unanswered, Unread
from somos_social.core.model import Asset, Format, Kind, Variant
from somos_social.platforms import Progress, Unfulfilled
from somos_social.platforms.answers import tellable, text
from somos_social.platforms.graph import Graph, GraphError, told
from somos_social.platforms.graph_errors import Meaning, is_unfit, meaning_of
from somos_social.platforms.rupload import CONTAINERS, Rupload
from somos_social.platforms.scaffold import Scaffold

POST = "post"
"""The part that names the container to publish; carousel items are "child:0", "child:1", ..."""

_IMAGE_PAUSE = timedelta(seconds=5)
_VIDEO_PAUSE = timedelta(seconds=15)

_REMEDY = "Export it again: a picture as JPEG, a video as MP4 with H.264 and, if it has sound, AAC."
_FAILED = {
    "ERROR": f"Instagram could not process the file. If it fails again: {_REMEDY}",
    "EXPIRED": "Instagram dropped what it was sent before it was published.",
}


class Containers:
    """The containers of one account."""

    def __init__(
        self,
        graph: Graph,
        *,
        user_id: str,
        media_root: Path,
        public_url: str | None,
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._graph = graph
        self._edge = f"{user_id}/media"
        self._public_url = public_url
        self._now = now
        self._rupload = Rupload(graph, CONTAINERS, media_root, progress)

    def build(self, variant: Variant, scaffold: Scaffold) -> None:
        """All containers of the variant, finished; raises Unfulfilled while they are not."""
        caption = variant.text or None
        match variant:
            case Variant(format=Format.COMMENT, assets=()):
                return
            case Variant(format=Format.FEED, assets=(Asset(kind=Kind.IMAGE) as picture,)):
                self._picture(POST, picture, scaffold, caption=caption)
                pause = _IMAGE_PAUSE
            case Variant(format=Format.FEED, assets=(Asset(kind=Kind.VIDEO) as video,)):
                # A video alone in the feed is a reel since November 2023.
                self._reel(video, scaffold, caption=caption, share_to_feed=True)
                pause = _VIDEO_PAUSE
            case Variant(format=Format.REEL, assets=(Asset(kind=Kind.VIDEO) as video,)):
                self._reel(video, scaffold, caption=caption)
                pause = _VIDEO_PAUSE
            case Variant(format=Format.FEED, assets=(_, _, *_) as items):
                self._carousel(items, scaffold, caption)
                pause = _IMAGE_PAUSE
            case _:
                raise Unfulfilled(
                    Refused(
                        "Instagram takes a picture, a video or a carousel of 2 to 10 in a post, "
                        "one video in a reel and only text in a comment."
                    )
                )
        self._must_be_finished(POST, pause, scaffold)

    def is_public(self, container: str) -> bool:
        """Whether it was published. Raises Unfulfilled with Unread where that is unclear."""
        code = text(self._status(container), "status_code")
        if code not in {"EXPIRED", "ERROR", "FINISHED", "PUBLISHED"}:
            raise Unfulfilled(Unread("Instagram does not tell what became of the post."))
        return code == "PUBLISHED"

    def _carousel(self, items: tuple[Asset, ...], scaffold: Scaffold, caption: str | None) -> None:
        names = [f"child:{place}" for place in range(len(items))]
        if POST in scaffold:
            return
        for name, item in zip(names, items, strict=True):
            if item.kind is Kind.VIDEO:
                self._video(name, item, scaffold, media_type="VIDEO", is_carousel_item=True)
            else:
                self._picture(name, item, scaffold, is_carousel_item=True)
        for name, item in zip(names, items, strict=True):
            if f"{name}.finished" not in scaffold:
                pause = _VIDEO_PAUSE if item.kind is Kind.VIDEO else _IMAGE_PAUSE
                self._must_be_finished(name, pause, scaffold)
                scaffold.keep(f"{name}.finished")
        try:
            answer = self._graph.post(
                self._edge,
                media_type="CAROUSEL",
                children=",".join(scaffold[name] for name in names),
                caption=caption,
            )
        except GraphError as error:
            if meaning_of(error) is Meaning.GONE:
                for name in _children(scaffold):
                    scaffold.drop(name)
            raise
        scaffold.keep(POST, told(answer, "id"))

    def _picture(self, part: str, picture: Asset, scaffold: Scaffold, **params: Any) -> None:
        if part in scaffold:
            return
        if self._public_url is None:
            raise Unfulfilled(
                Blocked(
                    "Instagram fetches pictures itself: put the media folder on a web server and "
                    "its address into the config, as public_url of [media]."
                )
            )
        address = f"{self._public_url.rstrip('/')}/{quote(picture.path)}"
        answer = self._graph.post(
            self._edge, image_url=address, alt_text=picture.alt or None, **params
        )
        scaffold.keep(part, told(answer, "id"))

    def _reel(self, video: Asset, scaffold: Scaffold, **params: Any) -> None:
        if video.cover is not None:
            params["thumb_offset"] = round(video.cover * 1000)  # Milliseconds.
        self._video(POST, video, scaffold, media_type="REELS", **params)

    def _video(self, part: str, video: Asset, scaffold: Scaffold, **params: Any) -> None:
        self._rupload.bring(
            part,
            video,
            scaffold,
            lambda: self._graph.post(self._edge, upload_type="resumable", **params),
        )

    def _must_be_finished(self, part: str, pause: timedelta, scaffold: Scaffold) -> None:
        """Poll once. A container that failed is dropped, so that the next prepare makes another."""
        try:
            container = self._status(scaffold[part])
        except GraphError as error:
            meaning = meaning_of(error)
            if meaning is Meaning.GONE:
                scaffold.drop(part)
            if meaning is not Meaning.MISSING:
                raise
            container = {}  # Reads have answered so for containers that were there a moment later.
        why = tellable(text(container, "status")) or "no reason given"
        match container.get("status_code"):
            case "FINISHED":
                return
            case "IN_PROGRESS":
                raise Unfulfilled(NotReady(self._now() + pause, None))
            case "PUBLISHED":
                raise Unfulfilled(
                    Suspected("Instagram says that this very post was published already.")
                )
            case "ERROR" if is_unfit(why):
                raise Unfulfilled(Refused(f"Instagram cannot use the file. {_REMEDY} ({why})"))
            case "ERROR" | "EXPIRED" as code:
                trouble = _FAILED[code]
                for name in (part, *_children(scaffold)) if part == POST else (part,):
                    scaffold.drop(name)
                raise Unfulfilled(Unanswered(f"{trouble} ({why})"))
        raise Unfulfilled(Unanswered("Instagram does not tell whether the container is finished."))

    def _status(self, container: str) -> Mapping[str, Any]:
        return self._graph.get(container, fields="status_code,status")


def _children(scaffold: Scaffold) -> list[str]:
    names = scaffold.upload.parts
    return [name for name in names if name.startswith("child:") and "." not in name]
