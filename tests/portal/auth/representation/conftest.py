from collections.abc import AsyncIterator

import pytest

from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from tests.portal.auth.representation.rights_site import Site, open_portal


@pytest.fixture
async def portal(database: Database, keys: KeyRing, clock: FixedClock) -> AsyncIterator[Site]:
    async with open_portal(database, keys, clock) as opened:
        yield opened
