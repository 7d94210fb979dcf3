"""`somos consent`: what those who are seen allow, and how they take it back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli.asked import Asked, asked
from somos_social.errors import NeedsPerson, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from somos_social.flows.withdrawal import Honoured

app = typer.Typer(no_args_is_help=True, help="Keep the word of those who are seen.")

Person = Annotated[
    str, typer.Argument(help="What stands for the person, as in P-014; never a name.")
]


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List the consents: whose, for what, where and until when."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    with opened(call) as program:
        found = list(program.store.consents.known().values())
        now = program.now()
    if call.json:
        rendering.document([documents.consent(each, now) for each in found])
    elif found:
        rendering.table(
            ["person", "state", "for", "on", "until", "form"],
            [
                [
                    it.person,
                    it.state(now),
                    ", ".join(it.scope),
                    ", ".join(it.channels),
                    f"{it.until.astimezone():%Y-%m-%d}" if it.until else "no end",
                    it.form[:12],
                ]
                for it in found
            ],
        )
    else:
        rendering.note("No consents.")


@app.command()
def grant(
    ctx: typer.Context,
    person: Person,
    form: Annotated[
        Path,
        typer.Option(
            help="The signed form, a PDF or a picture: only its fingerprint is kept, not the form."
        ),
    ],
    scope: Annotated[
        list[str],
        typer.Option(help="What may be seen or heard of them: face,voice,name,place,..."),
    ],
    channels: Annotated[
        list[str],
        typer.Option(help="Where: channels, facebook, instagram, x, influencers, or all."),
    ],
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day.  [default: no end]")
    ] = None,
    guardian: Annotated[
        bool, typer.Option("--guardian", help="A parent or guardian has signed, too.")
    ] = False,
) -> None:
    """Record the consent of a person who can be recognised, in place of what they said before."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.core.people import Consent
    from somos_social.flows import consent as flow
    from somos_social.flows import papers

    call, code = asked(ctx), _code(person)
    print_ = papers.form(form)
    with opened(call) as program:
        granted = flow.grant(
            program,
            Consent(
                person=code,
                form=print_,
                scope=_words(scope, "--scope"),
                channels=_channels(channels, program.channels),
                until=_last_moment(until, program.now()),
                guardian=guardian,
                granted_at=program.now(),
                granted_by=program.actor,
            ),
        )
        now = program.now()
    if call.json:
        rendering.document(documents.consent(granted, now))
        return
    rendering.say(
        f"{granted.person} consents: {', '.join(granted.scope)} on {', '.join(granted.channels)}.",
        f"The form's fingerprint is {granted.form}. Keep the form where only the desk can read it.",
    )


@app.command()
def withdraw(
    ctx: typer.Context,
    person: Person,
    reason: Annotated[str, typer.Option(help="Why, without anything private; it is logged.")],
) -> None:
    """Take back a person's consent: stop what waits, take down what is public, ask for the rest.

    From the first moment on nothing that shows them goes out. Done twice, it changes nothing more,
    but tries again what could not be taken down. Ends with 6 while something may still be public.
    """
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows import withdrawal

    if not reason.strip():
        raise UsageError("Say why, as in --reason 'she asked us to'.")
    call = asked(ctx)
    with opened(call, acting=True) as program:
        consent, is_new = withdrawal.withdraw(program, _person(person), reason.strip())
        if not call.json:
            since = f"{rendering.local_time(consent.withdrawn_at or program.now())}"
            rendering.say(f"{consent.person} has withdrawn consent, since {since}.")
        done = [_told(call, each) for each in withdrawal.honour(program, consent)]
    if call.json:
        rendering.document(
            {
                **documents.consent(consent, consent.withdrawn_at or consent.granted_at),
                "changed": is_new,
                "honoured": [documents.honoured(each) for each in done],
            }
        )
    elif not done:
        rendering.say("Nothing that shows them waits or is public.")
    if not all(each.is_over for each in done):
        raise typer.Exit(NeedsPerson.exit_code)


