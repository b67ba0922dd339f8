"""Storage, on SQLite and on PostgreSQL: encrypted columns, look-ups, moments, transactions."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Insert, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from portal.access.parties import PartyRow, party, party_id_of, party_of
from portal.clock import TALLINN, FixedClock
from portal.crypto import KeyRing, Unreadable, new_key
from portal.db import Database, new_id
from portal.identity import Party
from portal.outbox import OutboxRow
from tests.factories import person

pytestmark = pytest.mark.anyio


async def raw(database: Database, column: str) -> bytes:
    """Read a party's column as it lies in the table."""
    async with database.read() as session:
        return bytes((await session.execute(text(f"SELECT {column} FROM party"))).scalar_one())


def planned(at: datetime, **values: Any) -> Insert:
    """Insert a row that has moments and JSON."""
    row = {
        "id": new_id(),
        "topic": "t",
        "stream": "s",
        "payload": {},
        "planned_at": at,
        "due_at": at,
        "attempts": 0,
    }
    return insert(OutboxRow).values(**row | values)


async def test_a_party_is_found_by_the_index_of_its_code(database: Database) -> None:
    someone = person()
    async with database.write() as tx:
        made = await party_of(tx, someone.code, someone.name)
    async with database.read() as session:
        assert await party_id_of(session, someone.code) == made
        assert await party(session, made) == Party(made, someone.code, someone.name)
        assert await party_id_of(session, "EE60001019906") is None


async def test_nothing_personal_lies_readable_in_the_table(database: Database) -> None:
    someone = person()
    async with database.write() as tx:
        await party_of(tx, someone.code, someone.name)
    for column in ("lookup", "code", "name"):
        stored = await raw(database, column)
        assert b"38001085718" not in stored
        assert "Jõeorg".encode() not in stored


async def test_a_new_name_is_taken_over_and_the_party_stays_the_same(database: Database) -> None:
    async with database.write() as tx:
        first = await party_of(tx, "EE38001085718", "Jaak Jõeorg")
    async with database.write() as tx:
        assert await party_of(tx, "EE38001085718", "Jaak Kask") == first
    async with database.read() as session:
        known = await party(session, first)
    assert known is not None
    assert known.name == "Jaak Kask"


async def test_ten_first_sign_ins_at_once_make_one_party(database: Database) -> None:
    async def enter() -> object:
        async with database.write() as tx:
            return await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")

    assert len(set(await asyncio.gather(*(enter() for _ in range(10))))) == 1


async def test_a_value_moved_to_another_column_does_not_open(database: Database) -> None:
    async with database.write() as tx:
        await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")
        await tx.execute(text("UPDATE party SET name = code"))
    async with database.read() as session:
        with pytest.raises(Unreadable):
            await session.scalar(select(PartyRow.name))


async def test_a_rotated_ring_reads_old_rows(database: Database, keys: KeyRing) -> None:
    async with database.write() as tx:
        made = await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")
    fresh = KeyRing.parse(f"index:{new_key()},k2:{new_key()}")
    both = KeyRing("k2", {**fresh.keys, **keys.keys}, keys.index_key)
    rotated = Database(database.url, both)
    async with rotated.read() as session:
        assert await party(session, made) == Party(made, "EE38001085718", "Jaak-Kristjan Jõeorg")
        assert await party_id_of(session, "EE38001085718") == made
    async with rotated.write() as tx:
        await tx.execute(update(PartyRow).values(name="Jaak Kask"))
    await rotated.close()
    assert (await raw(database, "name")).startswith(b"\x02k2")
    assert (await raw(database, "code")).startswith(b"\x02k1")


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.text(max_size=20) | st.integers(-(2**53), 2**53), st.lists
    )
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_json_comes_back_as_it_went_in(database: Database, clock: FixedClock, value: object) -> None:
    row = new_id()
    async with database.write() as tx:
        await tx.execute(planned(clock.now(), id=row, payload={"v": value}))
    async with database.read() as session:
        assert await session.scalar(select(OutboxRow.payload).where(OutboxRow.id == row)) == {"v": value}


async def test_a_moment_comes_back_in_utc_whatever_its_zone(database: Database) -> None:
    at = datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=TALLINN)
    async with database.write() as tx:
        await tx.execute(planned(at))
    async with database.read() as session:
        back = await session.scalar(select(OutboxRow.due_at))
        assert back == at
        assert back is not None
        assert back.utcoffset() == datetime.now(UTC).utcoffset()
        assert await session.scalar(select(func.count()).where(OutboxRow.due_at <= at)) == 1


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    async with database.write() as tx:
        with pytest.raises(StatementError, match="zone"):
            await tx.execute(planned(datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with suppress(ConnectionError):
        async with database.write() as tx:
            await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")
            raise ConnectionError
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(PartyRow)) == 0


async def test_reading_goes_on_while_somebody_writes(database: Database) -> None:
    async with database.write() as tx:
        await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")
        async with database.read() as session:
            assert await session.scalar(select(func.count()).select_from(PartyRow)) == 0
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(PartyRow)) == 1


async def test_twenty_writers_at_once_all_get_through(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as tx:
            await tx.scalar(select(func.count()).select_from(PartyRow))
            await party_of(tx, f"EE{number}", f"Inimene {number}")

    await asyncio.gather(*(write(number) for number in range(20)))
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(PartyRow)) == 20


async def test_who_finds_no_connection_free_waits_for_one(database: Database, keys: KeyRing) -> None:
    narrow = Database(database.url, keys, pool_size=1)

    async def write(number: int) -> None:
        async with narrow.write() as tx:
            await party_of(tx, f"EE{number}", f"Inimene {number}")

    await asyncio.gather(*(write(number) for number in range(5)))
    async with narrow.read() as session:
        assert await session.scalar(select(func.count()).select_from(PartyRow)) == 5
    await narrow.close()


async def test_who_gives_up_waiting_to_write_leaves_nothing_open(database: Database) -> None:
    async def write() -> None:
        async with database.write() as tx:
            await party_of(tx, "EE38001085718", "Jaak-Kristjan Jõeorg")

    async with database.read(), database.read():
        pass  # Both connections stand, so that it is the lock that is waited for.
    async with database.write() as tx:
        await party_of(tx, "EE38001085718", "Jaak Jõeorg")
        waiting = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(write(), 5)


async def test_a_code_cannot_be_entered_twice(database: Database) -> None:
    values = {"lookup": "EE1", "code": "EE1", "name": "x"}
    async with database.write() as tx:
        await tx.execute(insert(PartyRow).values(id=new_id(), **values))
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.execute(insert(PartyRow).values(id=new_id(), **values))


def test_ids_come_in_order_of_time() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {made.version for made in ids} == {7}


async def test_a_failing_statement_tells_no_values(database: Database) -> None:
    twice = insert(PartyRow).values(id=new_id(), lookup="x", code="x", name="Jõeorg")
    async with database.write() as tx:
        await tx.execute(twice)
    with pytest.raises(IntegrityError) as failure:
        async with database.write() as tx:
            await tx.execute(twice)
    assert "Jõeorg" not in str(failure.value)
    async with database.write() as tx:
        with pytest.raises(StatementError) as refusal:
            await tx.execute(planned(datetime(2026, 1, 1), stream="Jõeorg"))  # noqa: DTZ001
    assert "Jõeorg" not in str(refusal.value)
