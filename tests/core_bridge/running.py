"""A reference core that really runs, and an official at its screens."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2

from core_bridge.clock import Clock
from core_bridge.http import HttpCore, direct
from core_bridge.reference_core import CoreSettings, Faults, create_core
from core_bridge.signing import generate_key, public
from core_bridge.wire import Event
from tests.serving import serving


@dataclass(frozen=True)
class Running:
    """A core at an address, with the client that the portal uses."""

    url: str
    settings: CoreSettings
    portal_key: Mapping[str, Any]
    clock: Clock
    faults: Faults
    core: HttpCore

    async def events(self) -> list[Event]:
        """Read the whole feed."""
        found: list[Event] = []
        cursor, more = None, True
        while more:
            page = await self.core.changes(cursor)
            found += page.events
            cursor, more = page.next, page.more
        return found

    async def last(self, kind: str) -> Any:
        """Return the data of the newest event of a kind, such as `decided`."""
        return [event.data for event in await self.events() if f".{kind}." in event.type][-1]


@asynccontextmanager
async def running_core(
    folder: Path, clock: Clock, *, patience: float = 10.0, **changed: Any
) -> AsyncIterator[Running]:
    """Run STAR on a free port until the end of the block."""
    portal = generate_key()
    given: dict[str, Any] = {
        "name": "STAR",
        "database": folder / "star.sqlite",
        "key": generate_key(),
        "portal_keys": {"uks": public(portal)},
    }
    settings, faults = CoreSettings(**{**given, **changed}), Faults()
    async with serving(create_core(settings, clock, faults)) as url:
        core = direct("STAR", url, issuer="uks", key=portal, clock=clock, timeout=patience)
        try:
            yield Running(url, settings, portal, clock, faults, core)
        finally:
            await core.close()


class Official:
    """Somebody at the screens, who presses what the page offers."""

    def __init__(self, url: str) -> None:
        self.client = httpx2.AsyncClient(base_url=url, follow_redirects=True, trust_env=False, verify=False)

    async def see(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    async def sign_in(self, official: str = "ametnik") -> None:
        await self.send("/login", "/login", official=official)

    async def send(self, page: str, path: str, **typed: str) -> httpx2.Response:
        """Send a form with the hidden values of the page that it is on."""
        text = await self.see(page)
        hidden = {name: _hidden(text, name) for name in ("csrf", "once") if f'name="{name}"' in text}
        return await self.client.post(path, data={**hidden, **typed})

    async def act(self, application_id: UUID, act: str, **typed: str) -> httpx2.Response:
        page = f"/applications/{application_id}"
        return await self.send(page, f"{page}/{act}", **typed)

    async def close(self) -> None:
        await self.client.aclose()


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return unescape(found[1])
