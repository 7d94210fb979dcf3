"""The migrations make exactly the tables that the store speaks to."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from somos_social.errors import StoreError
from somos_social.store import Store
from somos_social.store.engine import REVISION
from somos_social.store.tables import metadata
from tests.samples import a_delivery


def shape(engine: Engine) -> dict[str, Any]:
    """All that a database says of its tables, except the one that counts revisions."""
    seen = inspect(engine)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in seen.get_columns(table)
            ],
            "key": seen.get_pk_constraint(table)["constrained_columns"],
            "indexes": sorted(
                (
                    str(i["name"]),
                    tuple(i["column_names"]),
                    bool(i["unique"]),
                    [str(v).replace('"', "") for v in i.get("dialect_options", {}).values()],
                )
                for i in seen.get_indexes(table)
            ),
            "checks": sorted(
                (str(c["name"]), c["sqltext"]) for c in seen.get_check_constraints(table)
            ),
            "foreign": seen.get_foreign_keys(table),
        }
        for table in sorted(seen.get_table_names())
        if table != "alembic_version"
    }


def test_the_migrations_make_what_the_tables_say(store: Store, raw: Engine) -> None:
    with raw.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_columns_indexes_and_checks_are_the_same_in_every_detail(store: Store, raw: Engine) -> None:
    migrated = shape(raw)
    with raw.begin() as connection:
        connection.execute(text("DROP VIEW handoff_log"))
        for table in [*migrated, "alembic_version"]:
            connection.execute(text(f"DROP TABLE {table}"))
        metadata.create_all(connection)
    created = shape(raw)
    assert set(created) == {
        "deliveries",
        "log",
        "metrics",
        "chains",
        "handoffs",
        "holds",
        "introductions",
        "snapshot",
        "requirements",
        "approvers",
        "approvals",
        "consents",
        "pauses",
        "requests",
        "restores",
        "told",
        "campaigns",
        "change_requests",
        "invites",
        "likenesses",
        "visits",
    }
    for table in created:
        assert migrated[table] == created[table], table


def test_the_database_knows_the_revision_that_this_program_was_written_for(
    store: Store, raw: Engine
) -> None:
    with raw.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    assert found == [REVISION]


def test_opening_again_changes_nothing(store: Store, url: str, raw: Engine) -> None:
    store.schedule([a_delivery()], (), (), now=a_delivery().due_at, actor="tests")
    before = shape(raw)
    again = Store(url)
    try:
        assert again.get(a_delivery().key) == a_delivery()
    finally:
        again.close()
    assert shape(raw) == before


def test_a_database_of_a_newer_program_is_refused_and_stays_as_it_is(
    store: Store, url: str, raw: Engine
) -> None:
    with raw.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = shape(raw)
    with pytest.raises(StoreError, match=r"newer somos_social \(revision 9999.*Upgrade"):
        Store(url)
    assert shape(raw) == before
    with raw.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == "9999"


def test_a_database_of_another_program_is_refused_and_stays_as_it_is(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE deliveries (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO deliveries VALUES (7)"))
    before = shape(engine)
    with pytest.raises(StoreError, match=r"belongs to another program\. It was not touched"):
        Store(url)
    assert shape(engine) == before
    engine.dispose()


def test_the_database_itself_refuses_a_status_that_nobody_knows(store: Store, raw: Engine) -> None:
    store.schedule([a_delivery()], (), (), now=a_delivery().due_at, actor="tests")
    with pytest.raises(IntegrityError), raw.begin() as connection:
        connection.execute(text("UPDATE deliveries SET status = 'lost'"))


def test_the_database_itself_refuses_a_delivery_in_hand_without_a_lease(
    store: Store, raw: Engine
) -> None:
    store.schedule([a_delivery()], (), (), now=a_delivery().due_at, actor="tests")
    for change in ("status = 'claimed'", "lease = 'worker#1'"):
        with pytest.raises(IntegrityError), raw.begin() as connection:
            connection.execute(text(f"UPDATE deliveries SET {change}"))  # noqa: S608


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "oracul://ana:secret@here/db",
        "postgresql+psycopg://ana:secret@here:secret/db",
    ],
)
def test_an_address_that_nobody_understands_is_refused_in_words(address: str) -> None:
    with pytest.raises(StoreError, match=r"\[store\] url") as refused:
        Store(address)
    assert "secret" not in str(refused.value)
