"""`somos init`: five questions, and a folder that can be checked and rehearsed as it stands."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from somos_social.cli.asked import asked
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

T = TypeVar("T")

NAME = "Somos Lo Mismo"
ZONE = "America/Panama"
NETWORKS = ("facebook", "instagram", "x")


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where; it is made if it is not there.")] = Path(),
    name: Annotated[str | None, typer.Option(help="What the campaign is called.")] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="On whose clocks, as in America/Panama.  [default: this machine's]"),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(help="Where it is published, as in x:somoslomismo; once for each."),
    ] = None,
    approval: Annotated[
        list[str] | None,
        typer.Option(help="An organisation that must agree to each post; once for each."),
    ] = None,
    first_day: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The first day of it.  [default: in a week]"),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help="Ask nothing; take the defaults for what is not said."),
    ] = False,
) -> None:
    """Begin a campaign: a config, a campaign file with examples, and a picture. Replaces nothing.

    What is not said is asked for, on a terminal. `somos check` and `somos rehearse` take the result
    as it stands.
    """
    from somos_social.cli import rendering
    from somos_social.core.keys import free_key
    from somos_social.files.first_campaign import First
    from somos_social.flows.starting import begin

    call = asked(ctx)
    ask = not (yes or call.json) and sys.stdin.isatty()
    called = _answer("What is the campaign called?", name, NAME, _name, ask=ask)
    slug = free_key(called, "campaign", ())
    zone = _answer("On which clocks?", timezone, _here(), _zone, ask=ask)
    handle = slug.replace("-", "")
    usual = ", ".join(f"{network}:{handle}" for network in NETWORKS)
    said = ", ".join(channel) if channel else None
    channels = _answer("On which channels (NETWORK:NAME)?", said, usual, _channels, ask=ask)
    said = ", ".join(approval) if approval else None
    approvals = _answer(
        "Which organisations must agree to each post (UNHCR, IOM)?", said, "", _names, ask=ask
    )
    day = _answer(
        "What is its first day?",
        first_day,
        f"{_in_a_week(zone)}",
        lambda it: _day(it, zone),
        ask=ask,
    )
    first = First(name=called, timezone=zone, channels=channels, approvals=approvals, day=day)
    made = begin(folder, first, slug)
    there = "" if folder == Path() else f"cd {folder} && "
    following = [f"{there}somos check {slug}", f"{there}somos rehearse {slug}"]
    if call.json:
        rendering.document(
            {
                "folder": str(folder),
                "campaign": slug,
                "files": [str(it) for it in made],
                "next": following,
            }
        )
        return
    rendering.say(*(f"made {it}" for it in made))
    rendering.say("Next:", *(f"  {it}" for it in following))
    rendering.note("Before it can be scheduled, `somos doctor` says what is still missing.")


def _answer(
    question: str, said: str | None, usual: str, read: Callable[[str], T], *, ask: bool
) -> T:
    """What was said, or what a person answers, or what is usual. Raises UsageError."""
    from somos_social.cli import rendering
    from somos_social.document import Unfit

    while True:
        if said is not None or not ask:
            try:
                return read(usual if said is None else said)
            except Unfit as unfit:
                told = rendering.clean(f"{said!r} {unfit.problem} {unfit.hint}".strip())
                raise UsageError(told) from None
        answer = str(typer.prompt(question, default=usual, show_default=bool(usual), err=True))
        try:
            return read(answer)
        except Unfit as unfit:
            rendering.note(f"That {unfit.problem} {unfit.hint}")


def _name(text: str) -> str:
    from somos_social.document import Unfit, clean

    if not (found := clean(text)) or "\n" in found:
        raise Unfit("is no name on one line.", "Write it as in Somos Lo Mismo Panamá.")
    return found


def _zone(text: str) -> str:
    from somos_social.document import zone

    return zone(text.strip()).key


def _channels(text: str) -> list[str]:
    from somos_social.document import Unfit, channel

    found = list(dict.fromkeys(channel(name) for name in _parted(text)))
    if not found:
        raise Unfit("names no channel.", "Write it as in x:somoslomismo.")
    return found


def _names(text: str) -> list[str]:
    from somos_social.document import Unfit, clean

    found = list(dict.fromkeys(clean(name) for name in _parted(text)))
    if any(":" in name for name in found):
        raise Unfit("holds a colon.", "Write the names of organisations alone, as in UNHCR, IOM.")
    return found


def _parted(text: str) -> list[str]:
    return [name for it in text.replace(";", ",").split(",") if (name := it.strip())]


def _day(text: str, zone: str) -> "date":
    from datetime import date

    from somos_social.document import Unfit

    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Unfit("is no day.", "Write it as in 2026-12-01.") from None
    if not _today(zone) < found or found.year >= 2199:
        raise Unfit("is not to come.", "Begin tomorrow, or later.")
    return found


def _today(zone: str) -> "date":
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


def _in_a_week(zone: str) -> "date":
    from datetime import timedelta

    return _today(zone) + timedelta(days=7)


def _here() -> str:
    """The zone of this machine; Panama where it has none that says where it stands."""
    import tzlocal

    try:
        found = str(tzlocal.get_localzone_name())
        return _zone(found) if "/" in found and not found.startswith("Etc/") else ZONE
    except (LookupError, OSError, ValueError):
        return ZONE
