"""What an error of the Graph API means for a delivery, by where in its life the call stood.

Codes and subcodes: Meta's pages "Graph API / Handle Errors", "Instagram Platform / Error Codes" and
the references of Page feed, photos, videos and video_reels; for those that Meta does not document,
the error tables of public publishing tools (Postiz, restfb).
"""

import re
from datetime import datetime, timedelta
from enum import Enum, auto

from somos_social.core.events import (
    Blocked,
    Duplicate,
    NotReady,
    Refused,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.platforms import Failure
from somos_social.platforms.graph import VERSION, GraphError
from somos_social.platforms.transport import NoAnswer


class Meaning(Enum):
    """What one (code, subcode) says."""

    NEVER = auto()
    """Surely no, and asking again will not change it."""
    LATER = auto()
    """Scaffolding that may succeed on another try."""
    THROTTLED = auto()
    """Surely no, for now."""
    TOKEN = auto()
    """Surely no until a person renews the token or frees the account."""
    PERMISSION = auto()
    """Surely no until a person grants a permission."""
    AMBIGUOUS = auto()
    """It may have been done."""
    DUPLICATE = auto()
    """It seems to be there already, which may be our own earlier try."""
    MISSING = auto()
    """The object is not there or not for this token. Reads have said so of objects that are."""
    NOT_READY = auto()
    """Surely no: still processing."""
    GONE = auto()
    """What was built before is not there any more."""


_WARY = (4, 2207051)
"""Instagram restricts what it takes for spam: whoever goes on asking is blocked for longer."""
_REST = timedelta(hours=1)

_PAIRS: dict[tuple[int, int], Meaning] = {
    (-1, 2207032): Meaning.LATER,
    (-1, 2207053): Meaning.GONE,
    (-2, 2207003): Meaning.LATER,
    (-2, 2207020): Meaning.GONE,
    (1, 2207057): Meaning.NEVER,  # thumb_offset out of range
    (4, 2207051): Meaning.AMBIGUOUS,  # "we restrict certain activity": seen while the post was live
    (9, 2207042): Meaning.THROTTLED,  # daily publishing limit
    (24, 2207006): Meaning.GONE,
    (24, 2207008): Meaning.GONE,
    (100, 33): Meaning.MISSING,
    (368, 1390008): Meaning.THROTTLED,  # posting too fast
    (368, 1366051): Meaning.DUPLICATE,
    (368, 1404006): Meaning.TOKEN,  # security check
    (368, 1404078): Meaning.TOKEN,  # Page publishing authorization
    (368, 1404082): Meaning.DUPLICATE,
    (368, 4854002): Meaning.TOKEN,  # confirm identity
    (9007, 2207027): Meaning.NOT_READY,
}

_CODES: dict[int, Meaning] = {
    -2: Meaning.AMBIGUOUS,
    -1: Meaning.AMBIGUOUS,
    1: Meaning.AMBIGUOUS,
    2: Meaning.AMBIGUOUS,
    3: Meaning.PERMISSION,
    4: Meaning.THROTTLED,
    9: Meaning.THROTTLED,
    10: Meaning.PERMISSION,
    17: Meaning.THROTTLED,
    24: Meaning.AMBIGUOUS,
    25: Meaning.TOKEN,  # account restricted, inactive or at a checkpoint
    32: Meaning.THROTTLED,
    100: Meaning.NEVER,
    102: Meaning.TOKEN,
    104: Meaning.TOKEN,
    190: Meaning.TOKEN,
    324: Meaning.NEVER,  # missing or invalid image file
    341: Meaning.THROTTLED,
    352: Meaning.NEVER,  # video format
    368: Meaning.NEVER,  # judged abusive, or blocked by policy
    382: Meaning.NEVER,  # video too small
    389: Meaning.LATER,
    506: Meaning.DUPLICATE,
    613: Meaning.THROTTLED,
    2635: Meaning.TOKEN,
    6000: Meaning.NEVER,  # the video file cannot be used
    6001: Meaning.LATER,
    9004: Meaning.LATER,  # media not fetched: often passes
    9007: Meaning.NOT_READY,
    36000: Meaning.NEVER,  # larger than 8 MiB
    36001: Meaning.NEVER,  # image format
    36003: Meaning.NEVER,  # aspect ratio
    36004: Meaning.NEVER,  # caption too long
    1363040: Meaning.NEVER,  # reel: aspect ratio
    1363127: Meaning.NEVER,  # reel: resolution
    1363128: Meaning.NEVER,  # reel: duration
    1363129: Meaning.NEVER,  # reel: frame rate
    1366046: Meaning.NEVER,
    1366051: Meaning.DUPLICATE,
    1609005: Meaning.LATER,  # the link could not be read
    1609008: Meaning.NEVER,  # links to facebook.com
    1609010: Meaning.LATER,
    2061006: Meaning.NEVER,  # malformed link
}

_UNFIT_CONTAINER = frozenset(
    {
        2207004,  # larger than 8 MiB
        2207005,  # image format
        2207009,  # aspect ratio
        2207010,  # caption too long
        2207023,  # unknown media type
        2207026,  # video format
        2207028,  # number of carousel items
        2207035,  # product tags, and so on to the number of tags
        2207036,
        2207037,
        2207040,
        2207057,  # thumb_offset
        2207076,  # could not be processed
        2207077,
        2207081,
        2207085,
    }
)
"""Subcodes in a container's `status` text that another try with the same file will meet again."""

_PAUSES = {9: timedelta(hours=1), 368: timedelta(hours=1), 613: timedelta(minutes=5)}
_PAUSE = timedelta(minutes=15)
_MOMENT = timedelta(seconds=5)

_WHY = {
    458: "the app was removed from the account",
    459: "the account must first pass a check on facebook.com",
    460: "the password was changed",
    463: "it has expired",
    464: "the account must first be confirmed on facebook.com",
    467: "it was withdrawn",
    492: "its owner no longer has a role on the Page",
}


def meaning_of(error: GraphError) -> Meaning:
    """The meaning by (code, subcode), else by code; of what is not known, AMBIGUOUS."""
    if error.code is None or error.status >= 500:
        return Meaning.AMBIGUOUS
    if error.code == 100 and "appsecret_proof" in error.message:
        return Meaning.TOKEN
    if error.subcode is not None and (error.code, error.subcode) in _PAIRS:
        return _PAIRS[error.code, error.subcode]
    if 200 <= error.code <= 299 or error.code in {240, 283}:
        return Meaning.PERMISSION
    if 80000 <= error.code <= 80014:
        return Meaning.THROTTLED
    return _CODES.get(error.code, Meaning.AMBIGUOUS)


def on_visible_call(
    error: GraphError | NoAnswer, network: str, now: datetime
) -> Refused | Throttled | Blocked | Unanswered | Duplicate | Unreachable:
    """After the irrevocable call: whatever is not surely a no is Unanswered."""
    if isinstance(error, NoAnswer):
        return error.event
    match meaning_of(error):
        case Meaning.NEVER:
            return Refused(_refusal(error, network))
        case Meaning.THROTTLED:
            return _throttled(error, network, now)
        case Meaning.NOT_READY:
            return Throttled(now + _MOMENT, f"{network} is still processing the post.")
        case Meaning.TOKEN | Meaning.PERMISSION | Meaning.MISSING as meaning:
            return Blocked(_for_a_person(error, network), whole_channel=meaning is Meaning.TOKEN)
        case Meaning.DUPLICATE:
            return Duplicate(f"{network} says this is already there: {error.message}")
        case Meaning.AMBIGUOUS if _is_wary(error):
            return Unanswered(_unclear(error, network), rest_until=now + _REST)
        case Meaning.AMBIGUOUS | Meaning.LATER | Meaning.GONE:
            return Unanswered(_unclear(error, network))


def on_scaffolding(
    error: GraphError | NoAnswer, network: str, now: datetime
) -> Refused | Throttled | Blocked | Unanswered | Unreachable | NotReady:
    """After a call that nobody can see: what may go better next time is Unanswered."""
    if isinstance(error, NoAnswer):
        return error.event
    match meaning_of(error):
        case Meaning.NEVER:
            return Refused(_refusal(error, network))
        case Meaning.THROTTLED:
            return _throttled(error, network, now)
        case Meaning.NOT_READY:
            return NotReady(now + _MOMENT, None)
        case Meaning.TOKEN | Meaning.PERMISSION | Meaning.MISSING as meaning:
            return Blocked(_for_a_person(error, network), whole_channel=meaning is Meaning.TOKEN)
        case Meaning.AMBIGUOUS if _is_wary(error):
            return _resting(error, network, now)
        case _:
            return Unanswered(_unclear(error, network))


def on_look(
    error: GraphError | NoAnswer, network: str, now: datetime
) -> Unread | Unknowable | Throttled | Blocked:
    """After a failed look: it says nothing about what is public."""
    if isinstance(error, NoAnswer):
        return Unread(error.event.reason)
    match meaning_of(error):
        case Meaning.THROTTLED:
            return _throttled(error, network, now)
        case Meaning.TOKEN:
            return Blocked(_for_a_person(error, network), whole_channel=True)
        case Meaning.PERMISSION:
            return Unknowable(_for_a_person(error, network))
        case Meaning.AMBIGUOUS if _is_wary(error):
            return _resting(error, network, now)
        case _:
            return Unread(_unclear(error, network))


def is_lost(error: GraphError) -> bool:
    """Whether what was built before is of no more use, so that it has to be built anew."""
    return meaning_of(error) in {Meaning.NEVER, Meaning.GONE, Meaning.MISSING}


def on_introduction(error: GraphError | NoAnswer, network: str, now: datetime) -> Failure:
    """After asking whom the token speaks for: an id that Graph refuses is for a person, too."""
    if isinstance(error, GraphError) and meaning_of(error) is Meaning.NEVER:
        return Blocked(_for_a_person(error, network))
    return on_scaffolding(error, network, now)


def is_unfit(status: str) -> bool:
    """Whether the `status` text of a failed container names a fault of the file itself."""
    return any(int(number) in _UNFIT_CONTAINER for number in re.findall(r"\b2207\d{3}\b", status))


def _throttled(error: GraphError, network: str, now: datetime) -> Throttled:
    pause = error.regain or _PAUSES.get(error.code or 0, _PAUSE)
    return Throttled(now + pause, f"{network} asks us to wait: {error.message}", whole_channel=True)


def _is_wary(error: GraphError) -> bool:
    return (error.code, error.subcode) == _WARY


def _resting(error: GraphError, network: str, now: datetime) -> Throttled:
    """After what nobody can see: surely nothing is public, and the account is to be left alone."""
    reason = f"{network} restricts this account for a while: {error.message} {_number(error)}"
    return Throttled(now + _REST, reason, whole_channel=True)


def _refusal(error: GraphError, network: str) -> str:
    return f"{network} refused it: {error.message} {_number(error)}"


def _unclear(error: GraphError, network: str) -> str:
    return f"{network} gave no clear answer: {error.message} {_number(error)}"


def _for_a_person(error: GraphError, network: str) -> str:
    words = f"({error.message})"
    if meaning_of(error) is Meaning.MISSING:
        return (
            f"{network} does not show this token what it is to write to: the id in the config is "
            f"wrong, a role is missing, or it was deleted. {words}"
        )
    if meaning_of(error) is Meaning.PERMISSION:
        return (
            f"{network} does not let this token do that: a permission or a role is missing. "
            f"Grant it again, then run `somos channel verify`. {words}"
        )
    match error.code:
        case 100 if meaning_of(error) is Meaning.TOKEN:
            return (
                f"{network} asks for the secret of the app that made this token, and was not given "
                "the right one. Correct app_id and app_secret of this channel in the config, then "
                f"run `somos channel verify`. {words}"
            )
        case 2635:
            return f"{network} no longer serves {VERSION} of its API: update somos_social. {words}"
        case 25 | 368:
            return (
                f"{network} has restricted this account. Open it in a browser, follow what it asks "
                f"for, then run `somos channel verify`. {words}"
            )
    why = _WHY.get(error.subcode or 0, "it is not valid")
    return (
        f"{network} no longer accepts the token of this channel: {why}. Make a new one, put it "
        f"where the config looks for it, then run `somos channel verify`. {words}"
    )


def _number(error: GraphError) -> str:
    if error.code is None:
        return f"[HTTP {error.status}]"
    return f"[{error.code}]" if error.subcode is None else f"[{error.code}/{error.subcode}]"
