"""One empty database for each test: an SQLite file always, a PostgreSQL schema when one is set."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from somos_social.core.delivery import decide
from somos_social.core.events import Event
from somos_social.core.model.delivery import Delivery
from somos_social.store import Store
from tests.samples import NOW, POLICY

POSTGRES = "SOMOS_TEST_DATABASE_URL"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database that belongs to this test alone."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'somos.db'}"
        return
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server")
    schema = f"test_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    yield own.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def store(url: str, new_file: Path) -> Iterator[Store]:
    if url.startswith("sqlite"):
        shutil.copy(new_file, url.removeprefix("sqlite:///"))
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def raw(store: Store, url: str) -> Iterator[Engine]:
    """The database of `store` as another program would see it."""
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def put(store: Store) -> Callable[..., None]:
    """Puts deliveries into the store as they are, whatever their status."""

    def schedule(*deliveries: Delivery) -> None:
        store.schedule(deliveries, (), (), now=NOW, actor="tests")

    return schedule


@pytest.fixture
def happen(store: Store) -> Callable[..., Delivery]:
    """Decides what follows from an event, at NOW or a later time, and applies it."""

    def apply(delivery: Delivery, event: Event, now: datetime = NOW) -> Delivery:
        return store.apply(decide(delivery, event, now, POLICY), now=now, actor="tests")

    return apply
