"""What holds a whole channel, and whether the database is a copy that was put in place."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "deliveries", sa.Column("suspect", sa.Boolean, nullable=False, server_default=sa.false())
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    blocked = sa.text("blocked = 1" if sqlite else "blocked = true")
    op.create_index(
        "waits_for_a_person",
        "deliveries",
        ["status"],
        sqlite_where=blocked,
        postgresql_where=blocked,
    )
    op.create_table(
        "holds",
        sa.Column("channel", sa.String(200), primary_key=True),
        sa.Column("stopped", sa.Boolean, primary_key=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table("snapshot", sa.Column("taken_at", TIME, primary_key=True))
