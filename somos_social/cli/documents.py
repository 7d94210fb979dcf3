"""What the JSON documents hold: fields that keep their names and meanings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from somos_social.errors import Finding, Problem

if TYPE_CHECKING:
    from somos_social.core.desk.rules import Remark, Rule
    from somos_social.core.foresight import Foreseen
    from somos_social.core.guests import Guest
    from somos_social.core.metrics import Group
    from somos_social.core.model.channel import Hold
    from somos_social.core.model.delivery import Delivery
    from somos_social.core.model.handoff import Handoff
    from somos_social.core.model.post import Extras, Variant
    from somos_social.core.people import Approval, Approver, ChangeRequest, Consent, Pause
    from somos_social.core.prices import Bill
    from somos_social.core.report import Asked as AskedFor
    from somos_social.core.report import Line as ReportLine
    from somos_social.core.report import Punctuality, Report
    from somos_social.flows.attention import ApprovalWanted
    from somos_social.flows.campaign import Line
    from somos_social.flows.hearing import Noted, Tried
    from somos_social.flows.telling import Told
    from somos_social.flows.withdrawal import Honoured, Still
    from somos_social.store.approvers import Lock
    from somos_social.store.requests import Request


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, such as "2026-12-01T14:00:00Z"; fractions of a second only where any."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def problem(found: Problem) -> dict[str, str]:
    """What is wrong and where; of what the desk found, by which rule, and whose rule that is."""
    told = {
        "file": found.file,
        "key": found.key,
        "problem": found.problem,
        "hint": found.hint,
    }
    match found:
        case Finding(reason=""):
            return told | {"rule": found.rule, "source": found.source}
        case Finding():
            return told | {"rule": found.rule, "source": found.source, "reason": found.reason}
        case _:
            return told


def remark(found: "Remark") -> dict[str, Any]:
    """What a rule of the desk says of the words of a draft, and keeps nothing back."""
    return {
        "key": found.part,
        "problem": found.problem,
        "hint": found.hint,
        "rule": found.rule.name,
        "source": found.source,
    }


def checked(
    problems: Iterable[Problem],
    warnings: Iterable[Finding],
    accepted: Iterable[Finding],
    clashes: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    """All that is to be said of files; what is no problem, only where there is some of it."""
    told = {
        "warnings": [*(problem(each) for each in warnings), *clashes],
        "accepted": [problem(each) for each in accepted],
    }
    return {
        "problems": [problem(each) for each in problems],
        **{name: found for name, found in told.items() if found},
    }


def rule(found: "Rule") -> dict[str, Any]:
    """A rule of the desk: what it looks for, what it says, and whose rule it is."""
    return {
        "rule": found.name,
        "level": found.level.value,
        "looks_for": found.looks_for,
        "problem": str(found.problem),
        "hint": str(found.hint),
        "source": found.source,
    }


def error(message: str, exit_code: int) -> dict[str, Any]:
    return {"error": {"message": message, "exit_code": exit_code}}


def delivery(found: "Delivery") -> dict[str, Any]:
    return {
        "key": found.key,
        "campaign": found.campaign,
        "post": found.post,
        "channel": found.channel,
        "platform": found.platform,
        "status": found.status.value,
        "due_at": utc(found.due_at),
        "run_at": utc(found.run_at),
        "attempts": found.attempts,
        "url": found.receipt and found.receipt.url,
        "remote_id": found.receipt and found.receipt.remote_id,
        "reason": found.reason,
    }


def variant(found: "Variant") -> dict[str, Any]:
    return {
        "format": found.format.value,
        "text": found.text,
        "link": found.link,
        "assets": [
            {"path": asset.path, "alt": asset.alt, "cover": asset.cover} for asset in found.assets
        ],
        "extras": _extras(found.extras),
    }


def _extras(found: "Extras") -> dict[str, Any]:
    """What is said beside the text; assets count from 1, as in a campaign file."""
    return {
        "location": found.location or None,
        "collaborators": list(found.collaborators),
        "tags": [
            {"user": tag.user, "x": tag.x, "y": tag.y, "asset": tag.place + 1} for tag in found.tags
        ],
        "cover": found.cover.path if found.cover and not found.cover.is_still else None,
        "share_to_feed": found.share_to_feed,
        "replies": found.replies and found.replies.value,
        "paid_partnership": found.paid_partnership,
        "made_with_ai": found.made_with_ai,
    }


def hold(held: "Hold") -> dict[str, Any]:
    """Why a channel publishes nothing now."""
    return {
        "channel": held.channel,
        "stopped": held.stopped,
        "since": utc(held.since),
        "until": utc(held.until),
        "reason": held.reason,
    }


def warning(found: "Foreseen") -> dict[str, Any]:
    """What will keep posts of a channel from going out, and from when on, where that is known."""
    return {
        "channel": found.channel,
        "about": found.about.value,
        "at": utc(found.at),
        "message": found.message,
    }


def entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the publishing log, as the store reads it."""
    names = [
        "delivery",
        "channel",
        "from",
        "to",
        "event",
        "attempt",
        "actor",
        "url",
        "remote_id",
        "reason",
        "digest",
        "hash",
    ]
    return {"at": utc(row["at"]), **{name: row[name] for name in names}}


