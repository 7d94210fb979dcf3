"""Gathers what a report tells of campaigns: from the database, and their goals from their files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from somos_social.core.metrics import Reading
from somos_social.core.model.delivery import Delivery
from somos_social.core.report import (
    Line,
    Proof,
    Report,
    Subject,
    asked_of,
    goal_of,
    line,
    steps_by_delivery,
)
from somos_social.errors import UsageError
from somos_social.files.goals import goals_of
from somos_social.flows import App


def scheduled(app: App) -> list[str]:
    """Every campaign of which something was scheduled. Raises UsageError where there is none."""
    known = list(app.store.pages.campaigns())
    if not known:
        raise UsageError("Nothing was scheduled yet, so there is nothing to tell of.")
    return known


def subjects(app: App, slugs: Sequence[str]) -> tuple[Subject, ...]:
    """The campaigns of these short names. Raises UsageError for one of which nothing is known."""
    known = app.store.pages.campaigns()
    found = []
    for slug in dict.fromkeys(slugs):
        if slug in known:
            it = known[slug]
            found.append(Subject(slug=slug, name=it.name or slug, zone=it.zone))
        elif app.store.listed(campaign=slug, limit=1):
            # Scheduled before names and clocks were noted.
            found.append(Subject(slug=slug, name=slug, zone=ZoneInfo("UTC")))
        else:
            names = ", ".join(known) or "none"
            raise UsageError(f"Nothing was scheduled of a campaign {slug!r}. Known are: {names}.")
    return tuple(found)


def report(
    app: App,
    about: tuple[Subject, ...],
    *,
    files: Mapping[str, Path],
    since: datetime | None = None,
    until: datetime | None = None,
) -> Report:
    """What was promised from `since` on and before `until`; None is no bound.

    `files` are the campaign files by short name; where one cannot be read, the goals of its posts
    are not known. Raises StoreError.
    """
    now, slugs = app.now(), [it.slug for it in about]
    goals = {slug: goals_of(file) for slug, file in files.items()}
    found = [
        delivery
        for slug in slugs
        for delivery in app.store.listed(campaign=slug)
        if _is_within(delivery.due_at, since, until)
    ]
    known = app.store.measurements.last(slugs)
    readings = {it.key: known[it.key] for it in found if it.key in known}
    # The log is verified first: of what happens meanwhile, the heads below know more, never less.
    breaks, entries = app.store.broken_links(), app.store.log_length()
    return Report(
        subjects=about,
        made_at=now,
        since=since,
        until=until,
        lines=_lines(app, found, {slug: goals[slug] or {} for slug in goals}, readings),
        asked=tuple(
            asked_of(it, _withdrawn(app), now)
            for slug in slugs
            for it in app.store.handoffs(slug)
            if _is_within(it.live_due, since, until)
        ),
        held=app.store.reports.held(slugs, since=since, until=until),
        proof=Proof(breaks=len(breaks), entries=entries, chains=app.store.reports.chains()),
        goals_known=all(goals.get(slug) is not None for slug in slugs),
        measured_on=max((it.day for it in readings.values()), default=None),
    )


def _lines(
    app: App,
    found: Sequence[Delivery],
    goals: Mapping[str, Mapping[str, str]],
    readings: Mapping[str, Reading],
) -> tuple[Line, ...]:
    steps = steps_by_delivery(app.store.reports.steps({it.campaign for it in found}))
    said = app.store.said_of([it for it in found if it.variant.people], required={})
    told = [
        line(
            delivery,
            steps.get(delivery.key, ()),
            goal=goal_of(delivery, goals.get(delivery.campaign, {})),
            said=said,
            now=app.now(),
            reading=readings.get(delivery.key),
        )
        for delivery in found
    ]
    return tuple(sorted(told, key=lambda it: (it.due_at, it.campaign, it.post, it.key)))


def _is_within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)


def _withdrawn(app: App) -> frozenset[str]:
    consents = app.store.consents.known().values()
    return frozenset(it.person for it in consents if it.withdrawn_at is not None)
