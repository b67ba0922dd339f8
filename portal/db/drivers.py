"""The two drivers behind SQLAlchemy, spoken to in the same words: asyncpg and aiosqlite."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, TypeVar

import aiosqlite
import asyncpg

from portal.db.prepared import Answer, Plan

T = TypeVar("T")
Faults = tuple[type[Exception], ...]


class Driver(Protocol):
    """An open connection of a driver; statements outside a transaction are committed at once."""

    faults: ClassVar[Faults]
    breaches: ClassVar[Faults]
    """Those of the faults that say that a rule of the tables was broken."""

    async def run(self, plan: Plan, values: Sequence[Any]) -> Answer:
        """Run a statement."""
        ...

    async def begin(self) -> None:
        """Begin a transaction."""
        ...

    async def commit(self) -> None:
        """End it well."""
        ...

    async def roll_back(self) -> None:
        """Undo it, if there is one."""
        ...

    @property
    def is_idle(self) -> bool:
        """Tell whether it can be used again: it is open, and no transaction is."""
        ...


@dataclass(frozen=True, slots=True)
class Asyncpg:
    """A connection to PostgreSQL."""

    connection: Any
    faults: ClassVar[Faults] = (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        OSError,
    )
    breaches: ClassVar[Faults] = (asyncpg.IntegrityConstraintViolationError,)

    async def run(self, plan: Plan, values: Sequence[Any]) -> Answer:
        """Run a statement; the driver prepares it once for each connection."""
        if plan.row is None:
            status = await self._heard(self.connection.execute(plan.sql, *values))
            return Answer((), int(status.rpartition(" ")[2]))
        rows = plan.rows(await self._heard(self.connection.fetch(plan.sql, *values)))
        return Answer(rows, len(rows))

    async def begin(self) -> None:
        """Begin a transaction."""
        await self._heard(self.connection.execute("BEGIN"))

    async def commit(self) -> None:
        """End it well."""
        await self._heard(self.connection.execute("COMMIT"))

    async def roll_back(self) -> None:
        """Undo it, if there is one."""
        if not self.connection.is_closed() and self.connection.is_in_transaction():
            await self._heard(self.connection.execute("ROLLBACK"))

    async def _heard(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except asyncpg.InternalClientError:
            # The server's last word has been heard, and nothing can be said to it any more.
            self.connection.terminate()
            raise

    @property
    def is_idle(self) -> bool:
        """Tell whether it can be used again."""
        return not (self.connection.is_closed() or self.connection.is_in_transaction())


@dataclass(frozen=True, slots=True)
class Aiosqlite:
    """A connection to SQLite: a thread of its own does one thing after the other, so the fewer the better."""

    connection: aiosqlite.Connection
    faults: ClassVar[Faults] = (sqlite3.Error, ValueError)
    breaches: ClassVar[Faults] = (sqlite3.IntegrityError,)

    async def run(self, plan: Plan, values: Sequence[Any]) -> Answer:
        """Run a statement."""
        if plan.row is None:
            cursor = await self.connection.execute(plan.sql, values)
            return Answer((), cursor.rowcount)
        rows = plan.rows(list(await self.connection.execute_fetchall(plan.sql, values)))
        return Answer(rows, len(rows))

    async def begin(self) -> None:
        """Begin a transaction: a writer takes the lock at once, so it never fails half-way."""
        await self.connection.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """End it well."""
        await self.connection.commit()

    async def roll_back(self) -> None:
        """Undo it, if there is one."""
        await self.connection.rollback()

    @property
    def is_idle(self) -> bool:
        """Tell whether it can be used again; the thread ends first what it was told before."""
        try:
            return not self.connection.in_transaction
        except ValueError:
            return False


DRIVERS: Final[Mapping[str, Callable[[Any], Driver]]] = {"postgresql": Asyncpg, "sqlite": Aiosqlite}
