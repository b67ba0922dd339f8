"""Events are applied once and in order within their stream."""

from collections import Counter
from random import Random
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import select, update

from core_bridge import wire
from inbox.feed import waiting_streams
from inbox.receive import Intake
from inbox.tables import EntryRow, InteractionRow, ReceivedEventRow, StreamRow
from portal.clock import FixedClock
from portal.db import Database
from tests.inbox.happenings import asked, citizen, decided, letter, matter_sent, registered, star

pytestmark = pytest.mark.anyio


async def matter_row(database: Database, matter: UUID) -> Any:
    async with database.read() as session:
        return (await session.execute(select(InteractionRow).where(InteractionRow.id == matter))).one()


async def test_the_same_event_twice_is_applied_once(database: Database, clock: FixedClock) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database))
    await core.says(registered(matter))
    event = await core.says(asked())
    await core.intake.pushed("STAR", [event, event])
    async with database.read() as session:
        tasks = (await session.scalars(select(EntryRow.id).where(EntryRow.kind == "task"))).all()
        applied = (await session.scalars(select(ReceivedEventRow.applied_at))).all()
    assert len(tasks) == 1
    assert len(applied) == 2
    assert all(applied)


async def test_events_that_come_in_the_wrong_order_are_applied_in_the_right_one(
    database: Database, clock: FixedClock
) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database))
    first = core.event(registered(matter), "proceedings/p1")
    second = core.event(asked(), "proceedings/p1")
    third = core.event(
        wire.RequestCancelled(proceeding_id="p1", task_id="t1", reason="Ei ole enam vaja"), "proceedings/p1"
    )
    await core.intake.pushed("STAR", [third])
    await core.intake.pushed("STAR", [second])
    assert (await matter_row(database, matter)).state == "submitted"
    await core.intake.pushed("STAR", [first])
    row = await matter_row(database, matter)
    assert (row.state, row.whose_turn, row.reference) == ("registered", "authority", "2026-04183")


async def test_a_gap_waits_and_makes_that_matter_old_until_it_is_filled(
    database: Database, clock: FixedClock
) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database))
    await core.says(registered(matter))
    missing = core.event(wire.InProgress(proceeding_id="p1"), "proceedings/p1")
    late = core.event(asked(), "proceedings/p1")
    await core.intake.pushed("STAR", [late])
    clock.advance(minutes=11)
    row = await matter_row(database, matter)
    assert row.behind_since is not None
    async with database.read() as session:
        assert (await waiting_streams(session, "STAR", before=clock.now()))[0] == 1
    await core.intake.pushed("STAR", [missing])
    row = await matter_row(database, matter)
    assert (row.behind_since, row.state) == (None, "needs_fix")


async def test_one_stream_that_waits_does_not_hold_up_another(database: Database, clock: FixedClock) -> None:
    who = await citizen(database)
    core, one, two = star(database, clock), await matter_sent(database, who), await matter_sent(database, who)
    await core.says(asked(), "proceedings/unknown")
    await core.says(registered(one), "proceedings/p1")
    await core.says(registered(two, "p2"), "proceedings/p2")
    assert (await matter_row(database, one)).state == "registered"
    assert (await matter_row(database, two)).state == "registered"


async def test_an_event_for_an_unknown_matter_waits_until_the_matter_is_known(
    database: Database, clock: FixedClock
) -> None:
    who = await citizen(database)
    core = star(database, clock)
    await core.says(asked(), "proceedings/p1")
    async with database.read() as session:
        assert "unknown proceeding" in str(await session.scalar(select(StreamRow.waiting_for)))
    matter = await matter_sent(database, who)
    core.counts["proceedings/p1"] = 0
    async with database.write() as tx:
        await tx.execute(update(InteractionRow).values(core_proceeding_id="p1"))
    await core.intake.retry("STAR")
    assert (await matter_row(database, matter)).state == "needs_fix"


async def test_garbage_is_kept_and_its_stream_says_what_it_waits_for(
    database: Database, clock: FixedClock
) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database))
    page = wire.changes_page(
        b'{"events":[{"specversion":"1.0","id":"x1","source":"STAR","type":"ee.uks.proceeding.registered.v1",'
        b'"subject":"proceedings/p1","sequence":"1","time":"2026-11-17T12:00:00Z","data":{"nonsense":1}}],'
        b'"next":"1","more":false}'
    )
    await core.intake.pushed("STAR", page.events)
    async with database.read() as session:
        stream = (await session.execute(select(StreamRow))).one()
        kept = (await session.execute(select(ReceivedEventRow.raw))).scalar_one()
    assert "cannot read" in stream.waiting_for
    assert kept["data"] == {"nonsense": 1}
    assert (await matter_row(database, matter)).state == "submitted"


async def test_a_core_cannot_write_into_another_partys_matter(database: Database, clock: FixedClock) -> None:
    jaak = await citizen(database)
    other = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    core, matter = star(database, clock), await matter_sent(database, jaak)
    await core.says(letter(other, matter), "threads/x")
    async with database.read() as session:
        assert not (await session.scalars(select(EntryRow.id).where(EntryRow.kind == "message"))).all()
        assert "another party" in str(await session.scalar(select(StreamRow.waiting_for)))


async def test_a_core_cannot_reach_a_matter_of_another_core(database: Database, clock: FixedClock) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database), core="SKAIS")
    await core.says(registered(matter))
    assert (await matter_row(database, matter)).state == "submitted"


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_the_order_and_however_often_the_end_is_the_same(
    database: Database, clock: FixedClock, seed: int
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    told = [
        core.event(registered(matter), "proceedings/p1"),
        core.event(asked(), "proceedings/p1"),
        core.event(wire.RequestCancelled(proceeding_id="p1", task_id="t1"), "proceedings/p1"),
        core.event(wire.Complete(proceeding_id="p1", complete_at=clock.now()), "proceedings/p1"),
        core.event(decided(), "proceedings/p1"),
        core.event(letter(who, matter), "threads/a"),
        core.event(letter(who, matter, "m2"), "threads/a"),
    ]
    mixed = told * 2
    Random(seed).shuffle(mixed)
    for event in mixed:
        await core.intake.pushed("STAR", [event])
    row = await matter_row(database, matter)
    async with database.read() as session:
        kinds = (await session.scalars(select(EntryRow.kind))).all()
    assert (row.state, row.unread, row.behind_since) == ("decided", 2, None)
    assert Counter(kinds) == {"event": 5, "task": 1, "message": 2, "decision": 1}


async def test_two_workers_that_take_the_same_news_apply_it_once(
    database: Database, clock: FixedClock
) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database))
    told = [core.event(registered(matter), "proceedings/p1"), core.event(asked(), "proceedings/p1")]
    async with anyio.create_task_group() as group:
        for events in (told, told[::-1], told[1:], told):
            group.start_soon(Intake(database, clock).pushed, "STAR", events)
    async with database.read() as session:
        kinds = (await session.scalars(select(EntryRow.kind).where(EntryRow.kind == "task"))).all()
    assert len(kinds) == 1
    assert (await matter_row(database, matter)).state == "needs_fix"
