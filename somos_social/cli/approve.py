"""`somos approve`: an organisation's yes to exactly what is seen here, and to nothing else."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from somos_social.cli import completion
from somos_social.cli.asked import Asked, asked
from somos_social.cli.campaign import campaign_path
from somos_social.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from somos_social.core.model.delivery import Delivery
    from somos_social.core.people import Approval, Approver
    from somos_social.flows import App
    from somos_social.flows.approval import Asked as AskedOf

KEY = "SOMOS_APPROVER_KEY"


def approve(
    ctx: typer.Context,
    campaign: Annotated[
        str,
        typer.Argument(help="The campaign file, or its name.", autocompletion=completion.campaigns),
    ],
    post: Annotated[
        str | None,
        typer.Argument(help="Only this post of it.", autocompletion=completion.posts),
    ] = None,
    by: Annotated[
        str, typer.Option("--as", metavar="ORG:NAME", help="Who you are: your approver's name.")
    ] = "",
    key: Annotated[
        str | None,
        typer.Option(
            metavar="REFERENCE",
            help="Where your key lies: env:NAME, file:PATH or keyring:SERVICE/NAME.  "
            f"[default: ${KEY}, or you are asked for it]",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask again.")] = False,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Your yes is none any more.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why it is taken back; it stands in the log.")] = "",
) -> None:
    """Approve what a campaign wants to publish, for one organisation.

    It is a yes to this very text, these files, descriptions and links, on this channel. Whatever is
    edited afterwards needs a new one; what was approved before is shown beside it. All of it is
    shown before anything is approved, with --json on standard error; at a terminal, you are asked.
    """
    from somos_social.cli.opening import opened
    from somos_social.core.campaign import deliveries
    from somos_social.flows import approval as flow
    from somos_social.flows.campaign import plan

    if not by:
        raise UsageError("Say who you are, as in --as UNHCR:Ana.")
    if take_back and not reason.strip():
        raise UsageError("Say why, as in --reason 'the family asked for other words'.")
    call = asked(ctx)
    organisation, _ = flow.parse(by)
    with opened(call) as app:
        [read] = plan(app, [campaign_path(campaign)]).campaigns
        wanted = list(deliveries(read, app.policy))
        found = flow.asked(app, wanted, organisation, required=read.approvals, post=post)
        if take_back:
            _take_back(call, app, by, key, [each.before for each in found if each.before], reason)
            return
        new = [each for each in found if not each.is_given]
        (_show_beside if call.json else _show)(new)
        if new and not yes and sys.stdin.isatty():
            number = "this" if len(new) == 1 else f"these {len(new):,}"
            typer.confirm(f"Approve {number} for {organisation}?", abort=True, err=True)
        approver = flow.identify(app, by, lambda: _key(key))
        given = flow.approve(app, approver, [each.delivery for each in new])
        _answer(call, approver, given, others=len(found) - len(new))
        if not call.json:
            _still_missing(app, [each.delivery for each in found], read.approvals)


def _take_back(
    call: Asked,
    app: "App",
    by: str,
    key: str | None,
    given: "Sequence[Approval]",
    reason: str,
) -> None:
    from somos_social.cli import documents, rendering
    from somos_social.flows import approval as flow

    approver = flow.identify(app, by, lambda: _key(key))
    taken = flow.take_back(app, approver, given, reason.strip())
    if call.json:
        rendering.document({"taken_back": [documents.approval(each) for each in taken]})
        return
    number = rendering.counted(len(taken), "delivery is", "deliveries are")
    rendering.say(f"{number} no longer approved by {approver.organisation}.")


def _show(new: "Sequence[AskedOf]") -> None:
    from somos_social.cli import content, rendering

    for each in new:
        rendering.heading(each.delivery.key, "to be approved")
        now = content.lines(each.delivery.variant, each.delivery.due_at)
        if each.before is None:
            content.show(now)
        else:
            before = content.lines(each.before.variant, each.before.due_at)
            title = f"approved by {each.before.person} on {each.before.at.astimezone():%Y-%m-%d}"
            content.compare(before, now, title=title)
        rendering.say("")


def _show_beside(new: "Sequence[AskedOf]") -> None:
    """On standard error: nobody says yes unseen, whoever reads the answer."""
    from somos_social.cli import content, rendering

    for each in new:
        since = f", approved otherwise by {each.before.person}" if each.before else ""
        rendering.note(f"{each.delivery.key}: to be approved{since}")
        content.beside(content.lines(each.delivery.variant, each.delivery.due_at))


def _answer(call: Asked, approver: "Approver", given: "Sequence[Approval]", *, others: int) -> None:
    from somos_social.cli import documents, rendering

    if call.json:
        rendering.document({"approved": [documents.approved(each) for each in given]})
        return
    number = rendering.counted(len(given), "delivery is", "deliveries are")
    more = f" {others:,} had this yes already." if others else ""
    rendering.say(f"{number} approved by {approver}.{more}")


def _still_missing(app: "App", wanted: "Sequence[Delivery]", required: "Sequence[str]") -> None:
    from somos_social.cli import rendering
    from somos_social.core.clearance import missing

    if not wanted:
        return
    said = app.store.said_of(wanted, required={wanted[0].campaign: required})
    waits = {each.key: missing(each, said, app.now()) for each in wanted}
    whose = dict.fromkeys(why for reasons in waits.values() for why in reasons)
    for why in whose:
        number = sum(why in reasons for reasons in waits.values())
        of = rendering.counted(number, "delivery", "deliveries")
        rendering.note(f"Still missing: {why} ({of}).")


def _key(reference: str | None) -> str:
    """The key, from where the person says, or typed unseen. Arguments could be read by others."""
    import os

    if reference is not None:
        return _at(reference)
    if found := os.environ.get(KEY):
        return found
    if sys.stdin.isatty():
        typed: Any = typer.prompt("Your key", hide_input=True, err=True)
        return str(typed)
    line = sys.stdin.readline().strip()
    if not line:
        raise UsageError(f"Your key is needed: set {KEY}, or name where it lies with --key.")
    return line


def _at(reference: str) -> str:
    import os
    from pathlib import Path

    from somos_social.document import Unfit
    from somos_social.settings.secret import Secret, checked_reference

    try:
        checked_reference(reference)
    except Unfit as unfit:
        raise UsageError(f"--key {unfit.problem} {unfit.hint}") from None
    return Secret(
        reference=reference, file="--key", key="", folder=Path.cwd(), environ=os.environ
    ).reveal()
