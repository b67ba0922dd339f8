"""The change feed: everything in order, for good, page by page."""

import asyncio
from pathlib import Path

import pytest

from core_bridge.errors import CoreRejected
from core_bridge.wire import Event, Fact, PrefillRequest, freeze
from portal.clock import FixedClock
from tests.core_bridge.messages import BY_SELF, JAAK, NOW, application
from tests.core_bridge.running import Official, Running, running_core

pytestmark = pytest.mark.anyio


async def test_each_stream_counts_from_one_without_a_gap(star: Running, official: Official) -> None:
    for _ in range(3):
        sent = application()
        await star.core.put_application(sent.application_id, freeze(sent))
        await official.act(sent.application_id, "register", complete="yes")
        await official.act(sent.application_id, "extend", until="2026-12-30", reason="Ootame andmeid.")
    counted: dict[str, list[int]] = {}
    for event in await star.events():
        counted.setdefault(event.subject, []).append(event.sequence)
        assert event.source == "STAR"
    assert list(counted.values()) == [[1, 2, 3, 4]] * 3


async def test_pages_of_one_make_the_same_list(star: Running, official: Official) -> None:
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    await official.act(sent.application_id, "register", complete="yes")
    found: list[Event] = []
    cursor, more = None, True
    while more:
        page = await star.core.changes(cursor, limit=1)
        found += page.events
        cursor, more = page.next, page.more
    assert found == await star.events()
    assert (await star.core.changes(cursor)).events == ()
    assert (await star.core.changes(cursor)).next == cursor


async def test_a_cursor_of_another_life_is_not_nothing_new(star: Running) -> None:
    with pytest.raises(CoreRejected) as refused:
        await star.core.changes("77")
    assert refused.value.code == "cursor-unknown"


async def test_a_reader_never_passes_an_event_that_comes_later(star: Running, official: Official) -> None:
    sent = [application() for _ in range(8)]
    for each in sent:
        await star.core.put_application(each.application_id, freeze(each))
    seen: list[str] = []

    async def follow() -> None:
        cursor = None
        while len(seen) < 24:
            page = await star.core.changes(cursor, limit=2)
            seen.extend(event.id for event in page.events)
            cursor = page.next

    registering = [official.act(each.application_id, "register", complete="yes") for each in sent]
    async with asyncio.timeout(20):
        await asyncio.gather(follow(), *registering)
    assert seen == [event.id for event in await star.events()]


async def test_the_registers_tell_only_what_is_asked(tmp_path: Path, clock: FixedClock) -> None:
    known = (
        Fact(field="address", value="Pikk 1, Rakvere", source="Rahvastikuregister", as_of=NOW),
        Fact(field="income", value="812.50", source="Maksu- ja Tolliamet", as_of=NOW),
    )
    async with running_core(tmp_path, clock, register={JAAK.code: known}) as star:
        asked = PrefillRequest(journey="toetus", party=JAAK, asked_by=BY_SELF, fields=("address", "pets"))
        assert (await star.core.prefill(asked)).facts == known[:1]