def _told(call: Asked, done: "Honoured") -> "Honoured":
    from somos_social.cli import rendering

    if not call.json:
        how = done.now if done.now != done.was else f"still {done.now}"
        why = f": {done.reason}" if done.reason else ""
        rendering.say(f"  {done.subject}  {how}{why} ({done.took.total_seconds():.1f} s)")
        if done.request:
            rendering.say(
                f"    Take it down by hand: {done.url or 'see the channel'}",
                f"    Then: somos consent close {done.request.number} --gone",
            )
    return done


@app.command()
def requests(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="The closed ones as well.")] = False,
) -> None:
    """List what people are asked to take down by hand. Ends with 6 while one is open."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    with opened(call) as program:
        found = program.store.requests.known(open_only=not every)
    if call.json:
        rendering.document([documents.request(each) for each in found])
    elif found:
        zone, times = rendering.local_times([each.opened_at for each in found])
        rendering.table(
            ["number", f"since ({zone})", "person", "state", "what", "where"],
            [
                [str(it.number), time, it.person, it.outcome or "open", it.subject, it.url or ""]
                for it, time in zip(found, times, strict=True)
            ],
        )
    else:
        rendering.note("Nothing is to be taken down by hand.")
    if any(each.closed_at is None for each in found):
        raise typer.Exit(NeedsPerson.exit_code)


@app.command()
def close(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="The number of the request.")],
    gone: Annotated[bool, typer.Option("--gone", help="You looked: it is gone.")] = False,
    refused: Annotated[
        bool, typer.Option("--refused", help="Whoever could take it down will not.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why; it stands in the log.")] = None,
) -> None:
    """Say what came of a request."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows import withdrawal

    if gone is refused:
        raise UsageError("Say what came of it: either --gone or --refused.")
    call = asked(ctx)
    with opened(call) as program:
        closed = withdrawal.close(program, number, "gone" if gone else "refused", reason)
    if call.json:
        rendering.document(documents.request(closed))
    else:
        rendering.say(f"Request {closed.number} is closed: {closed.outcome}.")


def _person(name: str) -> str:
    from somos_social.cli import rendering

    name = name.strip()
    if not name or len(name) > 100 or rendering.clean(name) != name:
        raise UsageError("Write what stands for the person, as in P-014.")
    return name


def _code(name: str) -> str:
    """What stands for a person and is recorded for good: the log forgets nothing."""
    from somos_social.core.desk.looking import is_name

    person = _person(name)
    if is_name(person) or " " in person:
        # It is not repeated: what is said here is kept in logs.
        raise UsageError(
            "That looks like a name, and the log keeps it for good. Write a code with a number, as "
            "in P-014, and keep the name elsewhere."
        )
    return person


def _words(given: "Iterable[str]", option: str) -> tuple[str, ...]:
    """The words of an option that may be given several times, or once with commas."""
    words = [word.strip().casefold() for each in given for word in each.split(",")]
    if not all(words):
        raise UsageError(f"{option} holds an empty word.")
    return tuple(dict.fromkeys(words))


def _channels(given: "Iterable[str]", known: "Iterable[str]") -> tuple[str, ...]:
    from somos_social.core.limits import LIMITS
    from somos_social.core.people import EVERYWHERE, INFLUENCERS

    words = [word.strip() for each in given for word in each.split(",")]
    names = {EVERYWHERE, INFLUENCERS, *LIMITS, *known}
    for word in words:
        if word not in names:
            raise UsageError(
                f"{word!r} is no channel of the config. Write one of {', '.join(sorted(names))}."
            )
    return tuple(dict.fromkeys(words))


def _last_moment(until: str | None, now: "datetime") -> "datetime | None":
    """The end of that day on this machine's clock."""
    if until is None:
        return None
    from datetime import date, datetime, time, timedelta

    try:
        day = date.fromisoformat(until.strip())
    except ValueError:
        raise UsageError(f"--until {until!r} is no date: write it as in 2027-06-30.") from None
    end = datetime.combine(day + timedelta(days=1), time()).astimezone()
    if end <= now:
        raise UsageError(f"--until {until} is past.")
    return end
