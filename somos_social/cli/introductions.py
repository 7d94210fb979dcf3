"""Has each network say whom our secrets speak for, and tells what they will not let go out."""

from collections.abc import Sequence
from typing import Any

import typer

from somos_social.cli import documents, rendering
from somos_social.cli.status import warn
from somos_social.core.foresight import Foreseen
from somos_social.errors import InvalidFiles, NeedsPerson, NetworkRefused, SomosError
from somos_social.flows import App
from somos_social.flows.attention import foreseen
from somos_social.flows.channel import verify
from somos_social.platforms import Unfulfilled


def tell(app: App, channels: Sequence[str], *, json: bool, strict: bool) -> None:
    """Ends the command with the code of the worst that was said, or with 0."""
    found = [_introduced(app, each) for each in channels]
    warnings = foreseen(app, [it["name"] for it in found if it["ok"]])
    if json:
        rendering.document([_document(it, warnings) for it in found])
    else:
        _show(found)
        warn(warnings)
    if codes := {it["exit_code"] for it in found if not it["ok"]}:
        raise typer.Exit(max(codes))
    if strict and warnings:
        raise typer.Exit(NeedsPerson.exit_code)


def _document(introduced: dict[str, Any], warnings: Sequence[Foreseen]) -> dict[str, Any]:
    own = [documents.warning(it) for it in warnings if it.channel == introduced["name"]]
    told = {key: introduced[key] for key in introduced if key != "exit_code"}
    return told | {"warnings": own}


def _show(found: Sequence[dict[str, Any]]) -> None:
    rendering.table(
        ["channel", "answer", "speaks for, or why not", "valid until"],
        [
            [
                it["name"],
                _answer(it),
                it["reason"] or f"{it['identity']} ({it['remote_id']})",
                it["expires_at"] or "",
            ]
            for it in found
        ],
    )


def _answer(introduced: dict[str, Any]) -> str:
    if introduced["ok"]:
        return "ok"
    return "no secret" if introduced["exit_code"] == InvalidFiles.exit_code else "refused"


def _introduced(app: App, channel: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "name": channel,
        "platform": channel.partition(":")[0],
        "ok": False,
        "identity": None,
        "remote_id": None,
        "expires_at": None,
        "reason": None,
        "exit_code": 0,
    }
    try:
        who = verify(app, channel)
    except Unfulfilled as refusal:
        return {**answer, "reason": str(refusal), "exit_code": NetworkRefused.exit_code}
    except SomosError as error:
        return {**answer, "reason": str(error), "exit_code": error.exit_code}
    return {
        **answer,
        "ok": True,
        "identity": who.name,
        "remote_id": who.remote_id,
        "expires_at": documents.utc(who.expires_at),
    }
