"""Takes the draft of an influencer, and holds it against all that a post of theirs must keep."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from somos_social.core.clearance import lacking
from somos_social.core.desk.looking import of_words
from somos_social.core.desk.rules import WITHDRAWN_PERSON, Level, Remark, remark
from somos_social.core.disclosure import discloses, names
from somos_social.core.fitting import Source
from somos_social.core.fitting import fitted as made_fit
from somos_social.core.limits import LIMITS
from somos_social.core.model.asset import Asset, Trait
from somos_social.core.model.handoff import Draft, DraftFile, Handoff
from somos_social.core.model.post import Format, Variant
from somos_social.core.networks import ANY, NETWORKS
from somos_social.core.people import INFLUENCERS
from somos_social.core.rules import problems_of
from somos_social.document import Report, Unfit, fitted
from somos_social.errors import InvalidFiles, NotAllowed, Problem, UsageError
from somos_social.files.handoffs import format_of
from somos_social.files.shapes import CaptionShape
from somos_social.flows import App
from somos_social.media import MediaFolder

_DRAFT = "the draft"


def read(
    app: App, handoff: Handoff, *, text: str, paths: Sequence[Path], network: str = ""
) -> Draft:
    """The draft, where nothing speaks against it; nothing is written.

    Raises UsageError, InvalidFiles with every problem of it, and NotAllowed where someone who is
    seen in it has not consented.
    """
    if not text.strip() and not paths:
        raise UsageError("A draft is a text, files, or both: --text, --text-file, --file.")
    networks = _networks(handoff, network)
    report = Report(_DRAFT)
    problems: list[Problem] = []
    words = fitted(CaptionShape, {"text": text}, report).text
    sources = list(_sources(paths, problems))
    _look_for_withdrawn(app, sources, report)
    if len(sources) == len(paths) and not report.problems:
        _hold_against(handoff, networks, words, sources, report)
    if found := [*report.problems, *problems]:
        raise InvalidFiles(list(dict.fromkeys(found)))
    _refuse_unconsented(app, sources)
    ours = MediaFolder(app.media_root)
    return Draft(
        text=words,
        files=tuple(
            _kept(path.name, _peopled(it.asset, ours))
            for path, it in zip(paths, sources, strict=True)
        ),
        network=network,
    )


def _peopled(asset: Asset, ours: MediaFolder) -> Asset:
    """With those whom a file of ours with the same bytes shows, so that a withdrawal reaches it."""
    shown = ours.shown_elsewhere(replace(asset, path=""))
    return replace(asset, people=tuple(dict.fromkeys((*asset.people, *sorted(shown)))))


def _kept(name: str, asset: Asset) -> DraftFile:
    return DraftFile(
        name=name,
        sha256=asset.sha256,
        size=asset.size,
        people=asset.people,
        shows=asset.shows,
        minors=asset.minors,
    )


def _networks(handoff: Handoff, network: str) -> tuple[str, ...]:
    """Those that the draft is for."""
    asked = handoff.ask.networks or (ANY,)
    if not network:
        return asked
    known = tuple(NETWORKS) if ANY in asked else asked
    if network not in known:
        raise UsageError(f"{handoff.name} is not for {network!r}, but for {', '.join(asked)}.")
    return (network,)


def _sources(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Source]:
    for path in paths:
        try:
            yield MediaFolder(path.absolute().parent).source(path.name)
        except Unfit as unfit:
            found = Problem(file=str(path), key="", problem=unfit.problem, hint=unfit.hint)
            problems.append(found)
        except InvalidFiles as invalid:
            problems.extend(invalid.problems)


def warnings(handoff: Handoff, text: str) -> list[Remark]:
    """What the desk's rules say of the words, and keeps nothing back."""
    said = of_words(text, handoff.ask.hashtag)
    return [found for found in said if found.rule.level is Level.WARNING]


def _hold_against_the_desk(handoff: Handoff, text: str, report: Report) -> None:
    for found in of_words(text, handoff.ask.hashtag):
        if found.rule.level is Level.PROBLEM:
            report.add(found.part, found.problem, found.hint)


def _look_for_withdrawn(app: App, sources: Sequence[Source], report: Report) -> None:
    """Whether somebody is in it who has withdrawn, and whom the words beside it do not name."""
    for place, source in enumerate(sources):
        # In a folder of its own it is another file than ours of the same name.
        asset = replace(source.asset, path="")
        if hidden := sorted(app.store.consents.hidden_in(asset)):
            found = remark(WITHDRAWN_PERSON, "", people=", ".join(hidden))
            report.add(f"file[{place}]", found.problem, found.hint)


def _hold_against(
    handoff: Handoff,
    networks: Sequence[str],
    text: str,
    sources: Sequence[Source],
    report: Report,
) -> None:
    _check_words(handoff, networks, text, report)
    _hold_against_the_desk(handoff, text, report)
    for place, source in enumerate(sources):
        if Trait.GPS in source.traits:
            hint = "Export it without: it may show where somebody lives."
            report.add(f"file[{place}]", "holds the position where it was taken.", hint)
    for network in networks:
        if network in LIMITS:
            _check_limits(network, handoff.ask.format, text, sources, report)


def _check_words(handoff: Handoff, networks: Sequence[str], text: str, report: Report) -> None:
    """What must be in every post; a story may have it in its picture, which nobody reads here."""
    ask = handoff.ask
    if ask.format is Format.STORY and not text:
        return
    if ask.hashtag and not names(text, ask.hashtag):
        report.add("text", f"lacks {ask.hashtag}.", "Put it there, written exactly so.")
    if not discloses(text, ask.compensation):
        hint = "Put it first, as in #Publicidad."
        report.add("text", f"does not say what it is: {ask.compensation}.", hint)
    captions = [ask.captions[it] for it in networks if it in ask.captions]
    verbatim = [caption.text for caption in captions if caption.verbatim]
    if verbatim and text not in verbatim:
        hint = "Take the words of the kit, or name the --network."
        report.add("text", "is to be word for word what was asked for, and is not.", hint)


def _check_limits(
    network: str, format: Format, text: str, sources: Sequence[Source], report: Report
) -> None:
    shown = format
    if sources:
        shown = format_of(sources[0].asset, format, network)
    elif LIMITS[network].reel is None or format is not Format.FEED:
        shown = Format.FEED
    assets = tuple(source.asset for source in sources)
    variant = made_fit(Variant(format=shown, text=text, assets=assets), sources, network)
    for breach in problems_of(variant, network):
        # A draft of the words alone is one, too.
        if sources or breach.part == "text":
            part = breach.part.replace("assets", "file")
            report.add(part, breach.problem, breach.hint)


def _refuse_unconsented(app: App, sources: Sequence[Source]) -> None:
    assets = tuple(replace(source.asset, fit=None) for source in sources)
    if why := lacking(assets, app.store.consents.known(), INFLUENCERS, app.now()):
        raise NotAllowed(f"The draft may not be posted: {'; '.join(why)}.")
