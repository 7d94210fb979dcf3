"""The flows act: load, decide, act, record. They know contracts, never a network."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from somos_social.core.alerts import Wanted
from somos_social.core.delivery import Move
from somos_social.core.model.delivery import Policy
from somos_social.hosting.nowhere import Nowhere
from somos_social.notify import Nobody, Notifier
from somos_social.platforms.looking import Blind, Looker
from somos_social.platforms.pictures import Pictures

if TYPE_CHECKING:  # Checking files must not wait for the database library.
    from somos_social.platforms import Platform
    from somos_social.store import Store


def _unheard(_move: Move) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """All that a flow acts through, constructed in `wiring` and nowhere else.

    `platform` gives the platform of a channel, or raises SomosError when its settings or secrets
    do not allow one. `channels` are those of the config; `pictures_are_public` says that it names
    a place from which Instagram can fetch them, which is `pictures`. `actor` stands in the log as
    who did it. `stopping` says that the program is told to end. `heard` is called after each
    recorded move. `tick` and `since` are a clock that nobody sets, where there is one. `notifier`
    tells people, `wanted` says when of some things; `looker` looks at what others have posted.
    `pulse` tells a watcher outside that all goes well, and never raises.
    """

    store: "Store"
    policy: Policy
    now: Callable[[], datetime]
    platform: Callable[[str], "Platform"]
    media_root: Path
    channels: Collection[str]
    pictures_are_public: bool
    actor: str
    stopping: Callable[[], bool] = lambda: False
    heard: Callable[[Move], None] = _unheard
    pictures: Pictures = field(default_factory=Nowhere)
    tick: Callable[[], str | None] = lambda: None
    since: Callable[[str | None], timedelta | None] = lambda _tick: None
    notifier: Notifier = field(default_factory=Nobody)
    wanted: Wanted = field(default_factory=Wanted)
    looker: Looker = field(default_factory=Blind)
    pulse: Callable[[], None] = lambda: None
