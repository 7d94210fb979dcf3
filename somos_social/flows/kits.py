"""Makes what an influencer gets, where everyone who is seen in it allows that."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from somos_social import media
from somos_social.core.clearance import lacking
from somos_social.core.model.asset import Asset
from somos_social.core.model.handoff import Handoff, HandoffStatus
from somos_social.core.people import INFLUENCERS
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles, NotAllowed, Problem, UsageError
from somos_social.flows import App
from somos_social.kit import Built, Kit, Piece, build
from somos_social.kit.folder import is_kit, zip_of
from somos_social.kit.html import as_html
from somos_social.kit.pages import page_of

_OVER = (HandoffStatus.DECLINED, HandoffStatus.CANCELLED)
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def make(
    app: App,
    handoff: Handoff,
    folder: Path,
    *,
    force: bool = False,
    progress: media.Progress = lambda *_: None,
) -> Built:
    """The kit in a new folder, or with `force` in the place of an earlier one; it is logged.

    Raises NotAllowed where someone's consent is not for this, or the hand-off is over; UsageError
    for a folder that may not be written; InvalidFiles where the media are not as they were.
    """
    _refuse_over(handoff)
    refuse_unconsented(app, handoff)
    _refuse_folder(folder, force=force)
    kit = _kit(app, handoff, progress)
    try:
        built = build(kit, folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from None
    words = f"{built.zip.name} SHA-256 {built.sha256}"
    app.store.note_kit(handoff, words, now=app.now(), actor=app.actor)
    return built


def page(app: App, handoff: Handoff) -> str:
    """The readable page of the kit in HTML, which needs nothing else; nothing is written.

    Raises what `make` raises of consents and media.
    """
    _refuse_over(handoff)
    refuse_unconsented(app, handoff)
    return as_html(page_of(_kit(app, handoff)))


def is_to_be_had(handoff: Handoff) -> bool:
    """Whether there is anything to hand over yet, or still."""
    return handoff.status not in _OVER


def _refuse_over(handoff: Handoff) -> None:
    if not is_to_be_had(handoff):
        raise NotAllowed(f"{handoff.name} is {handoff.status}: nothing is handed over.")


def _kit(app: App, handoff: Handoff, progress: media.Progress = lambda *_: None) -> Kit:
    pieces = tuple(_pieces(app, handoff, progress))
    # Making takes a while, in which somebody may have withdrawn.
    refuse_unconsented(app, handoff)
    return Kit(handoff=handoff, pieces=pieces)


def refuse_unconsented(app: App, handoff: Handoff) -> None:
    """Raises NotAllowed unless all who can be recognised let influencers show them."""
    consents = app.store.consents.known()
    if why := lacking(handoff.ask.assets, consents, INFLUENCERS, app.now()):
        raise NotAllowed(f"Nothing of {handoff.name} may be handed over: {'; '.join(why)}.")


def _refuse_folder(folder: Path, *, force: bool) -> None:
    """Nothing that is not a kit is ever replaced."""
    if not folder.parent.is_dir():
        raise UsageError(f"The folder {folder.parent} does not exist. Make it, or name another.")
    for there in (folder, zip_of(folder)):
        if not (there.exists() or there.is_symlink()):
            continue
        if not force:
            raise UsageError(f"{there} exists. Name another --out, or replace it with --force.")
        if there == folder and not is_kit(folder):
            raise UsageError(f"{there} is no kit that could be replaced. Name another --out.")


def _pieces(app: App, handoff: Handoff, progress: media.Progress) -> Iterator[Piece]:
    originals = {asset.path: asset for asset in handoff.ask.assets}
    for network, assets in handoff.ask.media.items():
        for number, asset in enumerate(assets, start=1):
            made = media.rendition(app.media_root, asset, progress)
            source = _located(app.media_root, made)
            yield Piece(
                network=network,
                name=f"medios/{network}/{number:02}-{_name_of(asset, made)}",
                source=source,
                asset=made,
                original=originals[asset.path],
                preview=media.preview(source, made),
            )


def _located(root: Path, asset: Asset) -> Path:
    try:
        return media.locate(root, asset.path)
    except Unfit as unfit:
        found = Problem(file=str(root / asset.path), key="", problem=unfit.problem, hint=unfit.hint)
        raise InvalidFiles([found]) from None


def _name_of(asset: Asset, made: Asset) -> str:
    """A name that every system and every zip takes: the asset's, with the ending of what it is."""
    stem = _ODD.sub("_", PurePosixPath(asset.path).stem)[:80] or "archivo"
    return f"{stem}{PurePosixPath(made.path).suffix.lower()}"
