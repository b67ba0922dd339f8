from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.clock import FixedClock
from tests.conftest import Postgres, Sqlite
from tests.portal.faults.world import World, opened


@pytest.fixture
def patience() -> float:
    """How long the portal waits for a core."""
    return 10.0


@pytest.fixture
async def world(
    storage: Sqlite | Postgres, tmp_path: Path, clock: FixedClock, patience: float, anyio_backend: str
) -> AsyncIterator[World]:
    async with storage.fresh(tmp_path) as url, opened(url, tmp_path, clock, patience=patience) as made:
        yield made
