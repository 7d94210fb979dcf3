"""Meta's apps as the stand-in knows them: who may log in, and what its tokens may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

EVERY_TASK = ("ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE")
EVERY_SCOPE = (
    "business_management",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_contents",
    "instagram_manage_insights",
    "pages_manage_engagement",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_show_list",
    "read_insights",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaApp:
    """An app: `codes` are what its dialog hands out, each for one login, with what was allowed."""

    id: str
    secret: str = field(repr=False)
    redirects: tuple[str, ...] = ("https://localhost/",)
    requires_proof: bool = False
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What Meta knows of an account's token; `app` is the id of the app it was made through."""

    app: str = ""
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: tuple[str, ...] = EVERY_SCOPE
    tasks: tuple[str, ...] = EVERY_TASK


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who logged in, for as long as the token of that lives."""

    app: MetaApp
    scopes: tuple[str, ...]
    expires_at: datetime
    lasting: bool
