"""Meta's upload host for reels and Instagram videos: each byte goes up once, cut or not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from somos_social.core.events import Unanswered
from somos_social.core.model.asset import Asset
from somos_social.platforms import Progress, Unfulfilled
from somos_social.platforms.answers import Answer, inner, whole
from somos_social.platforms.graph import Graph, GraphError, told
from somos_social.platforms.graph_errors import is_lost
from somos_social.platforms.outgoing import outgoing
from somos_social.platforms.scaffold import Scaffold


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The names that one of rupload's services uses in its addresses and answers."""

    name: str
    id: str
    address: str
    status: str


REELS = Service(name="video-upload", id="video_id", address="upload_url", status="status")
CONTAINERS = Service(name="ig-api-upload", id="id", address="uri", status="video_status")


class Rupload:
    """Uploads through one service, for one account."""

    def __init__(
        self, graph: Graph, service: Service, media_root: Path, progress: Progress
    ) -> None:
        self._graph = graph
        self._service = service
        self._root = media_root
        self._progress = progress

    def bring(
        self, part: str, video: Asset, scaffold: Scaffold, begin: Callable[[], Answer]
    ) -> None:
        """All bytes of `video` at Meta, its upload's id kept as `part`; `begin` opens an upload."""
        if f"{part}.sent" in scaffold:
            return
        received = self._received(part, video, scaffold) if part in scaffold else 0
        if received:
            scaffold.keep(f"{part}.bytes", str(received))
        if part not in scaffold:
            answer = begin()
            upload_id, where = told(answer, self._service.id), answer.get(self._service.address)
            address = self._graph.upload_address(where, self._service.name, upload_id)
            scaffold.keep_together({part: upload_id, f"{part}.address": address})
        if received < video.size:
            self._send(part, video, scaffold, received)
        scaffold.keep(f"{part}.sent")

    def _received(self, part: str, video: Asset, scaffold: Scaffold) -> int:
        """How many bytes of an upload begun before are there; forgets one that is lost."""
        try:
            answer = self._graph.get(scaffold[part], fields=self._service.status)
        except GraphError as error:
            if not is_lost(error):
                raise
            scaffold.drop(part)
            return 0
        uploading = inner(inner(answer, self._service.status), "uploading_phase")
        # Meta's pages spell it one way, its SDK the other.
        received = whole(uploading.get("bytes_transfered", uploading.get("bytes_transferred")))
        if received is None and uploading.get("status") == "complete":
            return video.size
        return max(received or 0, 0)

    def _send(self, part: str, video: Asset, scaffold: Scaffold, received: int) -> None:
        try:
            with outgoing(self._root, video, self._progress, start=received) as file:
                self._graph.rupload(
                    scaffold[f"{part}.address"], file, offset=received, size=video.size
                )
        except GraphError as error:
            misplaced = f"{part}.misplaced"
            if error.kind == "OffsetInvalidError" and misplaced not in scaffold:
                # Bytes of a call that was cut may just have arrived: it is asked once more.
                scaffold.keep(misplaced)
                raise
            if error.kind not in ("OffsetInvalidError", "ProcessingFailedError"):
                raise
            reason = f"{self._graph.network} could not take {video.path}: {error.message}"
        else:
            return
        scaffold.drop(part)
        raise Unfulfilled(Unanswered(reason))
