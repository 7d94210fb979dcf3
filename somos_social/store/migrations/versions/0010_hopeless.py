"""What is to wait for longer than its grace is found when that is over."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    hopeless = sa.text("status = 'scheduled' AND run_at > expires_at")
    op.create_index(
        "hopeless",
        "deliveries",
        ["status", "expires_at"],
        sqlite_where=hopeless,
        postgresql_where=hopeless,
    )
