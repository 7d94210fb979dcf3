"""What a prepare has built so far: kept, part by part, even when it is cut short."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from somos_social.core.events import NotReady, Throttled, Unanswered, Unreachable
from somos_social.core.model.delivery import TOLD, Upload
from somos_social.platforms import Failure

logger = logging.getLogger("somos")

FRESH_FOR = timedelta(hours=20)
"""How long parts are relied on: all three networks drop unused media after about 24 hours."""


Keep = Callable[[Upload], None]
"""Called with all that is built so far, whenever there is more of it."""


def nowhere(_upload: Upload) -> None:
    """Where nothing outlasts the program."""


class Scaffold:
    """The parts of one delivery at its network: those of `upload` while fresh, and new ones."""

    def __init__(self, upload: Upload | None, now: datetime, keep: Keep = nowhere) -> None:
        if upload is None or now - upload.begun_at >= FRESH_FOR:
            upload = Upload(begun_at=now, parts={})
        self.upload = upload
        self._keep = keep

    def __contains__(self, name: str) -> bool:
        return name in self.upload.parts

    def __getitem__(self, name: str) -> str:
        return self.upload.parts[name]

    def keep(self, name: str, value: str = "yes") -> None:
        """Remember a part; a name that stands already gets the new value."""
        self.keep_together({name: value})

    def keep_together(self, parts: Mapping[str, str]) -> None:
        """Remember parts that are of use only with each other: whoever dies keeps all or none."""
        for name, value in parts.items():
            self.upload = self.upload.having(name, value)
        self._keep(self.upload)

    def tell(self, name: str, words: str) -> None:
        """Let people know what went otherwise than it was wanted, and stops nothing."""
        self.keep(f"{TOLD}{name}", words)
        logger.warning(words)

    def drop(self, name: str) -> None:
        """Forget a part, and all that belongs to it: whatever is named after it and a dot."""
        below = [part for part in self.upload.parts if part.startswith(f"{name}.")]
        self.upload = self.upload.without(name, *below)

    def left_by(self, event: Failure) -> Failure:
        """The event with what is built so far, where it can carry that."""
        match event:
            case NotReady() | Throttled() | Unanswered() | Unreachable():
                return replace(event, upload=self.upload)
        return event
