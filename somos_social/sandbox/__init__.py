"""Three strict stand-ins for Facebook, Instagram and X, over real HTTP, that keep what was posted.

The clock alone decides when a video is processed or an upload expires; nothing here sleeps.
This package knows nothing of the tool that it tests.
"""

from somos_social.sandbox.faults import Fault
from somos_social.sandbox.meta_app import Grant, MetaApp
from somos_social.sandbox.server import Sandbox
from somos_social.sandbox.world import Account, PublicPost, ReceivedMedia, Repetition

__all__ = [
    "Account",
    "Fault",
    "Grant",
    "MetaApp",
    "PublicPost",
    "ReceivedMedia",
    "Repetition",
    "Sandbox",
]
