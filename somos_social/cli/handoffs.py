"""How people see a hand-off: all that is asked, how it stands, and who was told of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from somos_social.cli import rendering
from somos_social.core.handoff import is_late
from somos_social.core.model.handoff import Draft, Handoff

if TYPE_CHECKING:
    from somos_social.flows.telling import Told


def state(found: Handoff, now: datetime) -> str:
    """Its status in words, and whether something is late."""
    words = found.status.replace("_", " ")
    return f"{words}, late" if is_late(found, now) else words


def show(found: Handoff, now: datetime) -> None:
    """All of it, on several lines."""
    rendering.heading(found.name, state(found, now))
    rendering.facts(_facts(found))
    if found.draft is not None:
        show_draft(found.draft)


def _facts(found: Handoff) -> list[tuple[str, str | None]]:
    ask, proof = found.ask, found.proof
    draft_due = found.draft_due if found.review else None
    return [
        ("Influencer", found.influencer),
        ("Networks", ", ".join(ask.networks) or None),
        ("Compensation", ask.compensation.value),
        ("Draft due", rendering.local_time(draft_due) if draft_due else None),
        ("Live due", rendering.local_time(found.live_due)),
        ("Brief", found.brief or None),
        ("Where", found.url),
        ("Live since", rendering.local_time(found.live_at) if found.live_at else None),
        ("Proved by", proof.how if proof else None),
        ("Screenshot", proof.screenshot if proof else None),
        ("Why", found.reason),
    ]


def show_draft(draft: Draft) -> None:
    """The digest to be approved, the files and the words."""
    rendering.facts(
        [
            ("Draft", draft.digest),
            ("For", draft.network or None),
            *[("File", f"{it.name}  {it.sha256}") for it in draft.files],
            ("Text", "" if draft.text else "none"),
        ]
    )
    rendering.say(*(f"    {line}" for line in draft.text.splitlines()))


def say_told(after: Handoff, told: "Sequence[Told]", *, is_heard: bool) -> None:
    """Who knows of it by now; else, who is to be told by hand."""
    for each in told:
        if each.reason is not None:
            rendering.note(f"Not told ({each.telling.about}): {each.reason}")
        elif each.to is each.telling.to:
            rendering.note(f"Told to the {each.to}: {each.telling.about}.")
        else:
            rendering.note(f"The desk was told to tell {after.influencer}: {each.telling.about}.")
    if not is_heard:
        rendering.note(
            f"Tell {after.influencer} yourself: the config names nobody to be told under [notify]."
        )
