"""`somos status`: what needs a person, how it is settled, and what goes out next."""

from typing import TYPE_CHECKING

import typer

from somos_social.cli.asked import asked
from somos_social.errors import NeedsPerson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from somos_social.core.model import Delivery

NEXT = 5


def status(ctx: typer.Context) -> None:
    """Show what needs a person, and what goes out next. Ends with 6 if anything does."""
    from somos_social.cli import documents, rendering
    from somos_social.cli.opening import opened
    from somos_social.core.model import Status

    call = asked(ctx)
    with opened(call) as app:
        stuck = app.store.needs_a_person()
        counts = app.store.counts()
        waiting = app.store.listed(statuses=[Status.SCHEDULED], limit=NEXT + len(stuck))
        coming = [each for each in waiting if not each.blocked][:NEXT]
    if call.json:
        rendering.document(
            {"needs_a_person": [documents.delivery(each) for each in stuck], "counts": counts}
        )
    else:
        _show(stuck, counts, coming)
    if stuck:
        raise typer.Exit(NeedsPerson.exit_code)


def _show(
    stuck: "Sequence[Delivery]", counts: "Mapping[str, int]", coming: "Sequence[Delivery]"
) -> None:
    from somos_social.cli import deliveries, rendering

    for each in stuck:
        _tell(each)
    number = rendering.counted(len(stuck), "delivery needs", "deliveries need")
    rendering.say(f"{number} a person." if stuck else "Nothing needs a person.")
    if counts:
        rendering.say(", ".join(f"{number:,} {status}" for status, number in counts.items()) + ".")
    if coming:
        rendering.say("", "Next:")
        deliveries.table(coming)


def _tell(delivery: "Delivery") -> None:
    from somos_social.cli import deliveries, rendering

    state = "blocked" if delivery.blocked else delivery.status.value
    rendering.heading(delivery.key, state)
    rendering.facts(
        [
            ("Due", rendering.local_time(delivery.due_at)),
            ("Why", delivery.reason),
            ("Look at", deliveries.page(delivery)),
            *_by_itself(delivery),
            *deliveries.ways_out(delivery),
        ]
    )
    rendering.say("")


def _by_itself(delivery: "Delivery") -> list[tuple[str, str]]:
    from somos_social.cli import rendering
    from somos_social.core.model import Status

    if delivery.status is not Status.UNCONFIRMED or delivery.run_at is None:
        return []
    return [("The program looks again at", rendering.local_time(delivery.run_at))]
