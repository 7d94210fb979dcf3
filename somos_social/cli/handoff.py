"""`somos handoff`: what influencers are asked to post on their channels, from offer to proof."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import Asked, asked
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from somos_social.core.desk.rules import Remark
    from somos_social.core.handoff import Event
    from somos_social.core.model.handoff import Handoff
    from somos_social.flows import App
    from somos_social.flows.telling import Told

app = typer.Typer(no_args_is_help=True, help="Ask influencers to post, and see what became of it.")

Key = Annotated[
    str, typer.Argument(help="The hand-off: campaign/key, or its key alone.", metavar="KEY")
]
Why = Annotated[str, typer.Option(help="Why; it stands in the log.")]

_MOST_TEXT = 1024 * 1024
"""Bytes of a file with a text; no network takes as many."""


@app.command("list")
def list_(
    ctx: typer.Context,
    campaign: Annotated[str | None, typer.Option(help="Only those of this campaign.")] = None,
) -> None:
    """List the hand-offs in the order in which they are to be live."""
    from somos_social.cli import documents, handoffs, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    with opened(call) as app:
        found, now = app.store.handoffs(campaign), app.now()
    if call.json:
        rendering.document([documents.handoff(each, now) for each in found])
    elif found:
        zone, dues = rendering.local_times([each.live_due for each in found])
        rendering.table(
            [f"live by ({zone})", "hand-off", "influencer", "status", "where"],
            [
                [due, it.name, it.influencer, handoffs.state(it, now), it.url or ""]
                for due, it in zip(dues, found, strict=True)
            ],
        )
    else:
        rendering.note("No hand-offs.")


@app.command()
def show(ctx: typer.Context, key: Key) -> None:
    """Show a hand-off: what is asked, the draft, where it was posted, and how that was proved."""
    with _at_hand(ctx, key) as (call, program, found):
        _answer(call, program, found)


@app.command()
def offer(ctx: typer.Context, key: Key) -> None:
    """Ask the influencer, once more or, after a no, anew. They are told where they can be."""
    from somos_social.core.handoff import Offered

    _move(ctx, key, Offered())


@app.command()
def accept(ctx: typer.Context, key: Key) -> None:
    """Record that the influencer said yes."""
    from somos_social.core.handoff import Accepted

    _move(ctx, key, Accepted(), tell=False)


@app.command()
def decline(ctx: typer.Context, key: Key, reason: Why = "") -> None:
    """Record that the influencer said no."""
    from somos_social.core.handoff import Declined

    _move(ctx, key, Declined(reason.strip() or None), tell=False)


@app.command()
def submit(
    ctx: typer.Context,
    key: Key,
    text: Annotated[str | None, typer.Option(help="The words of the draft.")] = None,
    text_file: Annotated[
        Path | None, typer.Option(help="A file with the words, or - for standard input.")
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option(help="A picture or a video; may be given several times.")
    ] = None,
    network: Annotated[str, typer.Option(help="Only for this network.")] = "",
) -> None:
    """Take a draft and check it as `check` does. Where there is a problem, nothing is written.

    The words and the fingerprints of the files are kept, never the files.
    """
    from somos_social.core.handoff import Submitted
    from somos_social.flows import drafting
    from somos_social.flows import handoff as flow

    if text is not None and text_file is not None:
        raise UsageError("Give the words once: --text or --text-file.")
    words = _words(text_file) if text_file is not None else text or ""
    with _at_hand(ctx, key) as (call, program, found):
        draft = drafting.read(program, found, text=words, paths=file or (), network=network)
        after = flow.act(program, found, Submitted(draft), note=flow.in_words(draft))
        warnings = drafting.warnings(found, draft.text)
        _answer(call, program, after, warnings=warnings)


def _words(file: Path) -> str:
    from somos_social.flows import papers

    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(_MOST_TEXT + 1)
        else:
            with papers.opened(file, "text") as found:
                data = found.read(_MOST_TEXT + 1)
        if len(data) > _MOST_TEXT:
            raise UsageError(f"{file} is too long to be the text of a post.")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8: save it as UTF-8.") from None


@app.command("request-changes")
def request_changes(
    ctx: typer.Context,
    key: Key,
    reason: Annotated[str, typer.Option(help="What is to be changed; the influencer is told.")],
) -> None:
    """Ask for another draft; what was approved is so no more."""
    from somos_social.core.handoff import ChangesRequested

    _move(ctx, key, ChangesRequested(_said(reason, "make the video shorter")))


@app.command()
def approve(
    ctx: typer.Context,
    key: Key,
    digest: Annotated[
        str | None,
        typer.Option(help="Only if the draft has this digest, or one that begins so."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask again.")] = False,
) -> None:
    """Let the influencer post exactly the draft that is shown; another draft needs another yes."""
    from somos_social.cli import handoffs
    from somos_social.flows import handoff as flow

    with _at_hand(ctx, key) as (call, program, found):
        if found.draft is not None and not call.json:
            handoffs.show_draft(found.draft)
            if not yes and sys.stdin.isatty():
                typer.confirm(f"May {found.influencer} post this?", abort=True, err=True)
        after = flow.approve(program, found, digest)
        _answer_and_tell(call, program, after)


@app.command()
def live(
    ctx: typer.Context,
    key: Key,
    url: Annotated[str, typer.Argument(help="Where the post is to be seen.")],
) -> None:
    """Record where it was posted; or, once more, the right address in place of a wrong one.

    One that was cancelled may have been posted all the same. Where it shows someone who has
    withdrawn, the influencer is asked at once to take it down; it then ends with 6.
    """
    from somos_social.cli import people, rendering
    from somos_social.errors import NeedsPerson
    from somos_social.flows import handoff as flow

    with _at_hand(ctx, key) as (call, program, found):
        after = flow.live(program, found, url)
        _answer(call, program, after)
        requests = program.store.requests.known(open_only=True)
        wanted = [each for each in requests if each.subject == after.subject]
        if not call.json:
            people.tell_of_requests(wanted)
    if wanted:
        rendering.note("It shows someone who has withdrawn: it must be taken down.")
        raise typer.Exit(NeedsPerson.exit_code)


@app.command()
def confirm(
    ctx: typer.Context,
    key: Key,
    screenshot: Annotated[
        Path | None,
        typer.Option(help="A picture of the post: only its fingerprint is kept, as the proof."),
    ] = None,
) -> None:
    """Look at the post: is it there, with the hashtag and the disclosure? Ends with 6 if not.

    What no program can look at is confirmed by a screenshot: a story, a post behind a login.
    """
    from somos_social.flows import confirming

    with _at_hand(ctx, key) as (call, program, found):
        _answer(call, program, confirming.confirm(program, found, screenshot))


@app.command()
def cancel(
    ctx: typer.Context,
    key: Key,
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")],
) -> None:
    """Take a hand-off back, as long as nothing of it is public. The influencer is told."""
    from somos_social.core.handoff import Cancelled

    _move(ctx, key, Cancelled(_said(reason, "the event is off")))


@app.command()
def kit(
    ctx: typer.Context,
    key: Key,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to write.  [default: kit-CAMPAIGN-KEY, here]"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a kit that is there already.")
    ] = False,
) -> None:
    """Make what the influencer gets: a folder and a zip with the brief, the words and the media.

    Refused while someone who can be recognised in it has not consented to influencers.
    """
    from somos_social.cli import rendering
    from somos_social.cli.uploads import Uploads
    from somos_social.flows import kits

    with _at_hand(ctx, key) as (call, program, found), Uploads.of_renditions() as bars:
        folder = (out or Path(f"kit-{found.campaign}-{found.key}")).absolute()
        built = kits.make(program, found, folder, force=force, progress=bars.progress)
    if call.json:
        document = {"folder": str(built.folder), "zip": str(built.zip), "sha256": built.sha256}
        rendering.document({**document, "files": list(built.files)})
        return
    number = rendering.counted(len(built.files), "file")
    rendering.say(
        f"{number} in {built.folder}",
        f"The same as {built.zip}, with the SHA-256 {built.sha256}.",
        f"Hand it to {found.influencer} alone: it may show people who trusted you.",
    )


@contextmanager
def _at_hand(ctx: typer.Context, key: str) -> Iterator[tuple[Asked, "App", "Handoff"]]:
    """The program, and the hand-off that is meant."""
    from somos_social.cli.opening import opened
    from somos_social.flows import handoff as flow

    call = asked(ctx)
    with opened(call) as program:
        yield call, program, flow.known(program, key)


def _move(ctx: typer.Context, key: str, event: "Event", *, tell: bool = True) -> None:
    from somos_social.flows import handoff as flow

    with _at_hand(ctx, key) as (call, program, found):
        answer = _answer_and_tell if tell else _answer
        answer(call, program, flow.act(program, found, event))


def _said(reason: str, example: str) -> str:
    if not reason.strip():
        raise UsageError(f"Say why, as in --reason '{example}'.")
    return reason.strip()


def _answer_and_tell(call: Asked, program: "App", after: "Handoff") -> None:
    from somos_social.cli import handoffs
    from somos_social.flows.telling import tell_of

    told = tell_of(program, after)
    _answer(call, program, after, told)
    if not call.json:
        handoffs.say_told(after, told, is_heard=program.notifier.is_heard)


def _answer(
    call: Asked,
    program: "App",
    found: "Handoff",
    told: "Sequence[Told] | None" = None,
    warnings: "Sequence[Remark]" = (),
) -> None:
    from somos_social.cli import documents, handoffs, rendering

    now = program.now()
    for each in warnings:
        rendering.note(f"WARNING: {each.problem} [{each.rule.name}]")
        rendering.note(f"    {each.hint}")
    if call.json:
        document = documents.handoff(found, now)
        if told is not None:
            document["told"] = [documents.told(each) for each in told]
        if warnings:
            document["warnings"] = [documents.remark(each) for each in warnings]
        rendering.document(document)
        return
    handoffs.show(found, now)
