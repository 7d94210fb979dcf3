"""`somos report`: what went out of a campaign, for donors and leads, as a web page and a PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.cli.campaign import campaign_path
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from somos_social.core.report import Report
    from somos_social.flows import App


def report(
    ctx: typer.Context,
    campaigns: Annotated[
        list[str] | None,
        typer.Argument(
            help="Campaign files, or their names.  [default: all that were scheduled]",
            show_default=False,
            autocompletion=completion.campaigns,
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one self-contained web page.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the same facts as a PDF.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Only what was promised from then on: 2026-12-01 or 2026-12-01T09:00."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="Only what was promised before then; of a day alone, all of it counts."),
    ] = None,
    lang: Annotated[
        Literal["es", "en"], typer.Option(help="The language of the page and the PDF.")
    ] = "es",
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
) -> None:
    """Write for donors and leads what went out, when, how late, and how it was received.

    What did not go out is told with its reason, and so is whether the log is whole. No consent, no
    contact and no name of a person stands in it. Times are read and shown on the campaign's clock.
    """
    from somos_social.cli import documents, new_file, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows import report as flow

    call = asked(ctx)
    if not (html or pdf or call.json):
        raise UsageError("Say what to write: --html FILE, --pdf FILE, or --json.")
    to = {kind: new_file.to_write(file, force=force) for kind, file in
          (("html", html), ("pdf", pdf)) if file}  # fmt: skip
    if len(set(to.values())) < len(to):
        raise UsageError("The web page and the PDF cannot be the same file.")
    with opened(call) as app:
        names = campaigns or flow.scheduled(app)
        files = {path.stem: path for path in map(campaign_path, names)}
        about = flow.subjects(app, list(files))
        found = flow.report(
            app,
            about,
            files=files,
            since=_moment("--since", since, about[0].zone),
            until=_moment("--until", until, about[0].zone, whole_day=True),
        )
        _write(app, found, to, lang)
    if call.json:
        written = {kind: str(path) for kind, path in to.items()}
        rendering.document(documents.report(found) | {"files": written})
        return
    posts = rendering.counted(len(found.went_out), "post")
    for path in to.values():
        rendering.say(f"{path}: {posts} that went out, {len(found.amiss)} not as promised.")
    if found.proof.breaks:
        rendering.note("The log is not what was written: see `somos log verify`.")
    if not found.goals_known:
        rendering.note("A campaign file could not be read, so its goals are not in the report.")


def _write(app: "App", found: "Report", to: "Mapping[str, Path]", language: str) -> None:
    from somos_social.cli import new_file
    from somos_social.report import Pictures, as_html, as_pdf, page
    from somos_social.whole_file import replacing

    if not to:
        return
    told = page(found, Pictures(app.media_root), language=language)
    for kind, path in to.items():
        content = as_html(told) if kind == "html" else as_pdf(told, made_at=found.made_at)
        with new_file.told(path), replacing(path) as part:
            part.write_bytes(content)


def _moment(
    option: str, written: str | None, zone: "tzinfo", *, whole_day: bool = False
) -> "datetime | None":
    """A day, or a day and a time, on the campaign's clock; with `whole_day`, the end of a day."""
    if written is None:
        return None
    from datetime import date, datetime, timedelta

    try:
        day = date.fromisoformat(written.strip())
        moment = datetime(day.year, day.month, day.day, tzinfo=zone)
        return moment + timedelta(days=1) if whole_day else moment
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise UsageError(
            f"{option} {written!r} is no date such as 2026-12-01 or 2026-12-01T09:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
