"""The tables of the config file, as people write them."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from somos_social.core.guests import Stay
from somos_social.core.model import Policy
from somos_social.document import ChannelName, Duration, Line, Positive, Shape, Unfit, Url, zone
from somos_social.settings.secret import checked_reference

_ACCOUNT_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")
_POLICY = Policy()
_STAY = Stay()


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


def _at_least_one(number: int) -> int:
    if number < 1:
        raise Unfit("must be at least 1.")
    return number


AccountNumber = Annotated[str, AfterValidator(_account_number)]
Reference = Annotated[str, AfterValidator(checked_reference)]
Count = Annotated[int, AfterValidator(_at_least_one)]


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


class NotifyShape(Shape):
    urls: list[Reference] = Field(default_factory=list)
    mail: Reference | None = None


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
