"""`somos handoff`: what influencers are asked to post on their own channels."""

from typing import Annotated

import typer

from somos_social.cli.asked import asked

app = typer.Typer(no_args_is_help=True, help="See what influencers are asked to post.")


@app.command("list")
def list_(
    ctx: typer.Context,
    campaign: Annotated[str | None, typer.Option(help="Only those of this campaign.")] = None,
) -> None:
    """List the hand-offs in the order in which they are to be live."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened

    call = asked(ctx)
    with opened(call) as app:
        rows = app.store.handoffs(campaign)
        found = [documents.handoff(row, app.now()) for row in rows]
    if call.json:
        rendering.document(found)
    elif found:
        zone, dues = rendering.local_times([row["live_due"] for row in rows])
        rendering.table(
            [f"live by ({zone})", "hand-off", "influencer", "status", "where"],
            [
                [
                    due,
                    f"{it['campaign']}/{it['key']}",
                    it["influencer"],
                    _state(it),
                    it["url"] or "",
                ]
                for due, it in zip(dues, found, strict=True)
            ],
        )
    else:
        rendering.note("No hand-offs.")


def _state(found: dict[str, object]) -> str:
    return f"{found['status']}, late" if found["late"] else str(found["status"])
