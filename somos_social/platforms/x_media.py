"""Media for X: uploaded in chunks, described for those who cannot see, polled once per call."""

import base64
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from somos_social.core.events import NotReady, Refused, Unanswered
from somos_social.core.model.asset import Asset, Kind
from somos_social.platforms import Progress, Unfulfilled
from somos_social.platforms.answers import Answer, inner, tellable, text, whole
from somos_social.platforms.outgoing import outgoing
from somos_social.platforms.scaffold import Scaffold
from somos_social.platforms.x_client import XClient, told
from somos_social.platforms.x_errors import XError

CHUNK = 720 * 1024
"""Bytes of a chunk: X's edge turns away requests of more than 1 MiB, and base64 adds a third."""

_CATEGORIES = {
    Kind.IMAGE: "tweet_image",
    Kind.GIF: "tweet_gif",
    Kind.VIDEO: "tweet_video",
}
_AT_WORK = ("in_progress", "succeeded", "failed")
"""What X says only of a file that it knows to be whole."""
_PAUSE = 5
"""Seconds until the next poll where X names none."""
_LONGEST_PAUSE = 60 * 60
"""Seconds; to look again after an hour is late enough."""


class XMedia:
    """The media of one account."""

    def __init__(
        self,
        client: XClient,
        *,
        media_root: Path,
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._client = client
        self._root = media_root
        self._now = now
        self._progress = progress

    def bring(self, part: str, asset: Asset, scaffold: Scaffold) -> None:
        """`asset` ready to be posted, its media id kept as `part`."""
        if f"{part}.ready" not in scaffold:
            self._upload(part, asset, scaffold)
            scaffold.keep(f"{part}.ready")
        if asset.alt and f"{part}.alt" not in scaffold:
            self._describe(part, asset, scaffold)
            scaffold.keep(f"{part}.alt")

    def _upload(self, part: str, asset: Asset, scaffold: Scaffold) -> None:
        """From where it stands; an upload begun before and lost since is begun anew."""
        if part in scaffold:
            try:
                self._go_on(part, asset, scaffold)
            except XError as error:
                if error.status not in {400, 404}:
                    raise
                scaffold.drop(part)
        if part not in scaffold:
            self._begin(part, asset, scaffold)
            self._go_on(part, asset, scaffold)

    def _begin(self, part: str, asset: Asset, scaffold: Scaffold) -> None:
        wanted = {
            "media_type": asset.mime,
            "media_category": _CATEGORIES[asset.kind],
            "total_bytes": asset.size,
        }
        answer = self._client.send("POST", "/2/media/upload/initialize", json=wanted)
        scaffold.keep(part, told(_data(answer), "id"))

    def _go_on(self, part: str, asset: Asset, scaffold: Scaffold) -> None:
        if f"{part}.complete" in scaffold:
            answer = self._status(scaffold[part])
        else:
            answer = self._complete(part, asset, scaffold)
            scaffold.keep(f"{part}.complete")
        self._must_be_processed(part, _data(answer), asset, scaffold)

    def _status(self, media_id: str) -> Answer:
        query = {"command": "STATUS", "media_id": media_id}
        return self._client.send("GET", "/2/media/upload", params=query)

    def _complete(self, part: str, asset: Asset, scaffold: Scaffold) -> Answer:
        """X's word on the whole file. Where all of it is there already, its answer may be lost."""
        if self._all_sent(part, asset, scaffold):
            with suppress(XError):
                # Media that X does not work on have no status, complete or not.
                answer = self._status(scaffold[part])
                if inner(_data(answer), "processing_info").get("state") in _AT_WORK:
                    return answer
        self._append(part, asset, scaffold)
        return self._client.send("POST", f"/2/media/upload/{scaffold[part]}/finalize")

    def _all_sent(self, part: str, asset: Asset, scaffold: Scaffold) -> bool:
        chunks = int(scaffold[f"{part}.chunks"]) if f"{part}.chunks" in scaffold else 0
        return chunks * CHUNK >= asset.size

    def _append(self, part: str, asset: Asset, scaffold: Scaffold) -> None:
        done = int(scaffold[f"{part}.chunks"]) if f"{part}.chunks" in scaffold else 0
        start = min(done * CHUNK, asset.size)
        with outgoing(self._root, asset, self._progress, start=start) as file:
            while chunk := file.read(CHUNK):
                self._client.send(
                    "POST",
                    f"/2/media/upload/{scaffold[part]}/append",
                    json={"segment_index": done, "media": base64.b64encode(chunk).decode()},
                )
                done += 1
                scaffold.keep(f"{part}.chunks", str(done))

    def _must_be_processed(self, part: str, data: Answer, asset: Asset, scaffold: Scaffold) -> None:
        """Only media that X works on after the upload say anything about it."""
        info = data.get("processing_info")
        if not isinstance(info, dict) or info.get("state") == "succeeded":
            return
        if info.get("state") != "failed":
            seconds = whole(info.get("check_after_secs")) or 0
            pause = min(seconds, _LONGEST_PAUSE) if seconds > 0 else _PAUSE
            raise Unfulfilled(NotReady(self._now() + timedelta(seconds=pause), None))
        error = inner(info, "error")
        why = tellable(text(error, "message")) or "no reason given"
        reason = f"X cannot use {asset.path}: {why}"
        scaffold.drop(part)
        if error.get("name") == "InternalError":
            raise Unfulfilled(Unanswered(reason))
        raise Unfulfilled(Refused(reason))

    def _describe(self, part: str, asset: Asset, scaffold: Scaffold) -> None:
        described = {"id": scaffold[part], "metadata": {"alt_text": {"text": asset.alt}}}
        try:
            self._client.send("POST", "/2/media/metadata", json=described)
        except XError as error:
            # X documents alt text for images and GIFs; a video goes out without where refused.
            if asset.kind is not Kind.VIDEO or error.status not in {400, 403}:
                raise
            why = f"X did not take the description of the video: {error.message}"
            scaffold.tell(part, why)


def _data(answer: Answer) -> Answer:
    data = answer.get("data")
    if not isinstance(data, dict):
        raise XError("X answered without data.", status=200)
    return data
