"""In which bytes those who have withdrawn were said to be recognised."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    likenesses = op.create_table(
        "likenesses",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("path", sa.String(400), primary_key=True),
        sa.Column("person", sa.String(200), primary_key=True),
    )
    connection = op.get_bind()
    withdrawn = set(
        connection.scalars(sa.text("SELECT person FROM consents WHERE withdrawn_at IS NOT NULL"))
    )
    found = {
        (file["sha256"], file.get("path", ""), person)
        for file in (_files(connection) if withdrawn else ())
        for person in withdrawn.intersection(file.get("people", ()))
    }
    columns = ("sha256", "path", "person")
    op.bulk_insert(likenesses, [dict(zip(columns, each, strict=True)) for each in sorted(found)])


def _files(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    for text in connection.scalars(sa.text("SELECT variant FROM deliveries")):
        yield from _files_of(text, "assets")
    for row in connection.execute(sa.text("SELECT ask, draft FROM handoffs")):
        yield from _files_of(row.ask, "media")
        yield from _files_of(row.draft, "files")


def _files_of(text: str | None, name: str) -> Iterator[dict[str, Any]]:
    """Of a damaged row none."""
    try:
        raw = json.loads(text or "{}")
        found = raw.get(name, [])
        yield from (each for some in found.values() for each in some) if name == "media" else found
        if cover := raw.get("extras", {}).get("cover"):
            yield cover
    except (AttributeError, TypeError, ValueError):
        return
