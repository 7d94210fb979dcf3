"""The tables of the config file, as people write them."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from somos_social.core.alerts import Kind, Language, Wanted
from somos_social.core.guests import Stay
from somos_social.core.model.delivery import Policy
from somos_social.document import (
    ChannelName,
    Duration,
    Line,
    Positive,
    Shape,
    Unfit,
    Url,
    near,
    zone,
)
from somos_social.settings.secret import checked_reference

_ACCOUNT_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")
_POLICY = Policy()
_STAY = Stay()
_WANTED = Wanted()
_HOUR = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
OFF = "off"
"""In the place of a time of day: never."""


def _account_number(text: str) -> str:
    if not _ACCOUNT_NUMBER.fullmatch(text.strip()):
        raise Unfit("is not the number of an account.", 'Write it in quotes, as in "1234567890".')
    return text.strip()


def _folder_of_the_web(text: str) -> str:
    if not text.endswith("/"):
        text += "/"
    if urlsplit(text).query or urlsplit(text).fragment:
        raise Unfit("holds a ? or a #.", "Write the address of a folder.")
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        hint = "Write it as in https://tablero.example.org; the proxy leads all of it to the board."
        raise Unfit("is more than a scheme and a host.", hint)
    return text.rstrip("/")


def _zone_name(text: str) -> str:
    return zone(text).key


def _hour(text: str) -> str:
    if text != OFF and not _HOUR.fullmatch(text):
        raise Unfit("is no time of day.", 'Write it as in "07:30", or "off".')
    return text


def hour(text: str) -> time | None:
    """What was written as a time of day; None where it is off."""
    return None if text == OFF else time.fromisoformat(text.zfill(5))


def _language(text: str) -> str:
    if text not in tuple(Language):
        raise Unfit("is no language that we write.", f"Write {' or '.join(Language)}.")
    return text


def _kind(text: str) -> str:
    if text not in tuple(Kind):
        hint = near(text, list(Kind)) or f"Known are {', '.join(Kind)}."
        raise Unfit("is nothing that is told.", hint)
    return text


def _at_least_one(number: int) -> int:
    if number < 1:
        raise Unfit("must be at least 1.")
    return number


AccountNumber = Annotated[str, AfterValidator(_account_number)]
Reference = Annotated[str, AfterValidator(checked_reference)]
Count = Annotated[int, AfterValidator(_at_least_one)]
Hour = Annotated[str, AfterValidator(_hour)]
LanguageName = Annotated[str, AfterValidator(_language)]
KindName = Annotated[str, AfterValidator(_kind)]


class ConfigShape(Shape):
    """The whole file; its tables are fitted one by one."""

    store: dict[str, Any] = Field(default_factory=dict)
    media: dict[str, Any] = Field(default_factory=dict)
    daemon: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    approval: dict[str, Any] = Field(default_factory=dict)
    notify: dict[str, Any] = Field(default_factory=dict)
    board: dict[str, Any] = Field(default_factory=dict)
    channel: list[Any] = Field(default_factory=list)
    rebase: dict[str, str] = Field(default_factory=dict)


class StoreShape(Shape):
    url: Line = "sqlite:///somos.db"


class MediaShape(Shape):
    root: Line = "media"
    public_url: Annotated[Url, AfterValidator(_folder_of_the_web)] | None = None
    bucket: Line | None = None
    bucket_endpoint: Url | None = None
    bucket_region: Line | None = None
    bucket_key: Reference | None = None
    bucket_secret: Reference | None = None
    page_photos: ChannelName | None = None


class DaemonShape(Shape):
    tick: Duration = timedelta(seconds=15)
    workers: Count = 4
    cron: list[Line] = Field(default_factory=list)
    metrics: Line | None = None
    timezone: Annotated[str, AfterValidator(_zone_name)] = "UTC"


class PolicyShape(Shape):
    attempts: Count = _POLICY.attempts
    backoff: Positive = _POLICY.backoff
    lease: Positive = _POLICY.lease
    grace: Positive = _POLICY.grace
    timeout: Positive = _POLICY.timeout
    look_after: Positive = _POLICY.look_after
    ahead: Duration = _POLICY.ahead


class ApprovalShape(Shape):
    binds_time: bool = False


class AudienceShape(Shape):
    url: Reference = ""
    kinds: list[KindName] | None = None
    language: LanguageName | None = None
    organisation: Line | None = None


class NotifyShape(Shape):
    urls: list[Reference] = Field(default_factory=list)
    mail: Reference | None = None
    language: LanguageName = Language.ES.value
    only: list[KindName] | None = None
    but: Annotated[list[KindName], Field(alias="except")] = Field(default_factory=list)
    digest: Hour = OFF
    approval_before: Positive = _WANTED.approval_before
    heartbeat: Reference | None = None
    to: list[AudienceShape] = Field(default_factory=list)


class BoardShape(Shape):
    public_url: Annotated[Url, AfterValidator(_origin)] | None = None
    secret: Reference | None = None
    idle: Positive = _STAY.idle
    lifetime: Positive = _STAY.most


class ChannelShape(Shape):
    """What the channels of every platform have."""

    name: ChannelName = ""


class MetaShape(ChannelShape):
    """What the channels of both of Meta's networks have; the app may be left out."""

    token: Reference = ""
    app_id: AccountNumber = ""
    app_secret: Reference = ""


class FacebookShape(MetaShape):
    page_id: AccountNumber = ""


class InstagramShape(MetaShape):
    user_id: AccountNumber = ""


class XShape(ChannelShape):
    api_key: Reference = ""
    api_secret: Reference = ""
    access_token: Reference = ""
    access_token_secret: Reference = ""


CHANNEL_SHAPES: Mapping[str, type[ChannelShape]] = {
    "facebook": FacebookShape,
    "instagram": InstagramShape,
    "x": XShape,
}
