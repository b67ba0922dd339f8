from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.clock import FixedClock
from tests.core_bridge.running import Official, Running, running_core


@pytest.fixture
async def star(tmp_path: Path, clock: FixedClock, anyio_backend: str) -> AsyncIterator[Running]:
    async with running_core(tmp_path, clock) as running:
        yield running


@pytest.fixture
async def official(star: Running) -> AsyncIterator[Official]:
    someone = Official(star.url)
    await someone.sign_in()
    yield someone
    await someone.close()
