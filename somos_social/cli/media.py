"""`somos media`: what a picture or a video is, and what each network gets of it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli.asked import asked
from somos_social.cli.campaign import Media, campaign_path, campaigns_here, media_beside
from somos_social.errors import InvalidFiles, Problem, UsageError

if TYPE_CHECKING:
    from somos_social.cli.asked import Asked
    from somos_social.core.fitting import Source
    from somos_social.core.model.asset import Asset

app = typer.Typer(
    no_args_is_help=True, help="See what media are, and make them fit for each network."
)


@app.command()
def show(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="A picture or a video.", metavar="FILE")],
    media: Media = None,
) -> None:
    """Show what a picture or a video is, and what each network would get of it."""
    from somos_social.cli import rendering

    call = asked(ctx)
    source = _source(_root(call, media), file)
    told = _described(source)
    told["networks"] = list(_outcomes(source))
    if call.json:
        rendering.document(told)
        return
    rendering.heading(told["path"], told["mime"])
    rendering.facts(_facts(source))
    rendering.table(
        ["network", "format", "gets"],
        [[it["network"], it["format"], _gets(it)] for it in told["networks"]],
    )


@app.command()
def fit(
    ctx: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Campaigns, pictures or videos.  [default: the campaigns of ./campaigns]",
            metavar="[CAMPAIGN|FILE]...",
        ),
    ] = None,
    media: Media = None,
) -> None:
    """Make what networks get of media where they cannot take them as they are, and keep it."""
    from somos_social.cli import rendering
    from somos_social.cli.uploads import Uploads
    from somos_social.flows import renditions
    from somos_social.media import sweep

    call = asked(ctx)
    names = what or [str(path) for path in campaigns_here()]
    if not names:
        raise UsageError("There is no campaign in ./campaigns. Name a campaign or a file.")
    root = _root(
        call, media, *(campaign_path(name) for name in names if not _is_media(Path(), name))
    )
    files = [name for name in names if _is_media(root, name)]
    campaigns = [campaign_path(name) for name in names if name not in files]
    problems: list[Problem] = []
    wanted = [*_of_files(root, files, problems), *_of_campaigns(root, campaigns, problems)]
    told = []
    with Uploads.of_renditions() as bars:
        for folder in dict.fromkeys(folder for folder, _ in wanted):
            sweep(folder)
        for folder, asset in _unique(wanted):
            with _gathered(problems):
                made = renditions.make(folder, [asset], bars.progress)
                told.append(_made(folder, asset, bool(made)))
    problems = list(dict.fromkeys(problems))
    if call.json and problems:
        raise InvalidFiles(problems)
    if call.json:
        rendering.document({"renditions": told})
        return
    _tell(told)
    if problems:
        rendering.problems(problems, "Nothing is made of these.")
        raise typer.Exit(InvalidFiles.exit_code)


@contextmanager
def _gathered(problems: list[Problem]) -> Iterator[None]:
    """What is wrong with one file keeps none of the others from being made."""
    try:
        yield
    except InvalidFiles as invalid:
        problems += invalid.problems


def _tell(told: Sequence[dict[str, Any]]) -> None:
    from somos_social.cli import rendering

    if told:
        rendering.table(
            ["asset", "rendition", "state"],
            [[it["asset"], it["rendition"], "made" if it["made"] else "there"] for it in told],
        )
    made = sum(it["made"] for it in told)
    rendering.say(f"{rendering.counted(made, 'rendition')} made, {len(told) - made} there already.")


def _is_media(root: Path, name: str) -> bool:
    is_there = Path(name).is_file() or (root / name).is_file()
    return is_there and Path(name).suffix != ".toml"


def _root(call: "Asked", media: Path | None, *campaigns: Path) -> Path:
    from somos_social.cli.configured import load_if_any

    found = load_if_any(call)
    beside = campaigns[0] if campaigns else Path("campaigns") / "any.toml"
    return media or (found.media_root if found else media_beside(beside))


def _source(root: Path, name: str) -> "Source":
    """A file by its path, or by its name in the media folder, measured. Raises InvalidFiles."""
    from somos_social.document import Unfit
    from somos_social.media import MediaFolder

    folder, path = _placed(root, name)
    try:
        return MediaFolder(folder).source(path)
    except Unfit as unfit:
        told = Problem(file=name, key="", problem=unfit.problem, hint=unfit.hint)
    raise InvalidFiles([told])


def _placed(root: Path, name: str) -> tuple[Path, str]:
    """The media folder that a file lies in, and its path there; else its own folder."""
    file = Path(name)
    if not file.exists() and (root / name).exists():
        return root, name
    try:
        return root, file.absolute().relative_to(root.absolute()).as_posix()
    except ValueError:
        return file.parent, file.name


def _outcomes(source: "Source") -> Iterator[dict[str, Any]]:
    """For each network and format, what would be done to the file, and what speaks against it."""
    from dataclasses import asdict

    from somos_social.cli.renditions import in_words
    from somos_social.core.fitting import fitted
    from somos_social.core.limits import LIMITS
    from somos_social.core.model.asset import Kind
    from somos_social.core.model.post import Format, Variant
    from somos_social.core.rules import problems_of, shown_as

    for network in LIMITS:
        for format in (Format.FEED, Format.REEL, Format.STORY):
            variant = fitted(Variant(format=format, assets=(source.asset,)), [source], network)
            [asset] = variant.assets
            breaches = problems_of(variant, network)
            is_no_reel = format is Format.REEL and asset.kind is not Kind.VIDEO
            if is_no_reel or any(breach.part == "format" for breach in breaches):
                continue
            yield {
                "network": network,
                "format": format.value,
                "shown_as": shown_as(format, variant.assets, network).value,
                "problems": [breach.problem for breach in breaches],
                "fit": asset.fit and asdict(asset.fit),
                "done": in_words(asset, asset.fit) if asset.fit else None,
            }


def _gets(outcome: dict[str, Any]) -> str:
    if outcome["problems"]:
        return "; ".join(["nothing", *outcome["problems"]])
    otherwise = outcome["shown_as"] if outcome["shown_as"] != outcome["format"] else None
    done = outcome["done"] or "as it is"
    return f"{done}, and shows it as a {otherwise}" if otherwise else done


def _described(source: "Source") -> dict[str, Any]:
    from dataclasses import asdict

    asset = asdict(source.asset)
    names = [name for name in asset if name != "fit"]
    return {
        **{name: asset[name] for name in names},
        "holds": sorted(trait.value for trait in source.traits),
        "mending": source.mending.value,
        "background": source.background,
    }


def _facts(source: "Source") -> list[tuple[str, str | None]]:
    from somos_social.core.figures import TRAITS
    from somos_social.core.fitting import PRIVATE
    from somos_social.core.model.asset import Kind, Trait

    asset, is_still = source.asset, source.asset.kind is Kind.IMAGE
    private = [TRAITS[trait] for trait in Trait if trait in source.traits & PRIVATE]
    others = [TRAITS[trait] for trait in Trait if trait in source.traits - PRIVATE]
    ratio = f"{asset.width / asset.height:.2f}:1"
    return [
        ("size", f"{asset.size:,} bytes"),
        ("shown as", f"{asset.width} x {asset.height} pixels, {ratio}"),
        (
            "lasts",
            None if is_still else f"{asset.seconds:.1f} s at {asset.fps:.4g} frames a second",
        ),
        ("codecs", ", ".join(filter(None, (asset.video_codec, asset.audio_codec))) or None),
        ("has", ", ".join(others) or None),
        ("tells", f"{', '.join(private)}; no network gets it" if private else None),
        ("alt", asset.alt or None),
        ("credit", asset.credit or None),
        ("people", ", ".join(asset.people) or None),
        ("shows", ", ".join(asset.shows) or None),
        ("cover", None if asset.cover is None else f"at {asset.cover:g} s"),
    ]


def _of_files(
    root: Path, names: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[Path, "Asset"]]:
    """What any network and format would get of these files, where it gets anything."""
    from dataclasses import replace

    from somos_social.core.model.asset import Fit

    for name in names:
        with _gathered(problems):
            source = _source(root, name)
            for outcome in _outcomes(source):
                if outcome["fit"] and not outcome["problems"]:
                    fit = Fit.from_raw(outcome["fit"])
                    yield _placed(root, name)[0], replace(source.asset, fit=fit)


def _of_campaigns(
    root: Path, paths: Sequence[Path], problems: list[Problem]
) -> Iterator[tuple[Path, "Asset"]]:
    from somos_social.files import read_campaign
    from somos_social.flows import renditions

    for path in paths:
        with _gathered(problems):
            campaign = read_campaign(path, media_root=root)
            for asset in renditions.needed(renditions.variants_of(campaign)):
                yield root, asset


def _unique(wanted: Iterable[tuple[Path, "Asset"]]) -> Iterable[tuple[Path, "Asset"]]:
    from somos_social.media import path_of

    return {folder / path_of(asset): (folder, asset) for folder, asset in wanted}.values()


def _made(folder: Path, asset: "Asset", is_new: bool) -> dict[str, Any]:
    from somos_social.media import path_of

    return {"asset": asset.path, "rendition": str(folder / path_of(asset)), "made": is_new}
