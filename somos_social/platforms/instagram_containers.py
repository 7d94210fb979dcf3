"""Instagram's containers: built child before parent, polled once per call, never waited for."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from somos_social.core.events import NotReady, Refused, Suspected, Unanswered, Unread
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Extras, Format, Variant
from somos_social.platforms import Progress, Unfulfilled
from somos_social.platforms.answers import Answer, tellable, text
from somos_social.platforms.graph import Graph, GraphError, told
from somos_social.platforms.graph_errors import Meaning, is_unfit, meaning_of
from somos_social.platforms.pictures import Pictures
from somos_social.platforms.rupload import CONTAINERS, Rupload
from somos_social.platforms.scaffold import Scaffold

POST = "post"
"""The part that names the container to publish; carousel items are "child:0", "child:1", ..."""

_MARK = "shown:"
"""Begins the names of parts by which pictures are hidden again; no container's name begins so."""

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
        pictures: Pictures,
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._graph = graph
        self._edge = f"{user_id}/media"
        self._pictures = pictures
        self._now = now
        self._rupload = Rupload(graph, CONTAINERS, media_root, progress)

    def build(self, variant: Variant, scaffold: Scaffold) -> None:
        """All containers of the variant, finished; raises Unfulfilled while they are not."""
        said = _said(variant)
        extras = variant.extras
        match variant:
            case Variant(format=Format.COMMENT, assets=()):
                return
            case Variant(format=Format.FEED, assets=(Asset(kind=Kind.IMAGE) as picture,)):
                self._picture(POST, picture, scaffold, user_tags=_tags(extras), **said)
                pause = _IMAGE_PAUSE
            case Variant(format=Format.FEED, assets=(Asset(kind=Kind.VIDEO) as video,)):
                # A video alone in the feed is a reel since November 2023.
                self._reel(video, scaffold, extras, share_to_feed=True, **said)
                pause = _VIDEO_PAUSE
            case Variant(format=Format.REEL, assets=(Asset(kind=Kind.VIDEO) as video,)):
                self._reel(video, scaffold, extras, share_to_feed=extras.share_to_feed, **said)
                pause = _VIDEO_PAUSE
            case Variant(format=Format.STORY, assets=(asset,)) if asset.kind is not Kind.GIF:
                self._story(asset, scaffold, extras)
                pause = _VIDEO_PAUSE if asset.kind is Kind.VIDEO else _IMAGE_PAUSE
            case Variant(format=Format.FEED, assets=(_, _, *_) as items):
                self._carousel(items, scaffold, extras, **said)
                pause = _IMAGE_PAUSE
            case _:
                raise Unfulfilled(
                    Refused(
                        "Instagram takes a picture, a video or a carousel of 2 to 10 in a post, "
                        "one video in a reel, a picture or a video in a story and only text in "
                        "a comment."
                    )
                )
        self._must_be_finished(POST, pause, scaffold)

    def is_public(self, container: str) -> bool:
        """Whether it was published. Raises Unfulfilled with Unread where that is unclear."""
        code = text(self._status(container), "status_code")
        if code not in {"EXPIRED", "ERROR", "FINISHED", "PUBLISHED"}:
            raise Unfulfilled(Unread("Instagram does not tell what became of the post."))
        return code == "PUBLISHED"

    def _story(self, asset: Asset, scaffold: Scaffold, extras: Extras) -> None:
        params = {"media_type": "STORIES", "user_tags": _tags(extras), **_disclosed(extras)}
        if asset.kind is Kind.VIDEO:
            self._video(POST, asset, scaffold, **params)
        else:
            self._picture(POST, asset, scaffold, alt_text=None, **params)

    def _carousel(
        self, items: tuple[Asset, ...], scaffold: Scaffold, extras: Extras, **said: Any
    ) -> None:
        names = [f"child:{place}" for place in range(len(items))]
        if POST in scaffold:
            return
        for place, (name, item) in enumerate(zip(names, items, strict=True)):
            if item.kind is Kind.VIDEO:
                tags = _tags(extras, place, with_points=False)
                child = {"media_type": "VIDEO", "is_carousel_item": True, "user_tags": tags}
                self._video(name, item, scaffold, **child)
            else:
                tags = _tags(extras, place)
                self._picture(name, item, scaffold, is_carousel_item=True, user_tags=tags)
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
                **said,
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
        address = self._shown(part, picture, scaffold)
        described = {"alt_text": picture.alt or None, **params}
        try:
            answer = self._graph.post(self._edge, image_url=address, **described)
        except GraphError:
            self._hide(part, scaffold)
            raise
        scaffold.keep(part, told(answer, "id"))

    def _shown(self, part: str, picture: Asset, scaffold: Scaffold) -> str:
        """Where Instagram can fetch a picture for `part` from now on."""
        self._hide(part, scaffold)
        shown = self._pictures.show(picture)
        if shown.mark:
            scaffold.keep(_MARK + part, shown.mark)
        return shown.address

    def _hide(self, part: str, scaffold: Scaffold) -> None:
        if _MARK + part in scaffold:
            self._pictures.hide(scaffold[_MARK + part])
            scaffold.drop(_MARK + part)

    def _reel(self, video: Asset, scaffold: Scaffold, extras: Extras, **params: Any) -> None:
        def begin() -> Answer:
            if extras.cover:
                # Nobody says when Instagram fetches it, so it is left until it is swept up.
                params["cover_url"] = self._shown("cover", extras.cover, scaffold)
            return self._begin(media_type="REELS", **params)

        params["user_tags"] = _tags(extras, with_points=False)
        if not extras.cover and video.cover is not None:
            params["thumb_offset"] = round(video.cover * 1000)  # Milliseconds.
        self._rupload.bring(POST, video, scaffold, begin)

    def _video(self, part: str, video: Asset, scaffold: Scaffold, **params: Any) -> None:
        self._rupload.bring(part, video, scaffold, lambda: self._begin(**params))

    def _begin(self, **params: Any) -> Answer:
        return self._graph.post(self._edge, upload_type="resumable", **params)

    def _must_be_finished(self, part: str, pause: timedelta, scaffold: Scaffold) -> None:
        """Poll once. A container that failed is dropped, so that the next prepare makes another."""
        container = self._still_there(part, scaffold)
        code = text(container, "status_code")
        if code in {"FINISHED", "PUBLISHED", "ERROR", "EXPIRED"}:
            self._hide(part, scaffold)  # Instagram has fetched it, or never will.
        why = tellable(text(container, "status")) or "no reason given"
        match code:
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
            case "ERROR" | "EXPIRED":
                trouble = _FAILED[code]
                for name in (part, *_children(scaffold)) if part == POST else (part,):
                    scaffold.drop(name)
                raise Unfulfilled(Unanswered(f"{trouble} ({why})"))
        raise Unfulfilled(Unanswered("Instagram does not tell whether the container is finished."))

    def _still_there(self, part: str, scaffold: Scaffold) -> Mapping[str, Any]:
        try:
            return self._status(scaffold[part])
        except GraphError as error:
            meaning = meaning_of(error)
            if meaning is Meaning.GONE:
                scaffold.drop(part)
            if meaning is not Meaning.MISSING:
                raise
            return {}  # Reads have answered so for containers that were there a moment later.

    def _status(self, container: str) -> Mapping[str, Any]:
        return self._graph.get(container, fields="status_code,status")


def _said(variant: Variant) -> dict[str, Any]:
    """What a post says as a whole; no item of a carousel takes it."""
    extras = variant.extras
    return {
        "caption": variant.text or None,
        "location_id": extras.location or None,
        "collaborators": ",".join(extras.collaborators) or None,
        **_disclosed(extras),
    }


def _disclosed(extras: Extras) -> dict[str, Any]:
    return {
        "is_paid_partnership": extras.paid_partnership or None,
        "is_ai_generated": extras.made_with_ai or None,
    }


def _tags(
    extras: Extras, place: int = 0, *, with_points: bool = True
) -> list[dict[str, str | float]] | None:
    """Who is tagged on an asset; a point goes with a picture, and with a video in a story."""
    tags: list[dict[str, str | float]] = []
    for tag in extras.tags:
        named: dict[str, str | float] = {"username": tag.user}
        if with_points and tag.x is not None and tag.y is not None:
            named |= {"x": tag.x, "y": tag.y}
        if tag.place == place:
            tags.append(named)
    return tags or None


def _children(scaffold: Scaffold) -> list[str]:
    names = scaffold.upload.parts
    return [name for name in names if name.startswith("child:") and "." not in name]
