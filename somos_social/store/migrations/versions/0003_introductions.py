"""What each network said of a channel's secret when it was last asked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "introductions",
        sa.Column("channel", sa.String(200), primary_key=True),
        sa.Column("checked_at", TIME, nullable=False),
        sa.Column("remote_id", sa.String(300), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("data_access_ends_at", TIME),
        sa.Column("granted", sa.Text),
        sa.Column("quota_total", sa.Integer),
        sa.Column("quota_used", sa.Integer),
        sa.Column("untold", sa.Text, nullable=False),
    )
