from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.clock import FixedClock
from tests.conftest import Postgres, Sqlite
from tests.hostile.world import Person, World, opened


@pytest.fixture(scope="module")
async def world(
    sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[World]:
    """One portal for all tests of a module: each brings its own people, none moves the clock far."""
    folder = tmp_path_factory.mktemp("hostile")
    clock = FixedClock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    async with sqlite.fresh(folder) as url, opened(url, folder, clock) as made:
        yield made


@pytest.fixture
async def worlds(
    storage: Sqlite | Postgres, tmp_path: Path, clock: FixedClock, anyio_backend: str
) -> AsyncIterator[World]:
    """A portal of one test, on SQLite and on PostgreSQL: where a lock or a race matters."""
    async with storage.fresh(tmp_path) as url, opened(url, tmp_path, clock) as made:
        yield made


@pytest.fixture
async def alone(
    sqlite: Sqlite, tmp_path: Path, clock: FixedClock, anyio_backend: str
) -> AsyncIterator[World]:
    """A portal of one test."""
    async with sqlite.fresh(tmp_path) as url, opened(url, tmp_path, clock) as made:
        yield made


@pytest.fixture
async def mari(world: World) -> Person:
    return await world.person("Mari-Liis", "Männik")


@pytest.fixture
async def jaak(world: World) -> Person:
    return await world.person("Jaak", "Võõras")
