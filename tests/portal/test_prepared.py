"""Prepared statements, on SQLite and on PostgreSQL: the same rows, counts and faults as any other statement."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from portal.access.parties import PartyRow
from portal.db import Database, Transaction, new_id, prepared

pytestmark = pytest.mark.anyio

_PUT = prepared(insert(PartyRow))
_BY_CODE = prepared(select(PartyRow).where(PartyRow.lookup == bindparam("code")).limit(5))
_RENAME = prepared(update(PartyRow).where(PartyRow.lookup == bindparam("of_code")))
_COUNT = prepared(select(func.count()).select_from(PartyRow))
JAAK = "EE38001085718"
_END_ALL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


def _party(code: str = JAAK, name: str = "Jaak Jõeorg") -> dict[str, object]:
    return {"id": new_id(), "lookup": code, "code": code, "name": name}


async def _fails(act: Callable[[], Awaitable[None]]) -> bool:
    try:
        await act()
    except DBAPIError:
        return True
    return False


async def test_a_prepared_statement_gives_the_rows_that_any_other_gives(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(_PUT, _party())
    async with database.read() as session:
        [row] = (await session.execute(_BY_CODE, {"code": JAAK})).all()
        [plain] = (await session.execute(select(PartyRow))).all()
        assert row == plain
        assert row._asdict() == plain._asdict()
        assert row.name == "Jaak Jõeorg"
        assert (await session.execute(_BY_CODE, {"code": "EE60001019906"})).first() is None
        assert await session.scalar(_COUNT) == 1


async def test_it_tells_how_many_rows_it_touched(database: Database) -> None:
    async with database.write() as tx:
        assert (await tx.execute(_PUT, _party())).rowcount == 1
        assert (await tx.execute(_RENAME, {"of_code": JAAK, "name": "Jaak Kask"})).rowcount == 1
        assert (await tx.execute(_RENAME, {"of_code": "EE60001019906", "name": "x"})).rowcount == 0


async def test_a_duplicate_is_an_integrity_error_and_undoes_the_transaction(database: Database) -> None:
    async def twice(tx: Transaction) -> None:
        await tx.execute(_PUT, _party())
        await tx.execute(_PUT, _party(name="Keegi Teine"))

    with pytest.raises(IntegrityError) as refused:
        async with database.write() as tx:
            await twice(tx)
    assert "Keegi" not in str(refused.value)
    async with database.read() as session:
        assert await session.scalar(_COUNT) == 0


async def test_a_missing_parameter_is_a_fault(database: Database) -> None:
    async with database.read() as session:
        with pytest.raises((KeyError, SQLAlchemyError)):
            await session.execute(_BY_CODE, {})


async def test_who_is_cancelled_while_writing_leaves_nothing_behind(database: Database) -> None:
    written = asyncio.Event()

    async def write_slowly() -> None:
        async with database.write() as tx:
            await tx.execute(_PUT, _party())
            written.set()
            await asyncio.sleep(60)

    for _ in range(12):
        written.clear()
        going = asyncio.create_task(write_slowly())
        await written.wait()
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going
    async with database.write() as tx:
        assert await tx.scalar(_COUNT) == 0
        await tx.execute(_PUT, _party())
    async with database.read() as session:
        assert await session.scalar(_COUNT) == 1


async def test_lost_connections_are_replaced(database: Database) -> None:
    if database.is_sqlite:
        return

    async def lost() -> None:
        async with database.read() as first, database.read() as second, database.read() as third:
            for each in (first, second):
                await each.execute(_COUNT)
            await third.execute(text(_END_ALL_OTHERS))

    async def reading() -> None:
        async with database.read() as first, database.read() as second:
            await first.execute(_COUNT)
            await second.execute(_COUNT)

    async def writing() -> None:
        async with database.write() as tx:
            await tx.execute(_COUNT)

    for act in (reading, writing):
        await lost()
        assert [await _fails(act) for _ in range(4)].count(True) <= 1


async def test_whoever_listens_hears_every_statement(database: Database) -> None:
    said: list[str] = []
    database.hear(said.append)
    async with database.read() as session:
        await session.execute(_COUNT)
        await session.execute(select(func.count()).select_from(PartyRow))
    assert len([each for each in said if "count" in each]) == 2
