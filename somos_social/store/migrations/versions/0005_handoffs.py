"""The life of hand-offs, what people were told, and the hand-offs' part of the log as a view."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TIME = sa.DateTime(timezone=True)
STATES = (
    "offered",
    "accepted",
    "declined",
    "submitted",
    "changes_requested",
    "approved",
    "live",
    "confirmed",
    "cancelled",
)


def columns() -> tuple[sa.Column[Any], ...]:
    """Made anew each time: a column belongs to one table."""
    return (
        sa.Column("ask", sa.Text, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("moved_at", TIME),
        sa.Column("offers", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("agreed", sa.String(64), nullable=False, server_default=sa.text("''")),
        sa.Column("draft", sa.Text),
        sa.Column("approved", sa.String(64)),
        sa.Column("live_at", TIME),
        sa.Column("proof", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
    )


def upgrade() -> None:
    with op.batch_alter_table("handoffs") as table:
        for column in columns():
            table.add_column(column)
        table.create_check_constraint(
            "known_handoff_status",
            "status IN ({})".format(", ".join(f"'{state}'" for state in STATES)),
        )
        table.create_check_constraint(
            "approved_where_drafted", "approved IS NULL OR draft IS NOT NULL"
        )
    op.create_table(
        "told",
        sa.Column("subject", sa.String(400), primary_key=True),
        sa.Column("kind", sa.String(200), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("again_at", TIME),
        sa.Column("reason", sa.Text),
    )
    op.execute(
        'CREATE VIEW handoff_log AS SELECT id, at, delivery AS handoff, "from", "to", event, '
        "actor, url, reason, digest, hash FROM log WHERE channel = 'desk:handoffs'"
    )
