"""Looks whether a post is there and has what it must have; else takes a screenshot's word."""

from dataclasses import dataclass
from pathlib import Path

from somos_social.core.disclosure import discloses, names
from somos_social.core.handoff import (
    DISCLOSURE,
    HASHTAG,
    Confirmed,
    missing,
    only_live,
    required,
)
from somos_social.core.model.handoff import Handoff, Proof
from somos_social.core.model.post import Format
from somos_social.errors import NeedsPerson
from somos_social.flows import App, papers
from somos_social.flows.handoff import act
from somos_social.platforms.looking import Gone, Seen, Unseen


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look brought: what it saw, or else why it saw nothing."""

    seen: Seen | None = None
    why: str = ""
    is_gone: bool = False


def confirm(app: App, handoff: Handoff, screenshot: Path | None = None) -> Handoff:
    """The hand-off once it is confirmed, with the proof; the look stands in the log either way.

    Raises NotAllowed where nothing is live, UsageError for a file that holds nothing, and
    NeedsPerson where what must be there is not seen: it then stays live.
    """
    only_live(handoff)
    print_, doubt = (None, None) if screenshot is None else papers.screenshot(screenshot)
    url = handoff.url or ""
    look = _look(app, url)
    at = app.now()
    found = _found(handoff, look.seen) if look.seen else ()
    lacking = missing(handoff, found)
    by_screenshot = print_ is not None and _may_be_there(handoff, look)
    if not (look.seen and not lacking) and not by_screenshot:
        _leave_live(app, handoff, look, lacking)
    how = _in_words(look.seen) if look.seen else f"a screenshot, since {look.why}"
    if doubt:
        how = f"{how}; but {doubt}"
    proof = Proof(url=url, at=at, how=how, seen=found, screenshot=print_)
    return act(app, handoff, Confirmed(proof), note=_told(handoff, proof))


def _look(app: App, url: str) -> _Look:
    try:
        return _Look(seen=app.looker.look(url))
    except Gone as gone:
        return _Look(why=str(gone), is_gone=True)
    except Unseen as unseen:
        return _Look(why=str(unseen))


def _found(handoff: Handoff, seen: Seen) -> tuple[str, ...]:
    """What of all that must be there a look saw."""
    is_there = {
        HASHTAG: names(seen.text, handoff.ask.hashtag),
        DISCLOSURE: seen.is_labelled or discloses(seen.text, handoff.ask.compensation),
    }
    return tuple(what for what in required(handoff) if is_there[what])


def _may_be_there(handoff: Handoff, look: _Look) -> bool:
    """Whether a look leaves room for what only a screenshot can show."""
    if look.is_gone:
        return handoff.ask.format is Format.STORY
    return look.seen is None or not look.seen.is_whole


def _leave_live(app: App, handoff: Handoff, look: _Look, lacking: list[str]) -> None:
    named = {HASHTAG: f"the hashtag {handoff.ask.hashtag}", DISCLOSURE: "the disclosure"}
    absent = " and ".join(named[what] for what in lacking)
    by_hand = f"somos handoff confirm {handoff.name} --screenshot FILE"
    if look.seen and look.seen.is_whole:
        words = f"{_in_words(look.seen)} does not show {absent}."
        todo = f"Ask {handoff.influencer} to add it, then confirm again."
    elif look.seen:
        words = f"{_in_words(look.seen)} does not show {absent} to strangers."
        todo = f"Look yourself; if it is there: {by_hand}"
    elif look.is_gone and handoff.ask.format is not Format.STORY:
        words = look.why
        todo = f"Ask {handoff.influencer}; for another address: somos handoff live"
    else:
        words = look.why
        todo = f"Look yourself; if all is there: {by_hand}"
    app.store.note_handoff(handoff, "looked", words, now=app.now(), actor=app.actor)
    raise NeedsPerson(f"{handoff.name} is not confirmed: {words} {todo}")


def _in_words(seen: Seen) -> str:
    return f"{seen.how} (posted by @{seen.author})" if seen.author else seen.how


def _told(handoff: Handoff, proof: Proof) -> str:
    """What the log says: when and how it was looked at, what was found, and the fingerprint."""
    looked_for = ", ".join(required(handoff)) or "nothing that must be there"
    seen = ", ".join(proof.seen) or "nothing of it"
    shot = f"; screenshot SHA-256 {proof.screenshot}" if proof.screenshot else ""
    return f"looked by {proof.how} at {proof.at.isoformat()}: for {looked_for}; saw {seen}{shot}"
