"""What is in doubt after a restore or a refusal, and a clock that nobody sets."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "deliveries", sa.Column("outdated", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("deliveries", sa.Column("resting", sa.String(20)))
    op.add_column("deliveries", sa.Column("asked_tick", sa.String(100)))
    op.create_table(
        "restores",
        sa.Column("restored_at", TIME, primary_key=True),
        sa.Column("taken_at", TIME, nullable=False),
    )
