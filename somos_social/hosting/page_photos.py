"""An experiment: the photo that a Page keeps unpublished has an address, and Instagram may take it.

Meta documents nowhere that it does; it was seen to. Hence it is off unless the config asks for it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from somos_social.core.events import Blocked, Refused, Throttled
from somos_social.core.model.asset import Asset
from somos_social.platforms import Unfulfilled
from somos_social.platforms.answers import address, items, whole
from somos_social.platforms.graph import GRAPH, Graph, GraphError, told
from somos_social.platforms.graph_errors import on_scaffolding
from somos_social.platforms.outgoing import outgoing
from somos_social.platforms.pictures import Shown
from somos_social.platforms.transport import NoAnswer

NETWORK = "Facebook"


class PagePhotos:
    """The contract of `Pictures` for one Page, spoken to by `graph` with its secrets of the moment.

    What is not hidden, Facebook drops after a day.
    """

    def __init__(
        self,
        *,
        page_id: str,
        graph: Callable[[], Graph],
        media_root: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._page = page_id
        self._graph = graph
        self._media_root = media_root
        self._now = now

    def show(self, picture: Asset) -> Shown:
        graph = self._graph()
        try:
            with outgoing(self._media_root, picture, lambda *_: None) as file:
                answer = graph.send(GRAPH, f"{self._page}/photos", file, published=False)
            photo = told(answer, "id")
            return Shown(address=_largest(graph, photo), mark=photo)
        except (GraphError, NoAnswer) as error:
            event = on_scaffolding(error, NETWORK, self._now())
        if isinstance(event, Blocked | Throttled):
            # It is the Page that is stopped, not the channel whose picture this is.
            event = replace(event, whole_channel=False)
        if isinstance(event, Refused):
            event = Blocked(event.reason)
        raise Unfulfilled(event)

    def hide(self, mark: str) -> None:
        with suppress(GraphError, NoAnswer):
            self._graph().delete(mark)

    def look(self, picture: Asset) -> None:
        """Nothing is laid on a Page before it is needed."""

    def sweep(self) -> None:
        pass


def _largest(graph: Graph, photo: str) -> str:
    images = list(items(graph.get(photo, fields="images"), "images"))
    best = max(images, key=lambda image: whole(image.get("width")) or 0, default={})
    source = address(best.get("source"))
    if source is None:
        raise GraphError("Facebook does not tell where the photo lies.", status=200)
    return source
