"""Videos, reels and video stories of a Page: bytes go up unseen, one call makes them public."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from somos_social.core.events import Accepted, Suspected, Unread
from somos_social.core.model.asset import Asset
from somos_social.core.model.delivery import Receipt
from somos_social.core.model.post import Variant
from somos_social.platforms import Progress, Unfulfilled
from somos_social.platforms.answers import Answer, inner, text, whole
from somos_social.platforms.graph import GRAPH, GRAPH_VIDEO, Graph, GraphError, told
from somos_social.platforms.graph_errors import is_lost
from somos_social.platforms.outgoing import outgoing
from somos_social.platforms.rupload import REELS, Rupload
from somos_social.platforms.scaffold import Scaffold
from somos_social.platforms.transport import NoAnswer

_STRETCH = 4 * 1024 * 1024
"""Bytes for the next transfer when Facebook names only where it is to begin."""

_LEAST_STEP = 64 * 1024
"""Bytes; who asks for fewer makes no way, and a call for each of them would have no end."""

_MOST_STALLS = 3
"""How often one prepare lets Facebook make no way before it gives up for now."""

_ENDED = {"error", "expired", "upload_failed"}
_PHASES = ("uploading", "processing", "publishing")


class FacebookVideos:
    """The part of a Page that speaks the two upload protocols of video."""

    def __init__(self, graph: Graph, page_id: str, media_root: Path, progress: Progress) -> None:
        self._graph = graph
        self._page = page_id
        self._root = media_root
        self._progress = progress
        self._rupload = Rupload(graph, REELS, media_root, progress)

    def build_video(self, video: Asset, cover: Asset | None, scaffold: Scaffold) -> None:
        """Bring the video's bytes to Facebook in a transfer session, from where it stands."""
        self._bring(video, scaffold)
        self._put_in_front("video", cover, scaffold)

    def _bring(self, video: Asset, scaffold: Scaffold) -> None:
        if "video.sent" in scaffold:
            return
        if "video" in scaffold:
            try:
                self._transfer(video, scaffold)
            except GraphError as error:
                if not is_lost(error):
                    raise
                scaffold.drop("video")
        if "video" not in scaffold:
            self._begin(video, scaffold)
            self._transfer(video, scaffold)
        scaffold.keep("video.sent")

    def build_reel(self, video: Asset, cover: Asset | None, scaffold: Scaffold) -> None:
        """Bring the reel's bytes to Facebook through rupload."""
        self._rupload.bring("reel", video, scaffold, lambda: self._open("video_reels"))
        self._put_in_front("reel", cover, scaffold)

    def build_story(self, video: Asset, scaffold: Scaffold) -> None:
        """Bring the story's bytes to Facebook through rupload."""
        self._rupload.bring("story", video, scaffold, lambda: self._open("video_stories"))

    def _put_in_front(self, part: str, cover: Asset | None, scaffold: Scaffold) -> None:
        """Let a picture stand for the video. Where that fails, Facebook chooses a frame itself."""
        if cover is None or f"{part}.cover" in scaffold:
            return
        try:
            with outgoing(self._root, cover, self._progress) as file:
                answer = self._graph.send(
                    GRAPH, f"{scaffold[part]}/thumbnails", file, is_preferred=True
                )
            must_be_done(answer)
        except (GraphError, NoAnswer, Unfulfilled) as error:
            scaffold.tell(f"{part}.cover", f"Facebook did not take the cover of the video: {error}")
        scaffold.keep(f"{part}.cover")

    def publish_video(self, parts: Mapping[str, str], variant: Variant) -> Receipt:
        """The one call that makes an uploaded video public."""
        answer = self._graph.send(
            GRAPH_VIDEO,
            f"{self._page}/videos",
            upload_phase="finish",
            upload_session_id=parts["video.session"],
            description=variant.text or None,
            is_ai_generated=variant.extras.made_with_ai or None,
            published=True,
        )
        must_be_done(answer)
        url = video_url(self._page, parts["video"])
        return self.once_shown(Receipt(remote_id=parts["video"], url=url))

    def publish_reel(self, parts: Mapping[str, str], variant: Variant) -> Receipt:
        """The one call that makes an uploaded reel public."""
        answer = self._graph.post(
            f"{self._page}/video_reels",
            upload_phase="finish",
            video_id=parts["reel"],
            video_state="PUBLISHED",
            description=variant.text or None,
            place=variant.extras.location or None,
            is_ai_generated=variant.extras.made_with_ai or None,
        )
        must_be_done(answer)
        return self.once_shown(Receipt(remote_id=parts["reel"], url=reel_url(parts["reel"])))

    def once_shown(self, receipt: Receipt) -> Receipt:
        """The receipt of a video that Facebook accepted, if it is public or nobody can tell.

        Raises Unfulfilled with Accepted while it is known not to be: Facebook processes a video
        after its yes, and one that fails then never appears.
        """
        try:
            is_hidden = self.is_public(receipt.remote_id) is False
        except Unfulfilled:
            is_hidden = True
        except (GraphError, NoAnswer):
            is_hidden = False
        if is_hidden:
            reason = "Facebook has accepted the video and is still processing it."
            raise Unfulfilled(Accepted(receipt, reason))
        return receipt

    def is_public(self, video_id: str) -> bool | None:
        """Whether the video or reel is public; None where its status does not tell.

        Raises Unfulfilled with Unread while Facebook works on what it was told to publish. The
        phases are asked before `video_status`, which Meta's own examples show as "processing" while
        the bytes are still going up.
        """
        status = inner(self._graph.get(video_id, fields="id,status"), "status")
        phases = {name: inner(status, f"{name}_phase") for name in _PHASES}
        states = {name: text(phase, "status") for name, phase in phases.items()}
        intent = text(phases["publishing"], "publish_status")
        if _has_ended(status):
            if intent == "published":
                reason = "Facebook calls the video published and failed in one answer."
                raise Unfulfilled(Unread(reason))
            return False
        if intent == "published":
            return True
        if intent == "draft":
            return False
        if text(status, "video_status") == "ready":
            return False if states["publishing"] == "not_started" else None
        if {states["processing"], states["publishing"]} - {"", "not_started"}:
            raise Unfulfilled(Unread("Facebook is still working on the video."))
        return False if status else None

    def forget_failed(self, scaffold: Scaffold, *, asked: bool) -> None:
        """What Facebook could not process is to be sent anew; likewise what is gone.

        Raises Unfulfilled with Suspected for what may be public, which is not to be there twice:
        of a video that was `asked` for, reads have said that it is gone while it was there.
        """
        for part in ("video", "reel", "story"):
            if f"{part}.sent" in scaffold and self._is_of_no_use(scaffold[part], asked=asked):
                scaffold.drop(part)

    def _is_of_no_use(self, video_id: str, *, asked: bool) -> bool:
        try:
            status = inner(self._graph.get(video_id, fields="id,status"), "status")
        except GraphError as error:
            if not is_lost(error):
                raise
            if asked:
                reason = "Facebook does not tell what became of the video that it was given."
                raise Unfulfilled(Suspected(reason)) from None
            return True
        if text(inner(status, "publishing_phase"), "publish_status") == "published":
            raise Unfulfilled(Suspected("Facebook says that this video was published already."))
        return _has_ended(status)

    def _open(self, edge: str) -> Answer:
        return self._graph.post(f"{self._page}/{edge}", upload_phase="start")

    def _begin(self, video: Asset, scaffold: Scaffold) -> None:
        answer = self._graph.send(
            GRAPH_VIDEO, f"{self._page}/videos", upload_phase="start", file_size=video.size
        )
        scaffold.keep_together(
            {
                "video": told(answer, "video_id"),
                "video.session": told(answer, "upload_session_id"),
                "video.offsets": _offsets(answer, video.size),
            }
        )

    def _transfer(self, video: Asset, scaffold: Scaffold) -> None:
        """Send stretch after stretch, each as Facebook asks for it, until it asks for no more."""
        stalls = 0
        answer: Mapping[str, Any]
        start, end = map(int, scaffold["video.offsets"].split("-"))
        while start < end:
            try:
                with outgoing(self._root, video, self._progress, start=start, end=end) as file:
                    answer = self._graph.send(
                        GRAPH_VIDEO,
                        f"{self._page}/videos",
                        file,
                        upload_phase="transfer",
                        upload_session_id=scaffold["video.session"],
                        start_offset=start,
                    )
            except GraphError as error:
                if "start_offset" not in error.error_data:
                    raise
                answer = error.error_data
            before = start
            scaffold.keep("video.offsets", _offsets(answer, video.size))
            start, end = map(int, scaffold["video.offsets"].split("-"))
            stalls += start < min(before + _LEAST_STEP, video.size)
            if stalls > _MOST_STALLS:
                raise GraphError("Facebook keeps asking for the same bytes.", status=200)


def video_url(page_id: str, video_id: str) -> str:
    """Where a Page's video can be seen."""
    return f"https://www.facebook.com/{page_id}/videos/{video_id}"


def reel_url(video_id: str) -> str:
    """Where a reel can be seen."""
    return f"https://www.facebook.com/reel/{video_id}"


def _has_ended(status: Mapping[str, Any]) -> bool:
    """Whether Facebook says that nothing more will come of the video."""
    states = {text(inner(status, f"{name}_phase"), "status") for name in _PHASES}
    return text(status, "video_status") in _ENDED or "error" in states


def _offsets(answer: Mapping[str, Any], size: int) -> str:
    """Where the next stretch begins and ends; refuses what is not inside the file."""
    start = whole(answer.get("start_offset"))
    end = whole(answer.get("end_offset"))
    if start is not None and end is None:
        end = min(start + _STRETCH, size)
    if start is None or end is None or not 0 <= start <= end <= size:
        raise GraphError(f"Facebook asks for the bytes {start} to {end} of {size}.", status=200)
    return f"{start}-{end}"


def must_be_done(answer: Answer) -> None:
    """Raises GraphError for an answer that is no clear yes."""
    if answer.get("success") is not True:
        raise GraphError("Facebook did not say that it is done.", status=200)
