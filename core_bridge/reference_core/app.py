"""A whole core: its API, its screens, its pushes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core_bridge.calls import Calls
from core_bridge.clock import Clock
from core_bridge.openapi import core_side
from core_bridge.signing import Signer
from core_bridge.vouching import SeenInMemory, SignedCallers
from core_bridge.ways import Direct

from . import ledger
from .api import Api
from .api_proceedings import ProceedingApi
from .database import CoreDatabase
from .faults import Faults, FaultyApi
from .pushing import Pusher
from .screens import screens
from .settings import CoreSettings


def create_core(settings: CoreSettings, clock: Clock, faults: Faults | None = None) -> Starlette:
    """Build a core; `faults` may be held outside to switch them without the page."""
    faults = faults or Faults()
    db = CoreDatabase(settings.database)
    known = SignedCallers(settings.name, settings.portal_keys, SeenInMemory(clock), clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await db.create()
        async with _pushing(settings, clock, db):
            yield
        await db.close()

    return Starlette(
        routes=[
            *Api(settings.name, db, clock, known, settings.register).routes(),
            *ProceedingApi(settings.name, db, clock, known).routes(),
            Route("/openapi.json", _openapi, methods=["GET"]),
            *screens(settings, db, clock, faults),
        ],
        middleware=[Middleware(FaultyApi, faults=faults, clock=clock)],
        lifespan=lifespan,
    )


async def _openapi(_: Request) -> Response:
    return JSONResponse(core_side())


@asynccontextmanager
async def _pushing(settings: CoreSettings, clock: Clock, db: CoreDatabase) -> AsyncIterator[None]:
    if settings.portal_url is None:
        yield
        return
    signer = Signer(settings.name, settings.key, clock)
    way = Direct(settings.portal_url, settings.portal_name, signer)
    async with db.read() as session:
        newest = await ledger.last_change(session)
    async with Calls(way, timeout=settings.push_timeout) as calls:
        task = asyncio.create_task(Pusher(db, calls).run(newest))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
