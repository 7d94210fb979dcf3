"""The tables of a campaign file, as people write them."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from somos_social.core.links import PLACES, USUAL
from somos_social.core.model.handoff import Compensation
from somos_social.core.model.post import Format, Replies
from somos_social.core.tweet_text import hashtags
from somos_social.document import (
    DayOrMoment,
    Line,
    Moment,
    Positive,
    Prose,
    Shape,
    Unfit,
    near,
    url,
    zone,
)

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_FORMATS = (Format.FEED, Format.REEL, Format.STORY)


def checked_key(text: str) -> str:
    """A name that can stand in a delivery's key; raises Unfit."""
    if not _KEY.fullmatch(text):
        hint = "Write at most 64 of a-z, 0-9, dots, _ and -, a letter or digit first."
        raise Unfit("cannot be used as a key.", hint)
    return text


def _hashtag(text: str) -> str:
    text = text.strip()
    if text and hashtags(text) != [text[1:]]:
        raise Unfit("is not one hashtag.", "Write it as in #SomosLoMismo.")
    return text


def _format(text: str) -> str:
    if text not in _FORMATS:
        hint = near(text, _FORMATS) or f"Write {', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}."
        raise Unfit("is not a known format.", hint)
    return text


def _link(text: str) -> str:
    return url(text) if (text := text.strip()) else text


def _contact(text: str) -> str:
    scheme, _, name = text.partition(":")
    if scheme == "env" and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise Unfit("names no environment variable.", "Write it as in env:ANA_EMAIL.")
    return text


def _compensation(text: str) -> str:
    if text not in list(Compensation):
        hint = near(text, list(Compensation)) or f"Write one of {', '.join(Compensation)}."
        raise Unfit("is no known compensation.", hint)
    return text


def _zone_name(text: str) -> str:
    return zone(text).key


