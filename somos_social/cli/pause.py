"""`somos pause` and `somos resume`: nothing goes out until a person says so again."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from somos_social.cli import completion
from somos_social.cli.asked import asked
from somos_social.cli.campaign import campaign_path, campaigns_here
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from somos_social.core.model.delivery import Delivery
    from somos_social.core.people import Pause
    from somos_social.flows import App

AT_LEAST = 1.0
"""Seconds for which a call that had left already is given to end, before it is told of."""

Channel = Annotated[
    str | None, typer.Option(help="Only this channel.", autocompletion=completion.channels)
]
Campaign = Annotated[
    str | None,
    typer.Option(
        help="Only this campaign, by its short name.", autocompletion=completion.campaigns
    ),
]
Person = Annotated[
    str | None, typer.Option(help="Only what shows this person, by what stands for them.")
]


def pause(
    ctx: typer.Context,
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")],
    channel: Channel = None,
    campaign: Campaign = None,
    person: Person = None,
    force: Annotated[
        bool, typer.Option("--force", help="The campaign or the person is still to come.")
    ] = False,
) -> None:
    """Stop everything at once, or what belongs to a channel, a campaign or a person.

    It holds with or without a daemon, from the moment this command ends. Nothing is lost: what
    falls due meanwhile waits for `somos resume`. A campaign or a person that nothing here knows of
    is taken for a slip, as it would pause nothing.
    """
    from somos_social.cli import documents, people, rendering
    from somos_social.cli.opening import opened
    from somos_social.core.people import Pause
    from somos_social.flows import pause as flow

    if not reason.strip():
        raise UsageError("Say why, as in --reason 'an accident at the border'.")
    call = asked(ctx)
    with opened(call, acting=True) as app:
        if not force:
            _refuse_unknown(app, campaign, person)
        wanted = Pause(
            reason=reason.strip(),
            since=app.now(),
            campaign=campaign,
            channel=_known(app, channel),
            person=person,
        )
        begun, leaving = flow.pause(app, wanted)
        left = _as_they_end(app, leaving)
        waiting = flow.kept_back(app, begun)
    if call.json:
        told = documents.pause(begun)
        rendering.document(
            told | {"going_out": [documents.delivery(each) for each in left], "waiting": waiting}
        )
        return
    number = rendering.counted(waiting, "delivery waits", "deliveries wait")
    rendering.say(f"Paused: {begun.of}. {number}. Go on with: {people.way_back(begun)}")
    for each in left:
        rendering.note(f"{each.key} was going out at this very moment: it is {each.status}.")


def _known(app: "App", channel: str | None) -> str | None:
    if channel is not None and channel not in app.channels:
        names = ", ".join(sorted(app.channels))
        raise UsageError(f"{channel!r} is no channel of the config. Write one of {names}.")
    return channel


def _refuse_unknown(app: "App", campaign: str | None, person: str | None) -> None:
    """Raises UsageError: whoever paused what is not there would believe that it is paused."""
    from somos_social.core.people import ANYONE
    from somos_social.flows import pause as flow

    if campaign is not None:
        known = flow.campaigns(app) | {path.stem for path in campaigns_here()}
        _refuse_unless_in(known, campaign, "campaign", "in campaigns/ or in the database")
    if person not in (None, ANYONE):
        where = "in the media folder, in a consent or in the database"
        _refuse_unless_in(flow.people(app), str(person), "person", where)


def _refuse_unless_in(known: set[str], name: str, what: str, where: str) -> None:
    from somos_social.document import near

    if name not in known:
        told = f"No {what} {name!r} is known {where}: nothing was paused."
        hint = near(name, known) or f"If the {what} is still to come, say --force."
        raise UsageError(f"{told} {hint}")


def _as_they_end(
    app: "App", leaving: "Sequence[Delivery]", sleep: Callable[[float], None] = time.sleep
) -> "list[Delivery]":
    """What had left already, once it is known what came of it, or its call has had its time."""
    from somos_social.core.model.delivery import Status

    end = time.monotonic() + AT_LEAST + app.policy.timeout.total_seconds()
    left = list(leaving)
    while time.monotonic() < end and any(it.status is Status.PUBLISHING for it in left):
        sleep(0.1)
        left = [app.store.get(it.key) or it for it in left]
    return left


def resume(
    ctx: typer.Context,
    channel: Channel = None,
    campaign: Campaign = None,
    person: Person = None,
    spread: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN",
            help="Give what fell due meanwhile new times within this span, as in 2h.",
        ),
    ] = None,
) -> None:
    """End a pause, as it was named. What fell due meanwhile is missed until it gets a new time.

    A blackout goes on all the same: it ends at its time, or by an edit of its campaign file.

    With --spread, the missed posts get times of their own from now on, in the order in which they
    were due; their campaign files say so, too. Otherwise: `somos queue move`.
    """
    from somos_social.cli import deliveries, documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.core.people import Pause
    from somos_social.flows import pause as flow

    call = asked(ctx)
    span = None if spread is None else _span(spread)
    with opened(call, acting=True) as app:
        scope = Pause(reason="", since=app.now(), campaign=campaign, channel=channel, person=person)
        ended = flow.matching(app, scope)
        times = _new_times(app, ended, span)
        passed = flow.resume(app, ended, times)
        silent = flow.going_on(app, ended)
    for each in silent:
        rendering.note(flow.going_on_of(each))
    if call.json:
        rendering.document(
            {
                "resumed": [documents.pause(each) for each in ended],
                "fell_due": [documents.delivery(each) for each in passed],
                "blackouts": [documents.pause(each) for each in silent],
            }
        )
        return
    rendering.say(f"Resumed: {ended[0].of}.")
    if not passed:
        rendering.say("Nothing fell due meanwhile.")
        return
    number = rendering.counted(len(passed), "delivery", "deliveries")
    rendering.say(f"{number} fell due meanwhile.")
    if times:
        rendering.say(f"New times have {len(times):,} of them.")
    if missed := len(passed) - len(times):
        rendering.say(f"Missed are {missed:,}: give them new times with `somos queue move`.")
    deliveries.table(passed)


def _span(written: str) -> "timedelta":
    from somos_social.document import Unfit, duration

    try:
        return duration(written)
    except Unfit as unfit:
        raise UsageError(f"--spread {written!r} {unfit.problem} {unfit.hint}") from None


def _new_times(
    app: "App", ended: "Sequence[Pause]", span: "timedelta | None"
) -> "dict[str, datetime]":
    if span is None:
        return {}
    from somos_social.flows import rescheduling
    from somos_social.flows.pause import fell_due

    now = app.now()
    times = rescheduling.spread(fell_due(app, ended, now), span, now)
    rescheduling.write(campaign_path, times)
    return times
