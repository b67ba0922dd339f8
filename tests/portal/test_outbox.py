"""The outbox: an effect happens if and only if its transaction commits, in the order of its stream."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal import outbox
from portal.clock import FixedClock
from portal.db import Database, Transaction
from portal.outbox import Delivery, Handler, NotYet, OutboxRow, Settle, deliver_next

pytestmark = pytest.mark.anyio


@dataclass
class World:
    """What handlers do to the world, and how they fail."""

    done: list[Any] = field(default_factory=list)
    settled: list[Any] = field(default_factory=list)
    fails: Mapping[Any, Exception] = field(default_factory=dict)

    def handlers(self) -> dict[str, Handler]:
        return {"say": self.say}

    async def say(self, delivery: Delivery) -> Settle:
        what = delivery.payload["what"]
        if what in self.fails:
            raise self.fails[what]
        self.done.append(what)

        async def settle(_tx: Transaction) -> None:
            self.settled.append(what)

        return settle


@pytest.fixture
def world() -> World:
    return World()


async def plan(db: Database, clock: FixedClock, *whats: Any, stream: str = "s", topic: str = "say") -> None:
    async with db.write() as tx:
        for what in whats:
            await outbox.plan(tx, topic, stream=stream, payload={"what": what}, at=clock.now())


async def waiting(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(OutboxRow)) or 0


async def drain(db: Database, world: World, clock: FixedClock) -> None:
    while await deliver_next(db, world.handlers(), clock):
        pass


async def test_a_planned_effect_happens_once_and_is_gone(
    database: Database, world: World, clock: FixedClock
) -> None:
    await plan(database, clock, "tere")
    assert await deliver_next(database, world.handlers(), clock)
    assert not await deliver_next(database, world.handlers(), clock)
    assert (world.done, world.settled, await waiting(database)) == (["tere"], ["tere"], 0)


async def test_what_was_planned_in_a_transaction_that_failed_never_happens(
    database: Database, world: World, clock: FixedClock
) -> None:
    with suppress(ConnectionError):
        async with database.write() as tx:
            await outbox.plan(tx, "say", stream="s", payload={"what": "x"}, at=clock.now())
            raise ConnectionError
    assert not await deliver_next(database, world.handlers(), clock)


async def test_effects_of_one_stream_happen_in_the_order_they_were_planned(
    database: Database, world: World, clock: FixedClock
) -> None:
    await plan(database, clock, *range(20))
    await drain(database, world, clock)
    assert world.done == list(range(20))


async def test_a_stream_waits_behind_its_first_and_others_go_on(
    database: Database, world: World, clock: FixedClock
) -> None:
    world.fails = {"a1": NotYet("the core is down")}
    await plan(database, clock, "a1", "a2", stream="a")
    await plan(database, clock, "b1", "b2", stream="b")
    await drain(database, world, clock)
    assert world.done == ["b1", "b2"]
    world.fails = {}
    clock.advance(minutes=10)
    await drain(database, world, clock)
    assert world.done == ["b1", "b2", "a1", "a2"]


async def test_an_effect_planned_for_later_waits_until_then(
    database: Database, world: World, clock: FixedClock
) -> None:
    async with database.write() as tx:
        due = clock.now() + timedelta(days=1)
        await outbox.plan(tx, "say", stream="s", payload={"what": 1}, at=clock.now(), due=due)
    assert not await deliver_next(database, world.handlers(), clock)
    clock.advance(days=1)
    assert await deliver_next(database, world.handlers(), clock)


@pytest.mark.parametrize("error", [NotYet("STAR answers 503"), ZeroDivisionError("isik EE38001085718")])
async def test_whatever_fails_is_tried_again_ever_more_slowly_without_end(
    database: Database, world: World, clock: FixedClock, error: Exception
) -> None:
    world.fails = {1: error}
    await plan(database, clock, 1)
    pauses = []
    for attempt in range(1, 25):
        assert await deliver_next(database, world.handlers(), clock)
        async with database.read() as session:
            row = (await session.execute(select(OutboxRow))).one()
        assert (row.attempts, row.last_tried_at) == (attempt, clock.now())
        assert row.last_error == (str(error) if isinstance(error, NotYet) else "ZeroDivisionError")
        assert not await deliver_next(database, world.handlers(), clock)
        pauses.append((row.due_at - clock.now()).total_seconds())
        clock.moment = row.due_at
    assert pauses[0] < 3
    assert 240 <= min(pauses[-5:]) <= max(pauses) <= 360
    world.fails = {}
    assert await deliver_next(database, world.handlers(), clock)
    assert await waiting(database) == 0


async def test_a_worker_that_died_is_followed_by_another_after_its_lease(
    database: Database, world: World, clock: FixedClock
) -> None:
    await plan(database, clock, 1, 2)

    async def dies(_delivery: Delivery) -> Settle:
        raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await deliver_next(database, {"say": dies}, clock)
    assert not await deliver_next(database, world.handlers(), clock)
    clock.advance(minutes=2, seconds=1)
    await drain(database, world, clock)
    assert world.done == [1, 2]


async def test_an_effect_that_cannot_be_settled_is_repeated_with_the_same_id(
    database: Database, clock: FixedClock
) -> None:
    ids = []

    async def crashes_at_first(delivery: Delivery) -> Settle:
        ids.append(delivery.id)

        async def settle(_tx: Transaction) -> None:
            if len(ids) == 1:
                raise ConnectionError

        return settle

    await plan(database, clock, 1)
    assert await deliver_next(database, {"say": crashes_at_first}, clock)
    assert await waiting(database) == 1
    clock.advance(minutes=3)
    assert await deliver_next(database, {"say": crashes_at_first}, clock)
    assert ids[0] == ids[1]
    assert await waiting(database) == 0


async def test_an_effect_that_outlived_its_lease_is_settled_once(
    database: Database, world: World, clock: FixedClock
) -> None:
    async def slow(delivery: Delivery) -> Settle:
        clock.advance(minutes=5)
        await drain(database, world, clock)
        return await world.say(delivery)

    await plan(database, clock, 1)
    await deliver_next(database, {"say": slow}, clock)
    assert world.done == [1, 1]
    assert world.settled == [1]


async def test_many_workers_deliver_each_effect_once_and_in_order(
    database: Database, world: World, clock: FixedClock
) -> None:
    for stream in range(8):
        await plan(database, clock, *(f"{stream}.{number}" for number in range(5)), stream=f"s{stream}")

    async def work() -> None:
        idle = 0
        while idle < 5:
            if not await deliver_next(database, world.handlers(), clock):
                idle += 1
                await asyncio.sleep(0.02)

    await asyncio.gather(*(work() for _ in range(6)))
    assert sorted(world.done) == [f"{stream}.{number}" for stream in range(8) for number in range(5)]
    for stream in range(8):
        assert [what for what in world.done if what[0] == str(stream)] == [f"{stream}.{n}" for n in range(5)]
    assert await waiting(database) == 0


async def test_a_worker_leaves_alone_what_it_cannot_do(
    database: Database, world: World, clock: FixedClock
) -> None:
    await plan(database, clock, 1, topic="sing")
    assert not await deliver_next(database, world.handlers(), clock)
    assert await waiting(database) == 1


async def test_a_payload_lies_encrypted(database: Database, clock: FixedClock) -> None:
    await plan(database, clock, "Jõeorg 38001085718")
    async with database.read() as session:
        stored = bytes((await session.execute(text("SELECT payload FROM outbox"))).scalar_one())
    assert b"38001085718" not in stored
