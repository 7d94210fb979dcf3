"""The pictures and films of a post; nothing that no delivery of it names, or ever was shown by."""

from collections.abc import Iterator

from starlette.responses import FileResponse, Response

from somos_social.board.halting import Halt
from somos_social.board.pictures import FILMS, name_of
from somos_social.board.visit import Visit
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Variant
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles

CACHED = "private, max-age=3600"


def show(visit: Visit) -> Response:
    """Raises Halt for what is not there, or is not any more what was scheduled."""
    asked = visit.request.path_params
    name, _, ending = asked["name"].partition(".")
    pictures = visit.board.pictures
    assets = {name_of(asset): asset for asset in _named(visit, asked["campaign"], asked["post"])}
    asset = assets.get(name)
    if asset is None or not pictures.is_unchanged(asset):
        raise Halt(404)
    headers = {"cache-control": CACHED}
    try:
        if ending == "jpg":
            return Response(pictures.still(asset), media_type="image/jpeg", headers=headers)
        if ending == "film" and asset.kind is not Kind.IMAGE:
            file, mime = pictures.film(asset)
            if mime in FILMS:
                return FileResponse(file, media_type=mime, headers=headers)
    except (InvalidFiles, OSError, Unfit):
        pass
    raise Halt(404)


def _named(visit: Visit, campaign: str, post: str) -> Iterator[Asset]:
    for variant in _variants(visit, campaign, post):
        yield from variant.files


def _variants(visit: Visit, campaign: str, post: str) -> Iterator[Variant]:
    store = visit.board.app.store
    found = store.pages.of_post(campaign, post)
    keys = [delivery.key for delivery in found]
    for delivery in found:
        yield delivery.variant
    yield from (approval.variant for approval in store.approvals.given(keys))
    yield from (request.variant for request in store.approvals.change_requests(keys))