def change(line: "Line") -> dict[str, Any]:
    return {
        "change": line.planned.change.value,
        "key": line.planned.key,
        "blocked_by": list(line.blocked_by),
    }


def bill(found: "Bill") -> dict[str, Any]:
    """What X bills for so many posts, in US dollars."""
    return {"posts": found.posts, "with_url": found.with_url, "usd": float(found.usd)}


def handoff(found: "Handoff", now: datetime) -> dict[str, Any]:
    """A hand-off and how it stands; `late` is what should be there by now."""
    from somos_social.core.handoff import is_late

    draft, proof = found.draft, found.proof
    return {
        "key": found.key,
        "campaign": found.campaign,
        "influencer": found.influencer,
        "status": found.status.value,
        "draft_due": utc(found.draft_due),
        "live_due": utc(found.live_due),
        "url": found.url,
        "late": is_late(found, now),
        "review": found.review,
        "networks": list(found.ask.networks),
        "format": found.ask.format.value,
        "compensation": found.ask.compensation.value,
        "timezone": found.ask.timezone,
        "rights_until": utc(found.ask.rights_until),
        "live_at": utc(found.live_at),
        "draft": draft
        and {
            "digest": draft.digest,
            "network": draft.network or None,
            "text": draft.text,
            "files": [{"name": it.name, "sha256": it.sha256} for it in draft.files],
            "approved": found.approved == draft.digest,
        },
        "proof": proof
        and {
            "at": utc(proof.at),
            "url": proof.url,
            "how": proof.how,
            "seen": list(proof.seen),
            "screenshot": proof.screenshot,
        },
        "reason": found.reason,
    }


def approval_wanted(found: "ApprovalWanted") -> dict[str, Any]:
    """A post that lacks the yes of these organisations, and when it is first due."""
    return {
        "campaign": found.campaign,
        "post": found.post,
        "due_at": utc(found.due_at),
        "organisations": list(found.organisations),
    }


def tried(found: "Tried") -> dict[str, Any]:
    """An address, by where it lies, whom it is for, and why it did not take a message, if so."""
    return {
        "address": found.address,
        "for": found.whose,
        "arrived": found.reason is None,
        "reason": found.reason,
    }


def noted(found: "Noted") -> dict[str, Any]:
    """What was told, or is to be: `state` is told, sending, waits, given-up or unknown."""
    return {
        "at": utc(found.at),
        "about": found.about,
        "to": found.to,
        "subject": found.subject,
        "state": found.state.value,
        "attempts": found.attempts,
        "again_at": utc(found.again_at),
        "reason": found.reason,
    }


def told(done: "Told") -> dict[str, Any]:
    """A message to a person; `reason` says why it did not go out."""
    return {"about": done.telling.about.value, "to": done.to.value, "reason": done.reason}


def approver(found: "Approver") -> dict[str, Any]:
    """Who may say yes; never a key."""
    return {
        "approver": str(found),
        "organisation": found.organisation,
        "person": found.person,
        "added_at": utc(found.added_at),
        "added_by": found.added_by,
    }


def lock(found: "Lock") -> dict[str, Any]:
    """For whom wrong keys were tried, and until when that shuts them out, if so; never a key."""
    return {"approver": str(found.approver), "locked_until": utc(found.until)}


def guest(found: "Guest", now: datetime) -> dict[str, Any]:
    """Who is invited to the board; never a link."""
    return {
        "guest": str(found),
        "organisation": found.organisation,
        "person": found.person,
        "role": found.role.value,
        "status": found.state(now),
        "invited_at": utc(found.invited_at),
        "invited_by": found.invited_by,
        "link_until": utc(found.link_until),
        "seen_at": utc(found.seen_at),
    }


def approval(given: "Approval") -> dict[str, Any]:
    """A yes to the content of this digest on the channel of this delivery."""
    return {
        "key": given.delivery,
        "organisation": given.organisation,
        "person": given.person,
        "digest": given.variant.digest,
        "due_at": utc(given.due_at),
        "at": utc(given.at),
    }


def approved(given: "Approval") -> dict[str, Any]:
    """A yes, with all that it was given to."""
    content = variant(given.variant)
    for told, asset in zip(content["assets"], given.variant.assets, strict=True):
        told["sha256"] = asset.sha256
    return approval(given) | {"content": content}


def change_request(found: "ChangeRequest") -> dict[str, Any]:
    """What an organisation wants otherwise than the content of this digest."""
    return {
        "key": found.delivery,
        "organisation": found.organisation,
        "person": found.person,
        "comment": found.comment,
        "digest": found.variant.digest,
        "at": utc(found.at),
    }


def consent(found: "Consent", now: datetime) -> dict[str, Any]:
    """What a person who is seen allows; `form` is the fingerprint of what they signed."""
    return {
        "person": found.person,
        "status": found.state(now),
        "scope": list(found.scope),
        "channels": list(found.channels),
        "until": utc(found.until),
        "guardian": found.guardian,
        "form": found.form,
        "granted_at": utc(found.granted_at),
        "withdrawn_at": utc(found.withdrawn_at),
        "reason": found.reason,
    }


