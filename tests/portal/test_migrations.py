"""The migrations lead from nothing to exactly the tables of the code; again, or two at once, does no harm."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from portal.access.parties import PartyRow, party_of
from portal.crypto import KeyRing
from portal.db import Database, new_id
from portal.migrations import metadata, upgrade
from tests.conftest import Postgres, Sqlite

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty(
    storage: Sqlite | Postgres, tmp_path: Path, keys: KeyRing, anyio_backend: str
) -> AsyncIterator[Database]:
    """A database without a single table."""
    if isinstance(storage, Sqlite):
        db = Database(f"sqlite:///{tmp_path / 'empty.db'}", keys)
        yield db
        await db.close()
        return
    name = f"test_{new_id().hex}"
    await storage.execute(f"CREATE DATABASE {name}")
    db = Database(storage.url(name), keys)
    yield db
    await db.close()
    await storage.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_from_nothing_they_lead_to_exactly_the_tables_of_the_code(
    empty: Database, database: Database
) -> None:
    await upgrade(empty)
    async with empty.read() as migrated, database.read() as made_of_the_code:
        assert await migrated.run_sync(_differences) == []
        assert await migrated.run_sync(_schema) == await made_of_the_code.run_sync(_schema)


async def test_to_migrate_again_is_harmless(empty: Database) -> None:
    await upgrade(empty)
    async with empty.write() as tx:
        known = await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")
    await upgrade(empty)
    async with empty.read() as session:
        assert await session.scalar(select(PartyRow.id)) == known


async def test_two_at_once_wait_for_each_other(empty: Database, keys: KeyRing) -> None:
    other = Database(empty.url, keys)
    try:
        await asyncio.gather(upgrade(empty), upgrade(other))
    finally:
        await other.close()
    async with empty.read() as session:
        assert await session.run_sync(_differences) == []


def _differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata())


def _schema(connection: Connection) -> dict[str, Any]:
    found = inspect(connection)
    return {
        table: {
            # A column that was added later stands last.
            "columns": sorted(
                (each["name"], str(each["type"]), each["nullable"], str(each["default"]))
                for each in found.get_columns(table)
            ),
            "key": found.get_pk_constraint(table),
            "unique": _named(found.get_unique_constraints(table)),
            "indexes": _named(found.get_indexes(table)),
            "foreign": _named(found.get_foreign_keys(table)),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def _named(found: Any) -> list[Any]:
    # A partial index tells its condition as an object of its own.
    plain = [
        {name: str(value) for name, value in each.items() if name != "dialect_options"} for each in found
    ]
    where = [{name: str(value) for name, value in each.get("dialect_options", {}).items()} for each in found]
    return sorted(zip(plain, where, strict=True), key=lambda each: each[0]["name"])
