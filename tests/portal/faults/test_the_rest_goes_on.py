"""What is down takes down only itself: mail, a file that is gone, a chore of the worker, a worker that was killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from core_bridge.reference_core import Fault
from portal import outbox, worker
from portal.db import Transaction
from portal.files import FileRow
from portal.outbox import Delivery, OutboxRow, Settle, deliver, deliver_next
from tests.portal.faults.world import World

pytestmark = pytest.mark.anyio


async def test_while_mail_is_down_all_else_goes_on_and_the_notice_comes_once(world: World) -> None:
    await world.give_address("mari@post.example")
    sent = await world.apply()
    await world.work()
    await world.official.act(sent, "register", complete="no")
    asks = {"title": "Lisage väljavõte", "text": "Oktoobri kohta.", "due_on": "2026-11-30"}
    await world.official.act(sent, "ask", **asks)
    for _ in range(3):
        await world.work(minutes=6)
    assert "Lisage väljavõte" in await world.see(f"/et/inbox/{sent}")
    other = await world.apply()
    await world.work(minutes=6)
    assert "Edastatud süsteemi STAR" in await world.see(f"/et/receipts/{other}")
    [waits] = await world.waiting()
    assert waits is not None
    assert waits.startswith("mail server")
    with world.post_office():
        for _ in range(3):
            await world.work(minutes=6)
    [letter] = world.mailbox.to("mari@post.example")
    assert f"/et/inbox/{sent}" in letter.text
    assert await world.waiting() == []


async def test_one_application_that_is_stuck_holds_up_no_other_and_nobody_else_is_blamed(
    world: World,
) -> None:
    stuck, other = await world.apply(with_file=True), await world.apply(with_file=True)
    [first, _] = await world.rows(FileRow.id, FileRow.id.is_not(None))
    blob = _blob(world, first.hex)
    blob.rename(blob.with_suffix(".away"))
    for _ in range(3):
        await world.work(minutes=6)
    assert await world.in_star() == [other]
    assert "Edastatud süsteemi STAR" in await world.see(f"/et/receipts/{other}")
    receipt = await world.see(f"/et/receipts/{stuck}")
    assert "Edastamine süsteemi STAR viibib" in receipt
    assert "Taotlus on meil kindlalt alles" in receipt
    assert "ei vasta" not in receipt
    blob.with_suffix(".away").rename(blob)
    await world.work(minutes=6)
    assert sorted(await world.in_star()) == sorted([stuck, other])
    assert await world.waiting() == []


async def test_a_file_that_waits_for_the_scanner_is_no_outage(world: World) -> None:
    sent = await world.apply(with_file=True)
    await _all_files(world, "pending")
    await world.work()
    receipt = await world.see(f"/et/receipts/{sent}")
    assert "ei vasta" not in receipt
    assert "Edastatud" not in receipt
    await _all_files(world, "clean")
    await world.work(minutes=6)
    assert await world.in_star() == [sent]


async def test_a_chore_that_fails_stops_no_other_and_recovers_by_itself(world: World) -> None:
    async with _working(world):
        await _rename(world, "feed", "feed_away")
        sent = await world.apply()
        await _until_told(world, sent, "handed_over")
        await world.official.act(sent, "register", complete="yes")
        await asyncio.sleep(1.0)
        assert await world.told(sent, "registered") == 0
        await _rename(world, "feed_away", "feed")
        await _until_told(world, sent, "registered")


async def test_a_worker_that_dies_in_the_middle_leaves_all_to_the_next(world: World) -> None:
    sent = await world.apply()
    world.star.faults.begin(Fault.SLOW, delay=2.0)
    dying = asyncio.create_task(deliver_next(world.parts.db, world.parts.handlers, world.clock))
    while not await world.rows(OutboxRow.id, OutboxRow.leased_until.is_not(None)):  # noqa: ASYNC110 - it is in the database
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    world.star.faults.begin(Fault.NONE)
    await world.work()
    receipt = await world.see(f"/et/receipts/{sent}")
    assert "Edastame süsteemi STAR" in receipt
    assert "ei vasta" not in receipt
    await world.work(seconds=deliver.LEASE.total_seconds() + 1)
    assert await world.in_star() == [sent]
    assert await world.told(sent, "handed_over") == 1


async def test_a_slow_effect_is_kept_by_the_worker_that_does_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "_RENEWED_EVERY", 0.05)
    done = []

    async def slow(delivery: Delivery) -> Settle:
        for _ in range(4):
            world.clock.advance(seconds=deliver.LEASE.total_seconds() - 1)
            await asyncio.sleep(0.5)
            assert not await deliver_next(world.parts.db, {"say": slow}, world.clock)
        done.append(delivery.id)
        return _nothing

    async with world.parts.db.write() as tx:
        await outbox.plan(tx, "say", stream="s", payload={}, at=world.clock.now())
    assert await deliver_next(world.parts.db, {"say": slow}, world.clock)
    assert len(done) == 1
    assert await world.waiting() == []


async def _nothing(_tx: Transaction) -> None:
    return


@asynccontextmanager
async def _working(world: World) -> AsyncIterator[None]:
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(world.parts, stop))
    try:
        yield
    finally:
        stop.set()
        await working


async def _until_told(world: World, matter: object, what: str) -> None:
    for _ in range(150):
        if await world.told(matter, what):  # type: ignore[arg-type]
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{what} never came")


async def _rename(world: World, table: str, to: str) -> None:
    async with world.parts.db.write() as tx:
        await tx.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


async def _all_files(world: World, scan: str) -> None:
    async with world.parts.db.write() as tx:
        await tx.execute(text("UPDATE file SET scan = :scan"), {"scan": scan})


def _blob(world: World, name: str) -> Path:
    folder = Path(world.parts.settings.files_url.removeprefix("file://"))
    return next(each for each in folder.rglob("*") if each.name == name)
