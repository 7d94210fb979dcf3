"""What a campaign file is held against besides itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from somos_social.errors import Problem
from somos_social.files.desk import Desk
from somos_social.media import MediaFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The media, the config's channels (None: not known), the time (None: no matter), and
    the keys of the deliveries that are known already.

    `instead` is what a file is to hold, to be read in place of it. `of_media` collects what is
    wrong with the assets: their problems lie in their own files. The `desk` looks at what is said
    and shown.
    """

    media: MediaFolder
    channels: Collection[str] | None
    now: datetime | None
    known: Collection[str]
    desk: Desk
    instead: Mapping[Path, str] = field(default_factory=dict)
    of_media: list[Problem] = field(default_factory=list)
