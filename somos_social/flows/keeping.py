"""What lies at a network already is written down while it grows: a death costs a few seconds."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from somos_social.core.model.delivery import Delivery, Upload
from somos_social.errors import StoreError
from somos_social.store import Store

logger = logging.getLogger("somos")

PAUSE = timedelta(seconds=5)
"""Between two writes that only say how far a file has come."""


class Keeping:
    """Called with each part of an upload; a part that is new is written at once."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._last: dict[str, tuple[frozenset[str], datetime]] = {}

    def __call__(self, delivery: Delivery, upload: Upload) -> None:
        """Never raises for the database: the upload itself goes on, and is recorded at its end."""
        names, now = frozenset(upload.parts), self._now()
        with self._lock:
            known, written = self._last.get(delivery.key, (frozenset(), now - PAUSE))
            if names == known and now < written + PAUSE:
                return
            self._last[delivery.key] = (names, now)
        try:
            self._store.keep_upload(delivery, upload)
        except StoreError as error:
            logger.warning("%s: how far its upload has come is not kept. %s", delivery.key, error)
