"""A connection that says prepared statements and transactions to the driver itself; all else goes SQLAlchemy's way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Executable
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portal.db.drivers import DRIVERS, Driver
from portal.db.prepared import Plans, is_prepared

T = TypeVar("T")


class DirectConnection(AsyncConnection):
    """A connection of a database; it is opened once and used by many, one after the other."""

    __slots__ = ("_driver", "_plans")
    _driver: Driver

    def __init__(self, engine: AsyncEngine, plans: Plans) -> None:
        super().__init__(engine)
        self._plans = plans

    async def open(self) -> "DirectConnection":
        """Connect."""
        await self.start()
        raw = await self.get_raw_connection()
        self._driver = DRIVERS[self.dialect.name](raw.driver_connection)
        return self

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

    async def rest(self) -> bool:
        """Let go of what the last user has left; tells whether another may use the connection."""
        assert self.sync_connection is not None
        if self.sync_connection.in_transaction():
            # Nothing but SQLAlchemy's own notion: transactions are the driver's.
            with suppress(DBAPIError):
                await self.rollback()
        return self.is_usable

    @property
    def is_usable(self) -> bool:
        """Tell whether the connection is open, and no transaction is."""
        return self._driver.is_idle and not self.invalidated

    async def _told(self, answer: Awaitable[T], sql: str) -> T:
        try:
            return await answer
        except self._driver.faults as error:
            broken = isinstance(error, self._driver.breaches)
            raise (IntegrityError if broken else DBAPIError)(
                sql, None, error, hide_parameters=True
            ) from error
