"""Brings a database to the newest revision; imported only when one is new or old."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from somos_social.store.engine import APPLICATION_ID


def upgrade(engine: Engine) -> None:
    """Runs the migrations that are missing, all in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two programs that start on one empty server would both create the tables.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
