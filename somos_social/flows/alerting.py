"""Tells the desk what it must know, each thing once to each audience, whoever else runs.

Whatever happens here, nothing that goes out waits for it: what could not be told is tried again,
more and more rarely, and stands in `somos status` meanwhile.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from somos_social.core import alert_words, alerts
from somos_social.core.alerts import NEWS, Alert, Audience, Kind
from somos_social.core.foresight import About
from somos_social.core.handoff import OPEN, is_late
from somos_social.core.messages import Message
from somos_social.core.model.delivery import Status
from somos_social.core.people import Consent
from somos_social.errors import SomosError, StoreError
from somos_social.flows import App
from somos_social.flows.attention import foreseen, needs_a_person
from somos_social.flows.withdrawal import is_under_way
from somos_social.notify import Untold
from somos_social.store.campaigns import Scheduled

logger = logging.getLogger("somos")

MOST_TRIES = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""Before what surely failed is tried again: twice as long each time, for some six hours in all."""

_LIVES = (Status.SCHEDULED, Status.CLAIMED, Status.PUBLISHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """One message on these things: `reason` says why it did not go out, None where it did."""

    alerts: Sequence[Alert]
    audience: Audience
    reason: str | None = None


def alert(app: App) -> list[Alerted]:
    """All that is due now and was not told yet. Where nobody hears of it, nothing is written."""
    audiences = app.notifier.audiences
    if not any(audience.kinds for audience in audiences):
        return []
    campaigns = app.store.pages.campaigns()
    digests = _digests(app, campaigns)
    found = [
        *_of_deliveries(app, campaigns),
        *_of_channels(app, campaigns),
        *_of_people(app, campaigns),
        *(it for it, _ in digests),
    ]
    days = {it.subject: today for it, today in digests}
    return [
        done
        for audience in audiences
        for group in alerts.grouped(_heard(audience, found))
        for done in _tell(app, audience, group, days)
    ]


def _heard(audience: Audience, found: Iterable[Alert]) -> list[Alert]:
    return [it for it in found if audience.hears(it.kind, it.organisation)]


def _tell(app: App, audience: Audience, group: Sequence[Alert], days: "_Days") -> list[Alerted]:
    """What came of those of the group that are ours to tell now, in one message."""
    if app.stopping():
        return []
    now = app.now()
    by_name = {(it.subject, it.told_as(audience)): it for it in group}
    tries = app.store.begin_tellings(by_name, now, most=MOST_TRIES)
    ours = [it for name, it in by_name.items() if name in tries]
    if not ours:
        return []
    try:
        app.notifier.tell_desk(*_words(ours, audience, days), audience)
    except StoreError:
        raise
    except (Untold, SomosError) as error:
        reason, tried = str(error), max(tries.values())
        pause = min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
        app.store.end_tellings(tries, reason=reason, again_at=now + pause)
        if tried in (1, MOST_TRIES):
            logger.error("%s was not told of %s: %s", audience.name, _named(ours), reason)
        return [Alerted(alerts=ours, audience=audience, reason=reason)]
    except Exception as error:  # noqa: BLE001 - it may have gone out: it is not told again
        reason = f"It is not known whether it went out ({type(error).__name__})."
        logger.error("%s, %s: %s", audience.name, _named(ours), reason)
        return [Alerted(alerts=ours, audience=audience, reason=reason)]
    app.store.end_tellings(tries)
    return [Alerted(alerts=ours, audience=audience)]


def _named(group: Sequence[Alert]) -> str:
    return ", ".join(dict.fromkeys(it.kind.value for it in group))


def _words(group: Sequence[Alert], audience: Audience, days: "_Days") -> Message:
    if group[0].kind is Kind.DIGEST:
        return alert_words.of_day(days[group[0].subject], audience.language)
    return alert_words.of_alerts(group, audience.language)


# What is due.

_Days = Mapping[str, alert_words.Today]
"""By the subject of its alert, what a day brings."""
_Campaigns = Mapping[str, Scheduled]


def _zone(campaigns: _Campaigns) -> ZoneInfo:
    """The clock of the desk: that of its campaigns, where they share one."""
    zones = {it.zone for it in campaigns.values()}
    return zones.pop() if len(zones) == 1 else ZoneInfo("UTC")


def _of_deliveries(app: App, campaigns: _Campaigns) -> list[Alert]:
    now = app.now()
    stuck = [it for it in needs_a_person(app) if it.status in alerts.OF_STATUS]
    since = app.store.entered(stuck)
    zones = {slug: it.zone for slug, it in campaigns.items()}
    found = []
    for delivery in stuck:
        entry, at = since.get(delivery.key, (0, None))
        if at is not None and now - at < NEWS:
            zone = zones.get(delivery.campaign, ZoneInfo("UTC"))
            found.append(alerts.of_entered(delivery, entry, at, zone))
    soon = app.store.promised(now + app.wanted.approval_before)
    said = app.store.said_of(soon)
    return [*found, *alerts.wanted_approvals(soon, said, now, zones)]


def _of_channels(app: App, campaigns: _Campaigns) -> list[Alert]:
    now, zone = app.now(), _zone(campaigns)
    found = [alerts.of_stopped(it, zone) for it in app.store.holds(now).values() if it.stopped]
    for channel, known in sorted(app.store.introductions().items()):
        if channel in app.channels:
            found += alerts.of_ends(known, now, zone)
    short = [it for it in foreseen(app) if it.about is About.QUOTA]
    return [*found, *(it for each in short for it in alerts.of_quota(each.channel, now, zone))]


def _of_people(app: App, campaigns: _Campaigns) -> list[Alert]:
    now, store = app.now(), app.store
    zone = _zone(campaigns)
    begun = [it for it in store.pauses.in_force() if it.since <= now < it.since + NEWS]
    over = store.pauses.ended(now - NEWS)
    return [
        *(alerts.of_pause(it, zone) for it in begun),
        *(alerts.of_resumed(it, ended_at, zone) for it, ended_at in over),
        *(it for consent in store.consents.known().values() for it in _of_withdrawal(app, consent)),
    ]


def _of_withdrawal(app: App, consent: Consent) -> list[Alert]:
    at = consent.withdrawn_at
    if at is None or app.now() - at >= NEWS or is_under_way(app, consent):
        return []
    requests = app.store.requests.known(open_only=True)
    left = sum(request.person == consent.person for request in requests)
    return [alerts.of_withdrawal(consent.person, at, left)]


def _digests(app: App, campaigns: _Campaigns) -> list[tuple[Alert, alert_words.Today]]:
    found = []
    for campaign in campaigns.values():
        begins = alerts.digest_day(app.wanted, app.now(), campaign.zone)
        if begins is None:
            continue
        today = _today(app, campaign, begins)
        if today is not None:
            once = begins.date().isoformat()
            subject = f"campaign/{campaign.slug}"
            found.append((Alert(kind=Kind.DIGEST, subject=subject, once=once), today))
    return found


def _today(app: App, campaign: Scheduled, begins: datetime) -> alert_words.Today | None:
    """None for a campaign that is over: each of its days would be like the last."""
    now, zone, slug = app.now(), campaign.zone, campaign.slug
    day = timedelta(days=1)
    ends = (begins.replace(tzinfo=None) + day).replace(tzinfo=zone)
    before = (begins.replace(tzinfo=None) - day).replace(tzinfo=zone)
    due = [it for it in app.store.pages.between(begins, ends, campaign=slug) if it.status in _LIVES]
    out = app.store.listed(statuses=[Status.PUBLISHED], campaign=slug)
    went_out = [it.key for it in out if it.asked_at and before <= it.asked_at < begins]
    stuck = [it for it in needs_a_person(app) if it.campaign == slug]
    late = [it for it in app.store.handoffs(slug) if is_late(it, now)]
    if not (due or went_out or stuck or late or _goes_on(app, slug)):
        return None
    pauses = [it for it in app.store.pauses.in_force() if it.since <= now]
    return alert_words.Today(
        name=campaign.name,
        at=begins,
        due=[(it.key, it.due_at.astimezone(zone)) for it in due],
        stuck=[it.key for it in stuck],
        went_out=went_out,
        pauses=[it for it in pauses if it.campaign in (None, slug)],
        late=[it.name for it in late],
    )


def _goes_on(app: App, slug: str) -> bool:
    waits = app.store.listed(statuses=_LIVES, campaign=slug, limit=1)
    return bool(waits) or any(it.status in OPEN for it in app.store.handoffs(slug))