def honoured(done: "Honoured") -> dict[str, Any]:
    """What a withdrawal meant for one delivery or hand-off, and how many seconds that took."""
    return {
        "key": done.subject,
        "was": done.was,
        "now": done.now,
        "seconds": round(done.took.total_seconds(), 3),
        "url": done.url,
        "reason": done.reason,
        "request": done.request.number if done.request else None,
    }


def still(found: "Still") -> dict[str, Any]:
    """What may be public of someone who has withdrawn, and is asked of nobody yet."""
    return {
        "person": found.person,
        "key": found.subject,
        "status": found.status,
        "url": found.url,
    }


def request(found: "Request") -> dict[str, Any]:
    """Something that a person is asked to take down."""
    return {
        "number": found.number,
        "subject": found.subject,
        "person": found.person,
        "url": found.url,
        "reason": found.reason,
        "opened_at": utc(found.opened_at),
        "closed_at": utc(found.closed_at),
        "outcome": found.outcome,
    }


def pause(found: "Pause") -> dict[str, Any]:
    """What is kept back, since when, and until when where that is known; null stands for any."""
    return {
        "number": found.number,
        "campaign": found.campaign,
        "channel": found.channel,
        "person": found.person,
        "since": utc(found.since),
        "until": utc(found.until),
        "reason": found.reason,
    }


def report(found: "Report") -> dict[str, Any]:
    """All that a report tells, for programs; `null` stands for what did not happen or is unknown.

    A key or a post is null where even its name might say whom it showed.
    """
    from somos_social.core.report import punctuality

    out = found.went_out
    platforms = sorted({it.platform for it in out})
    return {
        "campaigns": [{"campaign": it.slug, "name": it.name} for it in found.subjects],
        "timezone": str(found.zone),
        "made_at": utc(found.made_at),
        "since": utc(found.since),
        "until": utc(found.until),
        "counts": {status.value: number for status, number in found.statuses.items()},
        "punctuality": {
            "all": _punctuality(punctuality(out)),
            **{it: _punctuality(punctuality(_on(out, it))) for it in platforms},
        },
        "goals_known": found.goals_known,
        "goals": _counted(it.goal for it in out),
        "deliveries": [_reported(it) for it in found.lines],
        "measured_on": found.measured_on.isoformat() if found.measured_on else None,
        "by_kind": [_group(it) for it in found.by_kind()],
        "by_goal": [_group(it) for it in found.by_goal()],
        "handoffs": [_asked_for(it) for it in found.asked],
        "pauses": found.held.pauses,
        "blackouts": found.held.blackouts,
        "withdrawals": found.held.withdrawals,
        "log": {
            "whole": not found.proof.breaks,
            "breaks": found.proof.breaks,
            "entries": found.proof.entries,
            "heads": {it.name: {"length": it.length, "hash": it.hash} for it in found.proof.chains},
        },
    }


def _on(lines: "Iterable[ReportLine]", platform: str) -> "list[ReportLine]":
    return [it for it in lines if it.platform == platform]


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


def _punctuality(found: "Punctuality | None") -> dict[str, Any] | None:
    """In seconds after the promised time."""
    if found is None:
        return None
    return {
        "posts": found.posts,
        "median": found.median.total_seconds(),
        "p95": found.most.total_seconds(),
        "worst": found.worst.total_seconds(),
        "within_a_minute": found.in_a_minute,
    }


def _reported(line: "ReportLine") -> dict[str, Any]:
    return {
        "key": line.key or None,
        "campaign": line.campaign,
        "post": line.post or None,
        "channel": line.channel,
        "platform": line.platform,
        "kind": line.kind.value,
        "goal": line.goal or None,
        "status": line.status.value,
        "due_at": utc(line.due_at),
        "out_at": utc(line.out_at),
        "late": line.late.total_seconds() if line.late is not None else None,
        "follows": line.follows,
        "cause": line.cause.value if line.cause else None,
        "url": line.url,
        "figures": {name.value: value for name, value in line.figures.items()},
    }


def _group(found: "Group") -> dict[str, Any]:
    """Medians of posts of one network; `enough` says whether they may be compared."""
    return {
        "platform": found.platform,
        "name": found.name or None,
        "posts": found.posts,
        "seen": found.seen,
        "seen_of": found.seen_of,
        "interactions": found.acted,
        "interactions_of": found.acted_of,
        "enough": found.is_enough,
        "best": found.leads,
    }


def _asked_for(found: "AskedFor") -> dict[str, Any]:
    return {
        "key": found.key,
        "campaign": found.campaign,
        "influencer": found.influencer,
        "status": found.status,
        "live_due": utc(found.live_due),
        "live_at": utc(found.live_at),
        "late": found.late,
        "url": found.url,
        "proved_at": utc(found.proved_at),
        "seen": list(found.seen),
        "screenshot": found.screenshot,
    }
