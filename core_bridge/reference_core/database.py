"""The core's SQLite: one writer at a time, durable when the commit returns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NewType

from sqlalchemy import Connection, event, inspect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .tables import Base

Session = AsyncConnection
Transaction = NewType("Transaction", AsyncConnection)


class CoreDatabase:
    """Opens transactions; `changed` is set after each commit of a writer."""

    def __init__(self, path: Path) -> None:
        self._engine = _engine(path)
        self._writing = asyncio.Lock()
        self.changed = asyncio.Event()

    async def create(self) -> None:
        """Make the tables that are not there yet."""
        async with self.write() as tx:
            await tx.run_sync(Base.metadata.create_all)
            await tx.run_sync(_add_columns)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """Open a reader."""
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open the one writer: commits at the end, rolls back on an error.

        Since nobody else writes meanwhile, the numbers of the change feed commit in their order.
        """
        async with self._writing, self._engine.connect() as connection:
            await connection.execution_options(write=True)
            async with connection.begin():
                yield Transaction(connection)
        self.changed.set()

    async def close(self) -> None:
        """Close the connections."""
        await self._engine.dispose()


def _add_columns(connection: Connection) -> None:
    """Add the columns that a file of an earlier version lacks; each of them may be empty."""
    known = inspect(connection)
    for table in Base.metadata.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")


def _engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        # FULL: a 201 says that the application is here, even if the power goes the next moment.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
