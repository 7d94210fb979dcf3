"""Uploading media to X in one shot or in chunks of at most 1 MiB, and giving them alt text."""

import base64
import binascii
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from somos_social.sandbox.inspection import note
from somos_social.sandbox.intake import StoredFile
from somos_social.sandbox.wire import json_response
from somos_social.sandbox.x.calls import XCall
from somos_social.sandbox.x.media_rules import check_announced, inspect, type_of
from somos_social.sandbox.x.objects import MEDIA_LIFE, PROCESSING, XMedia
from somos_social.sandbox.x.problems import XError, invalid

CHUNK = 1024 * 1024
ONE_SHOT = 16 * 1024 * 1024
SEGMENTS = 1000
ALT_TEXT = 1000
LIFE = int(MEDIA_LIFE.total_seconds())


async def initialize(call: XCall) -> tuple[int, dict[str, Any]]:
    """POST /2/media/upload/initialize."""
    body = await call.json_object()
    for name in body:
        if name not in {"media_type", "media_category", "total_bytes", "shared"}:
            raise invalid(f"$.{name}: is not defined in the schema")
    kind, category, size = (body.get(k) for k in ("media_type", "media_category", "total_bytes"))
    check_announced(kind, category, size)
    media = _new(call, str(category), str(kind), int(size or 0))
    return 200, {"data": {"id": media.id, "media_key": media.key, "expires_after_secs": LIFE}}


def _new(call: XCall, category: str, kind: str, size: int, path: Path | None = None) -> XMedia:
    media = XMedia(
        id=call.world.snowflake(),
        owner=call.caller,
        category=category,
        media_type=kind,
        total_bytes=size,
        created_at=call.world.now(),
        path=path or call.world.intake.new_path(),
    )
    call.network.media[media.id] = media
    return media


async def append(call: XCall) -> tuple[int, dict[str, Any]]:
    """POST /2/media/upload/{id}/append; more than 1 MiB is cut off at the edge with a bare 413."""
    media = _open(call)
    index, stored = await _segment(call)
    if not index.isdigit() or int(index) >= SEGMENTS:
        raise invalid("$.segment_index: must be an integer from 0 to 999")
    if not stored.size:
        raise invalid("$.media: must not be empty")
    media.parts[int(index)] = stored.path
    return 200, {"data": {"expires_at": int((media.created_at + MEDIA_LIFE).timestamp())}}


def _open(call: XCall) -> XMedia:
    media = call.network.media.get(call.id)
    if media is None or media.owner != call.caller or media.finalized_at is not None:
        raise invalid("The media ID is not an open upload of this user.", {"id": [call.id]})
    return media


def _too_large() -> XError:
    return XError(Response(status_code=413))


async def _segment(call: XCall) -> tuple[str, StoredFile]:
    """The index and the bytes of a chunk, from JSON with base64 or from a multipart form."""
    length = int(call.request.headers.get("content-length", "0"))
    if length > CHUNK * 4 // 3 + 4096:
        raise _too_large()
    fields, data = await _body(call)
    if set(fields) - {"segment_index"}:
        raise invalid("The body takes media and segment_index only")
    if data.size > CHUNK:
        raise _too_large()
    return str(fields.get("segment_index", "")), data


