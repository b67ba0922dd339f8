"""One suite for every core: the reference core passes it, and a bad core does not."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core_bridge.conformance import CHECKS, conformance, run
from core_bridge.conformance.bench import Bench
from core_bridge.signing import Signer, generate_key
from core_bridge.wire import JourneyRef, freeze
from portal.clock import FixedClock
from tests.core_bridge.messages import RAKVERE, application
from tests.core_bridge.running import Official, Running, running_core
from tests.serving import serving

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Bench]:
    """A reference core with something in its feed."""
    from tests.core_bridge.messages import NOW

    async with running_core(tmp_path_factory.mktemp("core"), FixedClock(NOW)) as star:
        await _some_history(star)
        async with httpx2.AsyncClient(trust_env=False) as client:
            signer = Signer("uks", star.portal_key, star.clock)
            journey = JourneyRef(id="toimetulekutoetus", version=1)
            yield Bench(star.url, "STAR", signer, star.clock, RAKVERE, journey, client)


async def _some_history(star: Running) -> None:
    official = Official(star.url)
    await official.sign_in()
    for _ in range(3):
        sent = application()
        await star.core.put_application(sent.application_id, freeze(sent))
        await official.act(sent.application_id, "register", complete="yes")
        await official.act(sent.application_id, "message", text="Tere!")
    await official.close()


@pytest.mark.parametrize("name", CHECKS)
async def test_the_reference_core_meets_every_demand(bench: Bench, name: str) -> None:
    check = await run(name, bench)
    assert check.passed, f"{check.demand} {check.words}"


async def test_a_core_that_says_yes_to_everything_fails_almost_everything(clock: FixedClock) -> None:
    async def yes(_: Request) -> Response:
        return JSONResponse({"events": [], "next": "0", "more": False})

    lax = Starlette(routes=[Route("/{path:path}", yes, methods=["GET", "PUT", "POST"])])
    async with serving(lax) as url:
        checks = [
            check
            async for check in conformance(url, core="STAR", issuer="uks", key=generate_key(), clock=clock)
        ]
    assert len(checks) == len(CHECKS)
    passed = {check.name for check in checks if check.passed}
    assert passed <= {"feed_is_in_order", "pages_join_up", "end_of_feed_is_said"}
    assert all(check.words for check in checks if not check.passed)


async def test_a_core_that_is_not_there_fails_everything_in_words(clock: FixedClock) -> None:
    url = "http://127.0.0.1:9"
    async for check in conformance(url, core="STAR", issuer="uks", key=generate_key(), clock=clock):
        assert not check.passed
        assert "ConnectError" in check.words
