"""The pages of embeds; what touches the database only to count is tried on SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from tests.conftest import Sqlite
from tests.embeds.site import Site, open_site


@pytest.fixture
async def site(
    sqlite: Sqlite, tmp_path: Path, keys: KeyRing, clock: FixedClock, anyio_backend: str
) -> AsyncIterator[Site]:
    async with sqlite.fresh(tmp_path) as url:
        db = Database(url, keys)
        yield open_site(db, clock)
        await db.close()
