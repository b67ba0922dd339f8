"""A core pushes its events to the portal: stored before 202, and a lost push loses nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from core_bridge.calls import Calls
from core_bridge.errors import CoreRejected, CoreUnavailable
from core_bridge.inbound import EVENTS_PATH, events_route
from core_bridge.signing import Signer, generate_key, public
from core_bridge.vouching import SeenInMemory, SignedCallers
from core_bridge.ways import Direct, Outgoing
from core_bridge.wire import Complete, Event, event, freeze, freeze_batch
from core_bridge.wire.event import MEDIA_TYPE
from portal.clock import FixedClock
from tests.core_bridge.messages import NOW, application
from tests.core_bridge.running import Official, running_core
from tests.serving import serving

pytestmark = pytest.mark.anyio
STAR = generate_key()


@dataclass
class Portal:
    """The portal's end: what it stored, or how it fails."""

    stored: list[tuple[str, Event]] = field(default_factory=list)
    fails: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, core: str, events: Sequence[Event], raw: bytes) -> None:
        if self.fails:
            raise OSError("the database is away")
        assert raw
        self.stored += [(core, event) for event in events]
        self.news.set()

    @asynccontextmanager
    async def serving(self, clock: FixedClock) -> AsyncIterator[str]:
        known = SignedCallers("uks", {"STAR": public(STAR)}, SeenInMemory(clock), clock)
        async with serving(Starlette(routes=[events_route(known, self.receive)])) as url:
            yield url


@pytest.fixture
def portal() -> Portal:
    return Portal()


def told(source: str = "STAR", sequence: int = 1) -> Event:
    data = Complete(proceeding_id="p1", complete_at=NOW)
    subject, number = "proceedings/p1", f"e{sequence}"
    return event(data, event_id=number, source=source, subject=subject, sequence=sequence, time=NOW)


async def push(url: str, clock: FixedClock, body: bytes, media_type: str = MEDIA_TYPE, **by: Any) -> int:
    signer = Signer(by.get("issuer", "STAR"), by.get("key", STAR), clock)
    async with Calls(Direct(url, "uks", signer)) as calls:
        call = Outgoing(EVENTS_PATH, body)
        return (await calls.send("POST", call, media_type=media_type, at_most=10_000)).status


async def test_a_push_is_answered_when_it_is_stored(portal: Portal, clock: FixedClock) -> None:
    async with portal.serving(clock) as url:
        assert await push(url, clock, freeze_batch((told(), told(sequence=2)))) == 202
    assert [(core, each.sequence) for core, each in portal.stored] == [("STAR", 1), ("STAR", 2)]


async def test_what_cannot_be_stored_is_not_answered_202(portal: Portal, clock: FixedClock) -> None:
    portal.fails = True
    async with portal.serving(clock) as url:
        with pytest.raises(CoreUnavailable, match="500"):
            await push(url, clock, freeze_batch((told(),)))


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"[1]", b'[{"specversion": "1.0"}]', b"\xff", b"[" * 10_000]
)
async def test_garbage_is_refused_in_words(portal: Portal, clock: FixedClock, body: bytes) -> None:
    async with portal.serving(clock) as url:
        with pytest.raises(CoreRejected) as refused:
            await push(url, clock, body)
    assert (refused.value.status, refused.value.code) == (400, "malformed")
    assert portal.stored == []


async def test_a_core_speaks_only_for_itself(portal: Portal, clock: FixedClock) -> None:
    async with portal.serving(clock) as url:
        with pytest.raises(CoreUnavailable, match="403"):
            await push(url, clock, freeze_batch((told(), told(source="SKAIS"))))
    assert portal.stored == []


async def test_another_media_type_is_415(portal: Portal, clock: FixedClock) -> None:
    async with portal.serving(clock) as url:
        with pytest.raises(CoreRejected, match="415"):
            await push(url, clock, freeze_batch((told(),)), media_type="application/json")


async def test_a_batch_over_the_cap_is_413(portal: Portal, clock: FixedClock) -> None:
    async with portal.serving(clock) as url:
        with pytest.raises(CoreRejected, match="413"):
            await push(url, clock, b" " * (8 * 1024 * 1024 + 1))


async def test_a_problem_names_the_place_and_never_the_value(portal: Portal, clock: FixedClock) -> None:
    body = freeze_batch((told(),)).replace(b"2026-11-17T12:00:00Z", b"EE38001085718")
    token = Signer("STAR", STAR, clock).token("uks", body)
    async with portal.serving(clock) as url, httpx2.AsyncClient(trust_env=False) as client:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE}
        answer = await client.post(url + EVENTS_PATH, content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "0.time" in answer.text
    assert "38001085718" not in answer.text


@pytest.mark.parametrize("by", [{"key": generate_key()}, {"issuer": "SKAIS"}])
async def test_a_stranger_stores_nothing(portal: Portal, clock: FixedClock, by: dict[str, Any]) -> None:
    async with portal.serving(clock) as url:
        with pytest.raises(CoreUnavailable, match="401"):
            await push(url, clock, freeze_batch((told(),)), **by)
    assert portal.stored == []


async def test_the_core_hurries_the_portal_up_and_a_lost_push_is_in_the_feed(
    portal: Portal, clock: FixedClock, tmp_path: Path
) -> None:
    async with (
        portal.serving(clock) as url,
        running_core(tmp_path, clock, key=STAR, portal_url=url) as star,
    ):
        official = Official(star.url)
        await official.sign_in()
        for fails in (True, False):
            portal.fails = fails
            sent = application()
            await star.core.put_application(sent.application_id, freeze(sent))
            await official.act(sent.application_id, "register", complete="yes")
            if fails:
                await asyncio.sleep(0.5)
        async with asyncio.timeout(20):
            await portal.news.wait()
        assert [each.sequence for _, each in portal.stored] == [1, 2, 3]
        assert len(await star.events()) == 6
        await official.close()
