"""A connection that says prepared statements and transactions to the driver itself; all else goes SQLAlchemy's way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Self, TypeVar

from sqlalchemy import Executable
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.db.drivers import DRIVERS, Driver
from portal.db.prepared import Plans, is_prepared

T = TypeVar("T")


class DirectConnection(AsyncConnection):
    """A connection out of the engine's pool."""

    __slots__ = ("_driver", "_plans")
    _driver: Driver

    def __init__(self, engine: AsyncEngine, plans: Plans) -> None:
        super().__init__(engine)
        self._plans = plans

    async def start(self, is_ctxmanager: bool = False) -> Self:
        """Take it out of the pool."""
        await super().start(is_ctxmanager)
        assert self.sync_connection is not None
        self._driver = DRIVERS[self.dialect.name](self.sync_connection.connection.driver_connection)
        return self

    async def close(self) -> None:
        """Put it back, unless something has ended it or is left open on it."""
        if not (self.invalidated or self._driver.is_idle):
            await self.invalidate()
            # What ended this one may have ended all: nobody else is to find that out.
            await self.engine.dispose()
        await super().close()

    async def execute(
        self, statement: Executable, parameters: Any = None, *, execution_options: Any = None
    ) -> Any:
        """Run a statement."""
        if not is_prepared(statement) or isinstance(parameters, list | tuple):
            return await super().execute(statement, parameters, execution_options=execution_options)
        given: Mapping[str, Any] = parameters or {}
        plan = self._plans.plan(statement, given)
        return await self._told(self._driver.run(plan, plan.sent(given)), plan.sql)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Keep a transaction of the driver: it commits when the block ends well."""
        driver = self._driver
        try:
            await self._told(driver.begin(), "BEGIN")
            yield
            await self._told(driver.commit(), "COMMIT")
        except BaseException:
            with suppress(*driver.faults):
                await asyncio.shield(driver.roll_back())
            raise

    async def _told(self, answer: Awaitable[T], sql: str) -> T:
        try:
            return await answer
        except self._driver.faults as error:
            broken = isinstance(error, self._driver.breaches)
            raise (IntegrityError if broken else DBAPIError)(
                sql, None, error, hide_parameters=True
            ) from error
