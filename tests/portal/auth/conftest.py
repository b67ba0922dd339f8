from collections.abc import AsyncIterator

import pytest

from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from tests.portal.auth.site import Browser, Site, open_site


@pytest.fixture
async def site(database: Database, keys: KeyRing, clock: FixedClock) -> AsyncIterator[Site]:
    async with open_site(database, keys, clock) as opened:
        yield opened


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.browser()
