"""The month as a calendar; on a phone, a week of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from starlette.responses import Response

from somos_social.board.standing import Posted, posted, standings
from somos_social.board.views.campaigns import Campaigns, campaigns_of
from somos_social.board.visit import Visit, day_of
from somos_social.preview import dates

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the calendar, with the posts that go out on it where their campaign is."""

    date: date
    posts: Sequence[Posted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days from Monday on; `is_chosen` is the one that a phone shows."""

    days: Sequence[Day]
    is_chosen: bool


def home(visit: Visit) -> Response:
    return visit.go("/calendar")


def show(visit: Visit) -> Response:
    campaigns = campaigns_of(visit)
    today = visit.board.app.now().astimezone(campaigns.zone).date()
    chosen = day_of(visit.asked("day")) or today
    first = chosen.replace(day=1)
    begin = first - first.weekday() * A_DAY
    weeks = _weeks(visit, campaigns, begin, chosen)
    return visit.page(
        "calendar.html",
        campaigns=campaigns,
        weeks=weeks,
        chosen=chosen,
        today=today,
        month=first.month,
        title=dates.month(first, visit.language),
        week=chosen - chosen.weekday() * A_DAY,
        earlier=(first - A_DAY).replace(day=1),
        later=(first + 31 * A_DAY).replace(day=1),
        week_earlier=chosen - A_WEEK,
        week_later=chosen + A_WEEK,
        weekdays=[dates.weekday(begin + place * A_DAY, visit.language) for place in range(7)],
        day_of=lambda day: dates.day(day, visit.language),
        waiting=waiting(visit),
    )


def waiting(visit: Visit) -> int:
    """How many posts wait for the guest's own organisation."""
    from somos_social.board.views.queue import unapproved_posts

    if not visit.is_approver:
        return 0
    return len(unapproved_posts(visit, visit.person.organisation))


def _weeks(visit: Visit, campaigns: Campaigns, begin: date, chosen: date) -> list[Week]:
    """As many as the month has; what is on each day, by the clock of its campaign."""
    last = (chosen.replace(day=1) + 31 * A_DAY).replace(day=1) - A_DAY
    end = last + (7 - last.weekday()) * A_DAY
    app = visit.board.app
    found = app.store.pages.between(
        _midnight(begin - A_DAY), _midnight(end + A_DAY), campaign=campaigns.chosen
    )
    by_day: dict[date, list[Posted]] = {}
    for each in posted(standings(app, found)):
        there = each.due_at.astimezone(campaigns.zone_of(each.campaign))
        by_day.setdefault(there.date(), []).append(each)
    weeks = []
    while begin < end:
        days = [begin + place * A_DAY for place in range(7)]
        weeks.append(
            Week(
                days=[Day(date=day, posts=by_day.get(day, ())) for day in days],
                is_chosen=chosen in days,
            )
        )
        begin += A_WEEK
    return weeks


def _midnight(day: date, zone: tzinfo = UTC) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
