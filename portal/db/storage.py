"""Storage: one code for SQLite (WAL) and PostgreSQL; the signature says who writes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final, NewType

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from portal.db.columns import Keys
from portal.db.direct import DirectConnection
from portal.db.prepared import Heard, Plans

Session = AsyncConnection
Transaction = NewType("Transaction", AsyncConnection)
_TRIES: Final = 100


class Database:
    """Reads without a transaction of their own, writes in one that commits at the end or not at all."""

    def __init__(self, url: str, keys: Keys, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = _engine(url, pool_size)
        self.engine.dialect.uks_keys = keys  # type: ignore[attr-defined]
        self._plans = Plans(self.engine.dialect)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the small default storage is in use."""
        return self.engine.dialect.name == "sqlite"

    def read(self) -> AbstractAsyncContextManager[Session]:
        """Open a session that only reads."""
        return DirectConnection(self.engine, self._plans)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction; it commits when the block ends well."""
        connection = DirectConnection(self.engine, self._plans)
        async with connection, connection.transaction():
            yield Transaction(connection)

    def hear(self, heard: Heard) -> None:
        """Tell every statement that is sent from now on, for whoever counts them."""
        event.listen(self.engine.sync_engine, "before_cursor_execute", lambda *said: heard(said[2]))
        self._plans.heard_by.append(heard)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


_COMMON: Final[dict[str, Any]] = {
    # Transactions are the driver's (`DirectConnection.transaction`): SQLAlchemy has nothing to begin or undo.
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
    "pool_reset_on_return": None,
    "hide_parameters": True,
    "max_overflow": 0,
    # What lies between here and a server may forget a connection that lives long.
    "pool_recycle": 1800,
}


def _engine(url: str, pool_size: int) -> AsyncEngine:
    if not url.startswith("sqlite"):
        target = make_url(url.replace("postgresql://", "postgresql+asyncpg://", 1))
        return create_async_engine(target, pool_size=pool_size, **_COMMON)
    target = make_url(url.replace("sqlite://", "sqlite+aiosqlite://", 1))
    if target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(target, pool_size=pool_size, connect_args={"timeout": 10}, **_COMMON)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            # Two that open a new file at once: SQLite does not let the second wait, so we do.
            if not left:
                raise
            await_only(asyncio.sleep(0.05))
