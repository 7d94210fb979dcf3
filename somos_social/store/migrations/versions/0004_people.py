"""What people say: approvals and who may give them, consents, pauses, requests to take down."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TIME = sa.DateTime(timezone=True)
GENESIS = "0" * 64
CHAINS = ("desk:approvals", "desk:approvers", "desk:consents", "desk:handoffs", "desk:pauses")


def upgrade() -> None:
    op.create_table(
        "requirements",
        sa.Column("campaign", sa.String(100), primary_key=True),
        sa.Column("organisation", sa.String(200), primary_key=True),
    )
    op.create_table(
        "approvers",
        sa.Column("folded", sa.String(200), primary_key=True),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", TIME),
    )
    op.create_table(
        "approvals",
        sa.Column("delivery", sa.String(400), primary_key=True),
        sa.Column("organisation", sa.String(200), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("until", TIME),
        sa.Column("guardian", sa.Boolean, nullable=False),
        sa.Column("granted_at", TIME, nullable=False),
        sa.Column("granted_by", sa.String(200), nullable=False),
        sa.Column("withdrawn_at", TIME),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "pauses",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("campaign", sa.String(100)),
        sa.Column("channel", sa.String(200)),
        sa.Column("person", sa.String(200)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("ended_at", TIME),
        sqlite_autoincrement=True,
    )
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "in_force", "pauses", ["since"], sqlite_where=in_force, postgresql_where=in_force
    )
    op.create_table(
        "requests",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("closed_at", TIME),
        sa.Column("outcome", sa.String(20)),
        sa.Column("closed_by", sa.String(200)),
        sqlite_autoincrement=True,
    )
    op.create_index("by_subject", "requests", ["subject"])
    # They are locks as well: who looks at what people said waits for who says something new.
    chains = sa.table("chains", sa.column("channel"), sa.column("length"), sa.column("head"))
    op.bulk_insert(chains, [{"channel": name, "length": 0, "head": GENESIS} for name in CHAINS])
