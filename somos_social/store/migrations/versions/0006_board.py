"""The board: who may look in, who is there, what they want changed; and the campaigns' clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("slug", sa.String(100), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("timezone", sa.String(100), nullable=False),
    )
    op.create_table(
        "change_requests",
        sa.Column("delivery", sa.String(400), primary_key=True),
        sa.Column("organisation", sa.String(200), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_table(
        "invites",
        sa.Column("folded", sa.String(200), primary_key=True),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("invited_at", TIME, nullable=False),
        sa.Column("invited_by", sa.String(200), nullable=False),
        sa.Column("link", sa.String(64)),
        sa.Column("link_until", TIME),
    )
    op.create_table(
        "visits",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("begun_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
    )
    op.create_index("visits_by_guest", "visits", ["folded"])
