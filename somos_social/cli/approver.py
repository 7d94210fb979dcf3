"""`somos approver`: who may say yes for an organisation, each with a key of their own."""

from typing import Annotated

import typer

from somos_social.cli.asked import asked

app = typer.Typer(no_args_is_help=True, help="See and name who may approve.")

Name = Annotated[str, typer.Argument(metavar="ORG:NAME", help="As in UNHCR:Ana.")]


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List the approvers."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    with opened(call) as program:
        found = program.store.approvers.known()
    if call.json:
        rendering.document([documents.approver(each) for each in found])
    elif found:
        zone, times = rendering.local_times([each.added_at for each in found])
        rendering.table(
            ["approver", f"added ({zone})", "by"],
            [[str(it), time, it.added_by] for it, time in zip(found, times, strict=True)],
        )
    else:
        rendering.note("No approvers. Add one: somos approver add UNHCR:Ana")


@app.command()
def add(ctx: typer.Context, name: Name) -> None:
    """Name someone who may approve. The key is shown now and never again: hand it over yourself."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows import approval

    call = asked(ctx)
    with opened(call) as program:
        approver, key = approval.add(program, name)
    if call.json:
        rendering.document({**documents.approver(approver), "key": key})
        return
    rendering.say(
        f"{approver} may approve. Their key, which is shown only now:",
        f"  {key}",
        "Give it to nobody else. Here, only a fingerprint of it is kept.",
    )


@app.command()
def remove(ctx: typer.Context, name: Name) -> None:
    """From now on their key opens nothing. What they approved stays approved."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.flows import approval

    call = asked(ctx)
    with opened(call) as program:
        removed = approval.remove(program, name)
    if call.json:
        rendering.document(documents.approver(removed))
    else:
        rendering.say(f"{removed} may not approve any more.")
