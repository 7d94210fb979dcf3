"""Deliveries, their log in chains, and hand-offs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

STATES = (
    "scheduled",
    "claimed",
    "publishing",
    "published",
    "unconfirmed",
    "failed",
    "missed",
    "cancelled",
    "removed",
)
TIME = sa.DateTime(timezone=True)
INDEXES = (
    ("one_visible_call_per_channel", ["channel"], "status = 'publishing'", True),
    (
        "ready",
        ["channel", "due_at"],
        "prepared{is_true} AND status IN ('scheduled', 'claimed', 'publishing')",
        False,
    ),
    ("followers", ["after"], "after IS NOT NULL", False),
    ("by_remote_id", ["channel", "remote_id"], "remote_id IS NOT NULL", False),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("PRAGMA application_id = 1397706063")
    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(400), primary_key=True),
        sa.Column("campaign", sa.String(100), nullable=False),
        sa.Column("post", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(200), nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("grace", sa.Integer, nullable=False),
        sa.Column("run_at", TIME),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("after", sa.String(400)),
        sa.Column("parent_id", sa.String(200)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", sa.String(300)),
        sa.Column("lease_until", TIME),
        sa.Column("asked_at", TIME),
        sa.Column("absent_after", TIME),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("upload", sa.Text),
        sa.Column("prepared", sa.Boolean, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("remote_id", sa.String(200)),
        sa.Column("url", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "status IN ({})".format(", ".join(f"'{state}'" for state in STATES)),
            name="known_status",
        ),
        sa.CheckConstraint(
            "(status IN ('claimed', 'publishing')) = (lease IS NOT NULL)",
            name="lease_where_in_hand",
        ),
    )
    # SQLite has no booleans, and uses an index only for conditions written the same way.
    is_true = " = 1" if sqlite else ""
    for name, columns, condition, unique in INDEXES:
        where = condition.format(is_true=is_true)
        op.create_index(
            name,
            "deliveries",
            columns,
            unique=unique,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index("by_status", "deliveries", ["status", "run_at"])
    op.create_index("by_lease", "deliveries", ["status", "lease_until"])
    op.create_index("by_campaign", "deliveries", ["campaign"])
    op.create_table(
        "log",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("at", TIME, nullable=False),
        sa.Column("delivery", sa.String(400), nullable=False),
        sa.Column("channel", sa.String(200), nullable=False),
        sa.Column("from", sa.String(20)),
        sa.Column("to", sa.String(20), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("remote_id", sa.String(200)),
        sa.Column("reason", sa.Text),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("log_by_delivery", "log", ["delivery"])
    op.create_index("log_by_channel", "log", ["channel", "id"])
    op.create_index("log_by_time", "log", ["at"])
    op.create_table(
        "chains",
        sa.Column("channel", sa.String(200), primary_key=True),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
    )
    op.create_table(
        "handoffs",
        sa.Column("campaign", sa.String(100), primary_key=True),
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("influencer", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("draft_due", TIME),
        sa.Column("live_due", TIME, nullable=False),
        sa.Column("brief", sa.Text, nullable=False),
        sa.Column("review", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(20), nullable=False, server_default=sa.text("'offered'")),
        sa.Column("url", sa.Text),
    )
