"""The trail: chained after commit, whole when content is erased, broken by any tampering."""

import asyncio
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update

from portal import audit
from portal.audit import AuditRow
from portal.clock import TALLINN, FixedClock
from portal.db import Database, new_id
from portal.identity import RightKind
from tests.factories import actor, party, person

pytestmark = pytest.mark.anyio


async def acts(db: Database, clock: FixedClock, count: int = 5) -> None:
    """Write acts down and seal them."""
    someone = actor()
    async with db.write() as tx:
        for number in range(count):
            await audit.record(
                tx, someone, "decision.opened", about=new_id(), at=clock.now(), detail={"number": number}
            )
    await seal(db)


async def seal(db: Database) -> int:
    async with db.write() as tx:
        return await audit.seal(tx)


async def verdict(db: Database) -> tuple[int, int | None]:
    async with db.read() as session:
        return await audit.verify(session)


async def id_of(db: Database, number: int) -> UUID:
    async with db.read() as session:
        found = await session.scalar(select(AuditRow.id).where(AuditRow.number == number))
    assert found is not None
    return found


async def test_an_empty_trail_is_whole(database: Database) -> None:
    assert await verdict(database) == (0, None)


async def test_acts_are_sealed_in_the_order_they_came(database: Database, clock: FixedClock) -> None:
    await acts(database, clock, 3)
    await acts(database, clock, 4)
    assert await verdict(database) == (7, None)
    async with database.read() as session:
        numbers = (await session.scalars(select(AuditRow.number).order_by(AuditRow.id))).all()
        assert await audit.unsealed(session) == 0
    assert numbers == [1, 2, 3, 4, 5, 6, 7]


async def test_an_act_of_a_transaction_that_failed_is_not_in_the_trail(
    database: Database, clock: FixedClock
) -> None:
    with suppress(ConnectionError):
        async with database.write() as tx:
            await audit.record(tx, actor(), "draft.sent", about=new_id(), at=clock.now())
            raise ConnectionError
    assert await seal(database) == 0


async def test_an_act_names_who_for_whom_and_by_what_right(database: Database, clock: FixedClock) -> None:
    parent, child = person(), party(person("EE61509120994", "Liis", "Jõeorg"))
    about = new_id()
    async with database.write() as tx:
        await audit.record(
            tx, actor(parent, for_party=child), "matter.read", about=about, at=clock.now(), result="refused"
        )
    async with database.read() as session:
        row = (await session.execute(select(AuditRow))).one()
    assert (row.person_id, row.party_id, row.about, row.at, row.result) == (
        parent.id, child.id, about, clock.now(), "refused",
    )  # fmt: skip
    assert row.content["right"] == RightKind.PARENT
    assert row.content["source"] == "population-register"


async def test_the_detail_lies_encrypted(database: Database, clock: FixedClock) -> None:
    async with database.write() as tx:
        await audit.record(
            tx, actor(), "register.asked", about=new_id(), at=clock.now(), detail={"child": "61509120994"}
        )
    async with database.read() as session:
        stored = bytes((await session.execute(text("SELECT content FROM audit"))).scalar_one())
    assert b"61509120994" not in stored


async def test_content_may_be_erased_and_the_chain_stays_whole(database: Database, clock: FixedClock) -> None:
    await acts(database, clock)
    async with database.write() as tx:
        await tx.execute(update(AuditRow).where(AuditRow.number == 3).values(content=None))
    assert await verdict(database) == (5, None)


@pytest.mark.parametrize(
    "change",
    [
        {"act": "decision.read"},
        {"at": datetime(2026, 11, 18, 12, tzinfo=TALLINN)},
        {"person_id": new_id()},
        {"party_id": None},
        {"about": new_id()},
        {"result": "refused"},
        {"content": {"salt": "", "detail": {"number": 99}}},
        {"digest": bytes(32)},
        {"seal": bytes(32)},
        {"number": 99},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_any_change_breaks_the_chain_where_it_was_made(
    database: Database, clock: FixedClock, change: dict[str, object]
) -> None:
    await acts(database, clock)
    row = await id_of(database, 3)
    async with database.write() as tx:
        await tx.execute(update(AuditRow).where(AuditRow.id == row).values(**change))
    assert (await verdict(database))[1] == 3


async def test_an_act_taken_out_breaks_the_chain(database: Database, clock: FixedClock) -> None:
    await acts(database, clock)
    async with database.write() as tx:
        await tx.execute(delete(AuditRow).where(AuditRow.number == 2))
    assert (await verdict(database))[1] == 2


async def test_two_acts_that_changed_places_break_the_chain(database: Database, clock: FixedClock) -> None:
    await acts(database, clock)
    second, third = await id_of(database, 2), await id_of(database, 3)
    async with database.write() as tx:
        for row, number in ((second, 99), (third, 2), (second, 3)):
            await tx.execute(update(AuditRow).where(AuditRow.id == row).values(number=number))
    assert (await verdict(database))[1] == 2


async def test_a_moment_given_in_another_zone_stays_whole(database: Database) -> None:
    async with database.write() as tx:
        at = datetime(2026, 11, 17, 14, 2, 3, 456789, tzinfo=TALLINN)
        await audit.record(tx, actor(), "draft.sent", about=new_id(), at=at)
    await seal(database)
    assert await verdict(database) == (1, None)


async def test_acts_written_while_the_sealer_works_are_sealed_later(
    database: Database, clock: FixedClock
) -> None:
    stop = asyncio.Event()

    async def write() -> None:
        for _ in range(10):
            await record_one(database, clock)
        stop.set()

    async def sealing() -> None:
        while not stop.is_set():
            await seal(database)
            await asyncio.sleep(0)

    await asyncio.gather(write(), sealing())
    await seal(database)
    assert await verdict(database) == (10, None)


async def record_one(db: Database, clock: FixedClock) -> None:
    async with db.write() as tx:
        await audit.record(tx, actor(), "matter.read", about=new_id(), at=clock.now())