async def _body(call: XCall) -> tuple[dict[str, Any], StoredFile]:
    """The fields beside `media`, and the media stored."""
    if call.request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await call.request.form()
        fields: dict[str, Any] = {k: v for k, v in form.items() if k != "media"}
        note(call.request, form=dict(fields))
        upload = form.get("media")
        if not isinstance(upload, UploadFile):
            raise invalid("$.media: must be a file")
        return fields, await call.world.intake.keep_upload(upload)
    body = await call.json_object()
    index = body.get("segment_index", 0)
    if isinstance(index, bool) or not isinstance(index, int):
        raise invalid("$.segment_index: must be an integer")
    try:
        data = base64.b64decode(body.pop("media", None) or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise invalid("$.media: must be base64") from None
    return body, call.world.intake.keep_bytes(data)


async def finalize(call: XCall) -> tuple[int, dict[str, Any]]:
    """POST /2/media/upload/{id}/finalize; every segment and every byte must be here."""
    media = _open(call)
    parts = [media.parts[index] for index in sorted(media.parts)]
    if sorted(media.parts) != list(range(len(parts))) or not parts:
        raise invalid("Segments do not add up to provided total file size.")
    if sum(part.stat().st_size for part in parts) != media.total_bytes:
        raise invalid("Segments do not add up to provided total file size.")
    await run_in_threadpool(call.world.intake.join, parts, media.path)
    await _accept(call, media)
    return 200, {"data": _described(call, media)}


async def _accept(call: XCall, media: XMedia) -> None:
    """A bad image is refused; a bad video or GIF fails while it is processed."""
    reason = await run_in_threadpool(inspect, media)
    if reason and media.category == "tweet_image":
        del call.network.media[media.id]
        raise invalid(reason)
    media.failure = reason
    media.sha256 = call.world.intake.stored(media.path).sha256
    media.finalized_at = call.world.now()


def _described(call: XCall, media: XMedia) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": media.id,
        "media_key": media.key,
        "size": media.total_bytes,
        "expires_after_secs": LIFE,
    }
    if media.category not in PROCESSING:
        size = {"image_type": media.media_type, "w": media.width, "h": media.height}
        return answer | {"image": size}
    state = media.state(call.world.now())
    info: dict[str, Any] = {"state": state, "progress_percent": media.progress(call.world.now())}
    if state in {"pending", "in_progress"}:
        info["check_after_secs"] = 5
    if state == "failed":
        info["error"] = {"code": 1, "name": "InvalidMedia", "message": media.failure}
    return answer | {"processing_info": info, "video": {"video_type": media.media_type}}


async def status(call: XCall) -> tuple[int, dict[str, Any]]:
    """GET /2/media/upload?command=STATUS; media that are never processed have none."""
    query = call.query("command", "media_id")
    if query.get("command", "STATUS") != "STATUS":
        raise invalid("command must be STATUS")
    media = call.network.media.get(query.get("media_id", ""))
    unprocessed = media is None or media.category not in PROCESSING or media.finalized_at is None
    if media is None or media.owner != call.caller or unprocessed:
        raise XError(
            json_response(
                {
                    "errors": [{"message": "BadRequest: Not found"}],
                    "title": "Invalid Request",
                    "detail": "One or more parameters to your request was invalid.",
                    "type": "https://api.x.com/2/problems/invalid-request",
                },
                400,
                "utf-8",
            )
        )
    return 200, {"data": _described(call, media)}


async def metadata(call: XCall) -> tuple[int, dict[str, Any]]:
    """POST /2/media/metadata: the alt text of an image or a GIF, up to 1000 characters."""
    body = await call.json_object()
    media = call.network.media.get(str(body.get("id")))
    if set(body) != {"id", "metadata"} or not isinstance(body["metadata"], dict):
        raise invalid("The body takes id and metadata")
    if media is None or media.owner != call.caller:
        raise invalid("The media ID is not valid.", {"id": [str(body["id"])]})
    alt = body["metadata"].get("alt_text")
    text = alt.get("text") if isinstance(alt, dict) and set(alt) == {"text"} else None
    if not isinstance(text, str) or not 1 <= len(text) <= ALT_TEXT:
        raise invalid("$.metadata.alt_text.text: must have 1 to 1000 characters")
    media.alt = text
    return 200, {"data": {"id": media.id, "associated_metadata": body["metadata"]}}


async def one_shot(call: XCall) -> tuple[int, dict[str, Any]]:
    """POST /2/media/upload: a small file whole."""
    if int(call.request.headers.get("content-length", "0")) > ONE_SHOT * 4 // 3 + 4096:
        raise _too_large()
    fields, stored = await _body(call)
    if set(fields) - {"media_category", "media_type", "additional_owners"}:
        raise invalid("The body takes media, media_category and media_type only")
    category = fields.get("media_category")
    kind = fields.get("media_type") or await run_in_threadpool(type_of, stored.path)
    check_announced(kind, category, stored.size)
    media = _new(call, str(category), str(kind), stored.size, stored.path)
    await _accept(call, media)
    return 200, {"data": _described(call, media)}
