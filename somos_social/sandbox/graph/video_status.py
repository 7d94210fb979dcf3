"""The `status` of a video: uploading, processing and publishing, as the clock has them."""

from datetime import datetime
from typing import Any

from somos_social.sandbox.graph.objects import VIDEO_PROCESSING, Video
from somos_social.sandbox.wire import graph_time


def status_of(video: Video, now: datetime) -> dict[str, Any]:
    """The three phases; the count of bytes is spelled `bytes_transfered` as Meta's pages do."""
    uploaded = video.finished_at is not None or video.upload.complete
    ready = video.ready(now)
    uploading = {
        "status": "complete" if uploaded else "in_progress",
        "bytes_transfered": video.upload.received,
        "source_file_size": video.upload.expected,
    }
    processing = {
        "status": "error"
        if ready and video.fails
        else "complete"
        if ready
        else "in_progress"
        if video.finished_at is not None
        else "not_started"
    }
    return {
        "video_status": _overall(video, uploaded, ready),
        "uploading_phase": uploading,
        "processing_phase": processing,
        "publishing_phase": _publishing(video),
    }


def _overall(video: Video, uploaded: bool, ready: bool) -> str:
    if ready:
        return "error" if video.fails else "ready"
    if video.finished_at is not None:
        return "processing"
    return "upload_complete" if uploaded else "uploading"


def _publishing(video: Video) -> dict[str, Any]:
    if video.post_id is not None and video.finished_at is not None:
        return {
            "status": "complete",
            "publish_status": "published",
            "publish_time": graph_time(video.finished_at + VIDEO_PROCESSING),
        }
    if video.finished_at is not None and not video.wants_public:
        return {"status": "complete", "publish_status": "draft"}
    return {"status": "not_started"}
