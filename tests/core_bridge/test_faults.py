"""A core that is down, slow, broken or hostile is told apart, and a repeat makes it good."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from core_bridge.errors import CoreBroken, CoreError, CoreRejected, CoreUnavailable
from core_bridge.http import direct
from core_bridge.reference_core import Fault
from core_bridge.signing import generate_key
from core_bridge.wire import freeze
from portal.clock import FixedClock
from tests.core_bridge.messages import application
from tests.core_bridge.running import Official, Running, running_core
from tests.serving import serving

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.DOWN, CoreUnavailable),
        (Fault.ERROR, CoreUnavailable),
        (Fault.GARBAGE, CoreBroken),
        (Fault.LOST, CoreUnavailable),
    ],
)
async def test_after_a_fault_the_same_bytes_make_one_application(
    star: Running, official: Official, fault: Fault, error: type[CoreError]
) -> None:
    sent = application()
    star.faults.begin(fault)
    for _ in range(2):
        with pytest.raises(error):
            await star.core.put_application(sent.application_id, freeze(sent))
        with pytest.raises(error):
            await star.core.changes(None)
    star.faults.begin(Fault.NONE)
    await star.core.put_application(sent.application_id, freeze(sent))
    assert (await official.see("/")).count(str(sent.application_id)) == 1


async def test_a_slow_core_is_given_up_in_time(tmp_path: Path, clock: FixedClock) -> None:
    async with running_core(tmp_path, clock, patience=0.3) as star:
        star.faults.begin(Fault.SLOW, delay=1.0)
        with pytest.raises(CoreUnavailable):
            await star.core.changes(None)


async def test_a_fault_ends_by_itself(star: Running, official: Official, clock: FixedClock) -> None:
    await official.send("/faults", "/faults", fault="error", seconds="60", delay="1")
    with pytest.raises(CoreUnavailable):
        await star.core.changes(None)
    assert "Viga: vastab 500" in await official.see("/faults")
    clock.advance(seconds=61)
    assert (await star.core.changes(None)).events == ()


async def test_a_core_that_is_not_there_is_unavailable(clock: FixedClock) -> None:
    core = direct("STAR", "http://127.0.0.1:9", issuer="uks", key=generate_key(), clock=clock)
    with pytest.raises(CoreUnavailable):
        await core.changes(None)
    await core.close()


async def test_a_key_that_the_core_does_not_know_is_tried_again_later(
    star: Running, clock: FixedClock
) -> None:
    core = direct("STAR", star.url, issuer="uks", key=generate_key(), clock=clock)
    sent = application()
    with pytest.raises(CoreUnavailable, match="401"):
        await core.put_application(sent.application_id, freeze(sent))
    await core.close()


async def huge(_: Request) -> Response:
    return Response(b" " * (33 * 1024 * 1024))


async def dripping(_: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.05)

    return StreamingResponse(chunks())


def says(status: int, body: str = "", **headers: str) -> Route:
    async def answer(_: Request) -> Response:
        return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})

    return Route("/v1/{path:path}", answer, methods=["GET", "PUT", "POST"])


@pytest.mark.parametrize(
    ("route", "error", "words"),
    [
        (says(200, '{"events": [], "next": "x y", "more": false}'), CoreBroken, "next"),
        (says(200, "[" * 100_000), CoreBroken, "the whole"),
        (says(204), CoreBroken, "the whole"),
        (says(302, location="http://127.0.0.1:9/"), CoreBroken, "redirect"),
        (says(404, "<html>"), CoreRejected, "404 unexplained"),
        (says(400, '{"code": "malformed", "title": "No."}'), CoreRejected, "400 malformed: No."),
        (says(429, retry_after="7"), CoreUnavailable, "429"),
        (says(503, retry_after="ehk homme"), CoreUnavailable, "503"),
        (says(400, "{}", x_road_error="client.invalid_request"), CoreRejected, "client.invalid_request"),
        (says(500, "{}", x_road_error="server.serverproxy.network_error"), CoreUnavailable, "network_error"),
        (Route("/v1/changes", huge), CoreBroken, "over"),
        (Route("/v1/changes", dripping), CoreUnavailable, "TimeoutError"),
    ],
)
async def test_every_bad_answer_is_told_apart(
    clock: FixedClock, route: Route, error: type[CoreError], words: str
) -> None:
    async with serving(Starlette(routes=[route])) as url:
        core = direct("STAR", url, issuer="uks", key=generate_key(), clock=clock, timeout=2.0)
        with pytest.raises(error, match=words) as told:
            await core.changes(None)
        if isinstance(told.value, CoreUnavailable):
            assert told.value.retry_after in (None, 7.0)
        await core.close()


async def test_an_error_tells_operators_no_personal_data(clock: FixedClock) -> None:
    body = '{"applicationId": "EE38001085718", "receivedAt": "EE38001085718"}'
    async with serving(Starlette(routes=[says(201, body)])) as url:
        core = direct("STAR", url, issuer="uks", key=generate_key(), clock=clock)
        with pytest.raises(CoreBroken) as told:
            await core.put_application(uuid4(), freeze(application()))
        assert "38001085718" not in str(told.value)
        await core.close()
