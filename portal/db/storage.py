"""Storage: one code for SQLite (WAL) and PostgreSQL; the signature says who writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NewType

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from portal.db.columns import Keys
from portal.db.direct import DirectConnection, Heard, Plans

Session = AsyncConnection
Transaction = NewType("Transaction", AsyncConnection)
_READING: Final = "uks_reading"


class Database:
    """Reads without a transaction of their own, writes in one that commits at the end or not at all."""

    def __init__(self, url: str, keys: Keys, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = _engine(url, pool_size)
        self.engine.dialect.uks_keys = keys  # type: ignore[attr-defined]
        self._reading = self.engine.execution_options(**{_READING: True})
        self._plans = Plans()

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the small default storage is in use."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """Open a session that only reads."""
        opened = self._reading.connect() if self.is_sqlite else DirectConnection(self.engine, self._plans)
        async with opened as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction; it commits when the block ends well."""
        if self.is_sqlite:
            async with self.engine.begin() as connection:
                yield Transaction(connection)
            return
        direct = DirectConnection(self.engine, self._plans)
        async with direct, direct.transaction():
            yield Transaction(direct)

    def hear(self, heard: Heard) -> None:
        """Tell every statement that is sent from now on, for whoever counts them."""
        event.listen(self.engine.sync_engine, "before_cursor_execute", lambda *said: heard(said[2]))
        self._plans.heard_by.append(heard)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _engine(url: str, pool_size: int) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=False,
            pool_recycle=1800,
            hide_parameters=True,
            # Transactions are the driver's (`DirectConnection.transaction`): nothing is left to undo.
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
        )
    target = make_url(url.replace("sqlite://", "sqlite+aiosqlite://", 1))
    if target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        target, pool_size=pool_size, max_overflow=0, connect_args={"timeout": 10}, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the lock at once, so it never fails half-way when a reader turns into a writer;
    # a reader takes none. (On SQLite the isolation level is never reported as AUTOCOMMIT.)
    if not connection.get_execution_options().get(_READING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
