"""Events pushed twice, in the wrong order, broken or not at all: each is applied once and in its order."""

import random
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import update

from core_bridge.signing import generate_key
from core_bridge.wire import (
    AuthorityRef,
    EventData,
    InProgress,
    PartyRef,
    Registered,
    event,
    freeze,
)
from inbox.receive.store import store
from inbox.tables import FeedRow, InteractionRow, ReceivedEventRow
from tests.portal.faults.world import World, events_page

pytestmark = pytest.mark.anyio

GARBLED = (
    b"",
    b"[",
    b"{}",
    b'[{"specversion": "1.0"}]',
    b"[" * 50_000,
    b'[{"specversion":"1.0","id":"e1","source":"STAR","type":"ee.uks.proceeding.registered.v1",'
    b'"subject":"proceedings/p1","sequence":"1","time":"2026-11-17T12:00:00Z","data":{"oota":1}}]',
)


async def test_the_same_events_twice_in_the_wrong_order_and_again_by_the_feed_count_once(
    world: World,
) -> None:
    sent = await _with_history(world)
    events = await world.events()
    key = dict(world.star.settings.key)
    for each in random.Random(7).sample(events * 2, len(events) * 2):
        assert await world.push("STAR", key, b"[" + each + b"]") == 202
    await world.work(minutes=1)
    await _check_history(world, sent, events)


async def test_a_push_that_was_lost_comes_by_the_feed(world: World) -> None:
    sent = await _with_history(world)
    assert await world.told(sent, "registered") == 0
    await world.work(minutes=1)
    await _check_history(world, sent, await world.events())


async def test_what_a_killed_process_took_in_is_applied_by_the_next(world: World) -> None:
    sent = await _with_history(world)
    page = await world.star.core.changes(None)
    # All that the feed had was stored and the cursor moved on; then came the end.
    async with world.parts.db.write() as tx:
        await store(tx, "STAR", page.events, world.clock.now())
        await tx.execute(update(FeedRow).where(FeedRow.core == "STAR").values(cursor=page.next))
    assert await world.told(sent, "registered") == 0
    await world.work(minutes=1)
    await _check_history(world, sent, await world.events())


async def test_a_later_event_waits_for_the_earlier_and_the_page_tells_only_what_is_sure(world: World) -> None:
    sent = await _with_history(world)
    events = await world.events()
    key = dict(world.star.settings.key)
    assert await world.push("STAR", key, b"[" + events[-1] + b"]") == 202
    assert "Lisage väljavõte" not in await world.see(f"/et/inbox/{sent}")
    assert await world.push("STAR", key, b"[" + b",".join(events[:-1]) + b"]") == 202
    assert "Lisage väljavõte" in await world.see(f"/et/inbox/{sent}")


async def test_a_garbled_push_is_refused_and_nothing_is_kept(world: World) -> None:
    for body in GARBLED:
        assert await world.push("STAR", dict(world.star.settings.key), body) == 400
    assert await world.rows(ReceivedEventRow.id, ReceivedEventRow.core == "STAR") == []


async def test_nobody_else_can_push(world: World) -> None:
    sent = await _with_history(world)
    body = b"[" + b",".join(await world.events()) + b"]"
    assert await world.push("STAR", generate_key(), body) == 401
    assert await world.push("SKAIS", world.skais.key, body) == 403
    assert await world.told(sent, "registered") == 0


async def test_an_event_that_cannot_be_read_stops_its_own_stream_and_the_page_says_as_of(
    world: World,
) -> None:
    whole, broken = _opened(world, "p1", 1), _opened(world, "p2", 2)
    garbage = _event(world, InProgress(proceeding_id="p2"), "p2", 2).replace(b"in-progress", b"in-verse")
    after = [
        _event(world, InProgress(proceeding_id="p2"), "p2", 3),
        _event(world, InProgress(proceeding_id="p1"), "p1", 2),
    ]
    world.skais.page = events_page([whole, broken, garbage, *after], 5)
    await world.work()
    by_proceeding = {row: await _state(world, row) for row in ("p1", "p2")}
    assert by_proceeding == {"p1": "in_proceeding", "p2": "registered"}
    await world.work(minutes=30)
    assert "Näitame, mis oli teada täna, kell 14.00" in await world.see(await _path(world, "p2"))
    assert "Uuemat infot ei ole veel tulnud" not in await world.see(await _path(world, "p1"))


async def test_a_feed_that_is_garbage_takes_nothing_down_but_itself(world: World) -> None:
    world.skais.page = b"<html>\x00"
    sent = await _with_history(world)
    await world.work(minutes=1)
    await _check_history(world, sent, await world.events())
    world.skais.page = events_page([_opened(world, "p1", 1)], 1)
    await world.work(minutes=1)
    assert await _state(world, "p1") == "registered"


async def _with_history(world: World) -> UUID:
    """Let an application be registered and a document be asked for; the portal has heard nothing of it."""
    sent = await world.apply()
    await world.work()
    await world.official.act(sent, "register", complete="no")
    await world.official.act(sent, "extend", until="2026-12-30", reason="Ootame andmeid.")
    asks = {"title": "Lisage väljavõte", "text": "Oktoobri kohta.", "due_on": "2026-11-30"}
    await world.official.act(sent, "ask", **asks)
    return sent


async def _check_history(world: World, sent: UUID, events: list[bytes]) -> None:
    assert len(events) >= 3
    assert len(await world.rows(ReceivedEventRow.id, ReceivedEventRow.core == "STAR")) == len(events)
    assert await world.rows(ReceivedEventRow.id, ReceivedEventRow.applied_at.is_(None)) == []
    for what in ("sent", "handed_over", "registered", "extended"):
        assert await world.told(sent, what) == 1, what
    page = await world.see(f"/et/inbox/{sent}")
    assert "Lisage väljavõte" in page
    assert "30. novembril" in page


def _opened(world: World, proceeding: str, said: int) -> bytes:
    party = PartyRef(code=world.actor.party.code, name=world.actor.party.name)
    data = Registered(
        proceeding_id=proceeding,
        reference=f"SKA-{said}",
        registered_at=datetime(2026, 11, 17, 11, 0, tzinfo=UTC),
        party=party,
        authority=AuthorityRef(code="SKA", name="Sotsiaalkindlustusamet"),
        title="Puude raskusastme tuvastamine",
    )
    return _event(world, data, proceeding, 1)


def _event(world: World, data: EventData, proceeding: str, sequence: int) -> bytes:
    subject = f"proceedings/{proceeding}"
    made = event(
        data,
        event_id=f"{proceeding}-{sequence}",
        source="SKAIS",
        subject=subject,
        sequence=sequence,
        time=world.clock.now(),
    )
    return freeze(made)


async def _state(world: World, proceeding: str) -> str:
    [state] = await world.rows(InteractionRow.state, InteractionRow.core_proceeding_id == proceeding)
    return str(state)


async def _path(world: World, proceeding: str) -> str:
    [matter] = await world.rows(InteractionRow.id, InteractionRow.core_proceeding_id == proceeding)
    return f"/et/inbox/{matter}"