def _day(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Unfit("must be a day.", "Write it without quotes, as in 2027-12-31.")
    return value


def _organisation(text: str) -> str:
    if ":" in text:
        raise Unfit("holds a colon.", "Write the name of the organisation alone, as in UNHCR.")
    return text


def _user(text: str) -> str:
    name = text.strip().removeprefix("@")
    if not re.fullmatch(r"[A-Za-z0-9_.]{1,30}", name):
        raise Unfit("is not the name of a user.", "Write it as in @ana.")
    return name


def _number(text: str) -> str:
    if text and not re.fullmatch(r"[0-9]{1,20}", text):
        raise Unfit("is not the number of a Page.", "Write the digits of its id alone.")
    return text


def _replies(text: str) -> str:
    if text not in list(Replies):
        hint = near(text, list(Replies)) or f"Write {', '.join(Replies)}, or leave it out for all."
        raise Unfit("is not known.", hint)
    return text


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise Unfit("is not on the picture.", "Write a number from 0 (left, top) to 1.")
    return value


def _place(value: int) -> int:
    if value < 1:
        raise Unfit("is no place of an asset.", "Write 1 for the first.")
    return value


def _pattern(text: str) -> str:
    text = text.strip()
    if unknown := [name for name in re.findall(r"\{([^{}]*)\}", text) if name not in PLACES]:
        hint = near(unknown[0], PLACES) or f"Known are {', '.join(f'{{{it}}}' for it in PLACES)}."
        raise Unfit(f"holds {{{unknown[0]}}}, which stands for nothing.", hint)
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        raise Unfit("holds a brace without its other half.", "Write it as in {network}.")
    if not re.fullmatch(r"[A-Za-z0-9._~{}-]*", text):
        raise Unfit("holds what an address does not take.", "Write a-z, 0-9, dots, _, ~ or -.")
    return text


def _utm(value: object) -> object:
    """`true` is the usual table."""
    if isinstance(value, bool):
        return {} if value else None
    if isinstance(value, dict):
        return value
    raise Unfit("must be true, or a table.", "Write it as in utm = true.")


User = Annotated[str, AfterValidator(_user)]
Key = Annotated[str, AfterValidator(checked_key)]
Hashtag = Annotated[str, AfterValidator(_hashtag)]


Pattern = Annotated[str, AfterValidator(_pattern)]


class UtmShape(Shape):
    """What is added to an address for web statistics; an empty one is left out."""

    source: Pattern = USUAL.source
    medium: Pattern = USUAL.medium
    campaign: Pattern = USUAL.campaign
    content: Pattern = USUAL.content


class LinksShape(Shape):
    """What is done to links as they go out."""

    utm: Annotated[UtmShape | None, BeforeValidator(_utm)] = None


class CampaignShape(Shape):
    """The head of a file; its posts and hand-offs are fitted one by one."""

    name: Line = ""
    hashtag: Hashtag = ""
    timezone: str = ""
    channels: list[str] = Field(default_factory=list)
    approvals: list[Annotated[Line, AfterValidator(_organisation)]] = Field(default_factory=list)
    post: list[Any] = Field(default_factory=list)
    handoff: list[Any] = Field(default_factory=list)
    blackout: list[Any] = Field(default_factory=list)
    accept: dict[str, Any] = Field(default_factory=dict)
    contact: Line = ""
    slots: dict[str, Any] = Field(default_factory=dict)
    links: LinksShape = Field(default_factory=LinksShape)


class BlackoutShape(Shape):
    """A time in which nothing of the campaign goes out; a day is meant as a whole."""

    begin: Annotated[DayOrMoment | None, Field(alias="from")] = None
    to: DayOrMoment | None = None
    reason: Prose = ""


class TagShape(Shape):
    """Someone marked on an asset; `asset` counts from 1."""

    user: User = ""
    x: Annotated[float, AfterValidator(_share)] | None = None
    y: Annotated[float, AfterValidator(_share)] | None = None
    asset: Annotated[int, AfterValidator(_place)] = 1


class LinkShape(Shape):
    """A link of a thread below the first."""

    text: Prose = ""
    assets: list[str] = Field(default_factory=list)


class RepeatShape(Shape):
    """When a post goes out again, and its text of each time; a variant has texts alone."""

    rule: Line = ""
    texts: list[Prose] = Field(default_factory=list)
    moved: dict[str, Moment] = Field(default_factory=dict)
    without: list[str] = Field(default_factory=list)


class VariantShape(Shape):
    """What a post says for one platform or channel; a key that is left out is the post's own.

    An empty link, list of assets or first comment takes away the post's own.
    """

    text: Prose = ""
    repeat: RepeatShape | None = None
    due: Moment | None = None
    link: Annotated[str, AfterValidator(_link)] = ""
    assets: list[str] = Field(default_factory=list)
    format: Annotated[str, AfterValidator(_format)] = Format.FEED
    first_comment: Prose = ""
    thread: list[LinkShape] = Field(default_factory=list)
    location: Annotated[Line, AfterValidator(_number)] = ""
    collaborators: list[User] = Field(default_factory=list)
    tags: list[TagShape] = Field(default_factory=list)
    cover: str = ""
    share_to_feed: bool = True
    replies: Annotated[str, AfterValidator(_replies)] | None = None
    paid_partnership: bool = False
    made_with_ai: bool = False


class PostShape(VariantShape):
    """A post; its variants are fitted one by one."""

    key: Key = ""
    goal: Prose = ""
    grace: Positive | None = None
    channels: list[str] = Field(default_factory=list)
    variant: dict[str, Any] = Field(default_factory=dict)
    accept: dict[str, Any] = Field(default_factory=dict)


class CaptionShape(Shape):
    """The words for one network; `verbatim` ones are not to be changed."""

    text: Prose = ""
    verbatim: bool = False


class HandoffShape(CaptionShape):
    """What an influencer is asked to post; its captions are fitted one by one."""

    key: Key = ""
    influencer: Line = ""
    contact: Annotated[Line, AfterValidator(_contact)] = ""
    draft_due: DayOrMoment | None = None
    live_due: DayOrMoment | None = None
    brief: Prose = ""
    review: bool = True
    timezone: Annotated[str, AfterValidator(_zone_name)] | None = None
    networks: list[str] = Field(default_factory=list)
    format: Annotated[str, AfterValidator(_format)] = Format.FEED
    compensation: Annotated[str, AfterValidator(_compensation)] = Compensation.NONE
    assets: list[str] = Field(default_factory=list)
    caption: dict[str, Any] = Field(default_factory=dict)
    rights: Prose = ""
    rights_until: Annotated[date, BeforeValidator(_day)] | None = None
