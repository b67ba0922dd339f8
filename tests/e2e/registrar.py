"""An official who registers whatever has come to the core, and comes back when the core has fallen."""

import asyncio
import re
from dataclasses import dataclass, field
from uuid import UUID

import httpx2

from tests.core_bridge.running import Official

_APPLICATION = re.compile(r"/applications/([0-9a-f-]{36})")


@dataclass(slots=True)
class Registrar:
    """Somebody at the core's screens, who presses the button again when the answer was lost."""

    official: Official
    registered: set[UUID] = field(default_factory=set)

    async def work(self, over: asyncio.Event) -> None:
        """Register until all is over."""
        while not over.is_set():
            await self.look()
            await asyncio.sleep(0.3)

    async def look(self) -> None:
        """Register what is on the list and has not been; a core that falls meanwhile is found again later."""
        try:
            page = await self.official.see("/")
            if 'action="/login"' in page:
                await self.official.sign_in()
            for each in sorted({UUID(found) for found in _APPLICATION.findall(page)} - self.registered):
                answer = await self.official.act(each, "register", complete="yes")
                assert answer.status_code == 200, answer.text
                self.registered.add(each)
        except httpx2.TransportError:
            return
