"""The config file becomes frozen settings, or every problem in it at once; no secret is in them."""

from somos_social.settings.config import load, locate
from somos_social.settings.model import (
    ID_KEYS,
    SECRETS,
    BoardSettings,
    BucketSettings,
    ChannelSettings,
    NotifySettings,
    Settings,
)
from somos_social.settings.secret import Secret

__all__ = [
    "ID_KEYS",
    "SECRETS",
    "BoardSettings",
    "BucketSettings",
    "ChannelSettings",
    "NotifySettings",
    "Secret",
    "Settings",
    "load",
    "locate",
]
