"""The connections that are kept open, and handed from one to the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.direct import DirectConnection
from portal.db.prepared import Plans

_PATIENCE: Final = 30.0
"""So many seconds somebody waits for a connection."""
_LIFE: Final = 1800.0
"""So many seconds a connection is kept: what lies between here and a server may forget one that lives long."""


class Kept:
    """At most `most` connections; the one that was used last is used next.

    SQLAlchemy's pool does the same with two switches of greenlets and three objects each time: 0.05 ms.
    """

    def __init__(self, engine: AsyncEngine, plans: Plans, most: int) -> None:
        self._engine = engine
        self._plans = plans
        self._room = asyncio.Semaphore(most)
        self._free: list[tuple[DirectConnection, float]] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[DirectConnection]:
        """Lend a connection; raises `TimeoutError` when all are lent for too long."""
        if self._room.locked():
            async with asyncio.timeout(_PATIENCE):
                await self._room.acquire()
        else:
            await self._room.acquire()
        try:
            connection, opened_at = await self._found()
            try:
                yield connection
            finally:
                await self._take_back(connection, opened_at)
        finally:
            self._room.release()

    async def close(self) -> None:
        """Close those that nobody uses."""
        while self._free:
            connection, _ = self._free.pop()
            await connection.close()

    async def _found(self) -> tuple[DirectConnection, float]:
        now = asyncio.get_running_loop().time()
        while self._free:
            connection, opened_at = self._free.pop()
            if now - opened_at < _LIFE and connection.is_usable:
                return connection, opened_at
            await _dropped(connection)
        return await DirectConnection(self._engine, self._plans).open(), now

    async def _take_back(self, connection: DirectConnection, opened_at: float) -> None:
        usable = False
        try:
            usable = await connection.rest()
        finally:
            if usable:
                self._free.append((connection, opened_at))
            else:
                # What ended this one may have ended all: nobody else is to find that out.
                gone = [connection, *(each for each, _ in self._free)]
                self._free.clear()
                for each in gone:
                    await _dropped(each)


async def _dropped(connection: DirectConnection) -> None:
    await connection.invalidate()
    await connection.close()
