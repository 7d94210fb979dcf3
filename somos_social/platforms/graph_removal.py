"""Takes an object of the Graph API down, and calls it gone only when a look afterwards agrees."""

from collections.abc import Callable
from datetime import datetime

from somos_social.core.events import Kept, Removed
from somos_social.platforms import Unfulfilled
from somos_social.platforms.graph import Graph, GraphError
from somos_social.platforms.graph_errors import Meaning, meaning_of, on_scaffolding
from somos_social.platforms.transport import NoAnswer


def take_down(
    graph: Graph, remote_id: str, *, is_listed: Callable[[], bool], now: datetime
) -> Removed | Kept:
    """Delete, then look. `is_listed` says whether the account still lists the object.

    Graph answers "does not exist" for what is gone, for what a token may not see and, by mistake,
    for what is there: so the listing must agree, too. Nothing is retried.
    """
    refusal = _refusal(graph, remote_id, now)
    try:
        if _is_there(graph, remote_id) or is_listed():
            return Kept(refusal or f"{graph.network} says it is deleted, but still shows it.")
    except (GraphError, NoAnswer, Unfulfilled) as error:
        said = refusal or f"{graph.network} says it is deleted."
        return Kept(f"{said} Nobody could look whether it is gone: {error}")
    return Removed()


def _refusal(graph: Graph, remote_id: str, now: datetime) -> str | None:
    """Why the deletion was no yes; None where it was one."""
    try:
        if graph.delete(remote_id).get("success") is True:
            return None
    except (GraphError, NoAnswer) as error:
        return getattr(on_scaffolding(error, graph.network, now), "reason", str(error))
    return f"{graph.network} did not say that it is deleted."


def _is_there(graph: Graph, remote_id: str) -> bool:
    try:
        graph.get(remote_id, fields="id")
    except GraphError as error:
        if meaning_of(error) is Meaning.MISSING:
            return False
        raise
    return True
