"""rupload: raw bytes of a reel, a story or an Instagram video, resumable at the last byte."""

from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from somos_social.sandbox.graph.containers import upload_arrived
from somos_social.sandbox.graph.errors import GraphError, invalid, no_token
from somos_social.sandbox.graph.objects import Container, Upload, Video, owner_of
from somos_social.sandbox.graph.tokens import callers_of
from somos_social.sandbox.intake import NotFetched, TooLarge
from somos_social.sandbox.wire import json_response
from somos_social.sandbox.world import World

LARGEST = 4 * 1024**3


def failure(kind: str, message: str, *, retriable: bool, **more: Any) -> Response:
    """The body that rupload answers instead of the Graph envelope."""
    info = {"retriable": retriable, "type": kind, "message": message}
    return json_response({"debug_info": info | more}, 400)


async def rupload(request: Request) -> Response:
    """GET tells the bytes received; POST adds raw bytes from `offset` or fetches `file_url`."""
    world: World = request.app.state.world
    world.settle()
    try:
        target, upload = _target(request, world)
    except GraphError as error:
        return error.response()
    if upload is None:
        return failure("ProcessingFailedError", "No upload is open here", retriable=False)
    if request.method == "GET":
        return json_response({"offset": upload.received})
    if "file_url" in request.headers:
        answer = await _fetch(world, upload, request.headers["file_url"])
    else:
        answer = await _append(request, world, upload)
    if isinstance(target, Container) and upload.complete:
        await upload_arrived(world, target)
    return answer


def _target(request: Request, world: World) -> tuple[Video | Container, Upload | None]:
    scheme, _, _ = request.headers.get("authorization", "").partition(" ")
    if scheme != "OAuth":
        raise no_token()
    callers = callers_of(world, request, {})
    found = world.objects.get(request.path_params["target"])
    service = "video-upload" if isinstance(found, Video) else "ig-api-upload"
    if not isinstance(found, Video | Container) or request.path_params["service"] != service:
        raise invalid("Unknown upload", subcode=33)
    if owner_of(found) not in callers:
        raise invalid("Unknown upload", subcode=33)
    if isinstance(found, Video) and (found.format == "feed" or found.finished_at is not None):
        return found, None
    return found, found.upload


async def _append(request: Request, world: World, upload: Upload) -> Response:
    offset, size = request.headers.get("offset", ""), request.headers.get("file_size", "")
    if not (offset.isdigit() and size.isdigit()) or not 0 < int(size) <= LARGEST:
        return failure(
            "ProcessingFailedError", "The headers offset and file_size are needed", retriable=False
        )
    if upload.expected not in (None, int(size)):
        return failure("ProcessingFailedError", "file_size has changed", retriable=False)
    if int(offset) != upload.received:
        return failure(
            "OffsetInvalidError",
            f"Request starting offset is invalid; continue at {upload.received}",
            retriable=True,
            bytes_transfered=upload.received,
        )
    upload.expected = int(size)
    room = upload.expected - upload.received
    try:
        await world.intake.append(upload.path, request.stream(), room)
    except TooLarge:
        upload.path.unlink()
        return failure("ProcessingFailedError", "More bytes came than file_size", retriable=False)
    except ClientDisconnect:
        return Response(status_code=400)
    if not upload.complete:
        return failure(
            "PartialRequestError",
            f"{upload.received} of {upload.expected} bytes are here",
            retriable=True,
            bytes_transfered=upload.received,
        )
    return json_response({"success": True, "message": "Upload successful."})


async def _fetch(world: World, upload: Upload, url: str) -> Response:
    if "fbcdn" in url:
        return failure("ProcessingFailedError", "fbcdn URLs are not allowed", retriable=False)
    try:
        file = await world.intake.fetch(url, LARGEST)
    except (NotFetched, TooLarge):
        return failure("ProcessingFailedError", "The file could not be fetched", retriable=True)
    upload.path, upload.expected = file.path, file.size
    return json_response({"success": True, "message": "Upload successful."})
