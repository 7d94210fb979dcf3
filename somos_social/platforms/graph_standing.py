"""How long and for what a token of Meta is good, and how much it may still publish today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from somos_social.core.model.channel import Identity, Quota
from somos_social.platforms.answers import inner, items, tellable, text, whole
from somos_social.platforms.graph import Graph, GraphError
from somos_social.platforms.transport import NoAnswer

_MOST = 1_000_000
"""No quota is larger; a figure that is was not meant as one."""


def with_standing(graph: Graph, who: Identity, *, permissions: str) -> Identity:
    """`who` with the ends and the permissions of its token, or with why nobody told them.

    A permission whose name begins with `permissions` counts only where it is for this account.
    """
    try:
        told = graph.about_token()
    except (GraphError, NoAnswer) as error:
        return _untold(graph, who, str(error))
    if told.get("is_valid") is not True:
        return _untold(graph, who, tellable(text(inner(told, "error"), "message")))
    return replace(
        who,
        expires_at=_moment(told.get("expires_at")),
        data_access_ends_at=_moment(told.get("data_access_expires_at")),
        granted=_granted(told, who.remote_id, permissions),
    )


def with_quota(graph: Graph, who: Identity) -> Identity:
    """`who` with the posts it may publish in 24 hours, or with why nobody told them."""
    try:
        answer = graph.get(f"{who.remote_id}/content_publishing_limit", fields="config,quota_usage")
    except (GraphError, NoAnswer) as error:
        reason = str(error)
    else:
        reason = "the answer names no figure."
        limit = next(items(answer, "data"), {})
        total = whole(inner(limit, "config").get("quota_total"))
        used = whole(limit.get("quota_usage"))
        if total is not None and used is not None and 0 <= max(total, used) < _MOST:
            return replace(who, quota=Quota(total=total, used=max(used, 0)))
    sentence = f"{graph.network} does not tell how many posts it still takes today: {reason}"
    return replace(who, untold=(*who.untold, sentence))


def _untold(graph: Graph, who: Identity, reason: str) -> Identity:
    sentence = (
        f"{graph.network} does not tell until when the token is valid and what it may do: "
        f"{reason or 'it gives no reason.'} "
    )
    if graph.has_app:
        sentence += "See whether app_id and app_secret are those of the app that made the token."
    else:
        sentence += "Name app_id and app_secret of the app that made the token in the config."
    return replace(who, untold=(*who.untold, sentence))


def _moment(value: Any) -> datetime | None:
    """Seconds since 1970; 0 is how Meta says "never"."""
    seconds = whole(value)
    if seconds is None or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _granted(told: Mapping[str, Any], account: str, own: str) -> tuple[str, ...] | None:
    scopes = told.get("scopes")
    if not isinstance(scopes, list):
        return None
    names = {scope for scope in scopes if isinstance(scope, str) and scope.isidentifier()}
    for part in items(told, "granular_scopes"):
        targets = part.get("target_ids")
        name = text(part, "scope")
        is_limited = isinstance(targets, list) and name.startswith(own)
        if is_limited and account not in [str(target) for target in targets or ()]:
            names.discard(name)
    return tuple(sorted(names))
