"""What operators look at, and who may; and the bare address that people type."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from portal.app import create_app
from portal.clock import FixedClock
from portal.crypto import new_key
from portal.outbox import plan
from portal.parts import Parts, build
from portal.settings import Settings
from tests.conftest import Sqlite

pytestmark = pytest.mark.anyio
URL = "http://uks.test"
NOBODY_LISTENS = "postgresql://uks@127.0.0.1:9/uks"


@asynccontextmanager
async def portal(
    url: str, folder: Path, clock: FixedClock, **settings: Any
) -> AsyncIterator[tuple[Parts, httpx2.AsyncClient]]:
    """Build the portal on a database, and give it with a browser on this computer."""
    fixed = {
        "env": "test",
        "public_url": URL,
        "database_url": url,
        "files_url": f"file://{folder / 'files'}",
        "keys": f"index:{new_key()},k1:{new_key()}",
    }
    parts = build(Settings(**(fixed | settings)), clock)
    transport = httpx2.ASGITransport(create_app(parts), client=("127.0.0.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as browser:
        yield parts, browser
    await parts.close()


async def test_the_figures_count_what_waits_and_for_how_long(
    sqlite: Sqlite, tmp_path: Path, clock: FixedClock
) -> None:
    async with sqlite.fresh(tmp_path) as url, portal(url, tmp_path, clock) as (parts, browser):
        async with parts.db.write() as tx:
            for stream in ("a", "b"):
                await plan(
                    tx, "journeys.application", stream=stream, payload={"x": "saladus"}, at=clock.now()
                )
        clock.advance(minutes=2)
        figures = (await browser.get("/metrics")).text
    assert 'uks_outbox_waiting{topic="journeys.application"} 2.0' in figures
    assert 'uks_outbox_oldest_seconds{topic="journeys.application"} 120.0' in figures
    assert "uks_files_unscanned 0.0" in figures
    assert "saladus" not in figures


@pytest.mark.parametrize(
    ("settings", "given", "answer"),
    [
        ({}, "", 200),
        # Behind a proxy on the same computer everybody seems to come from this computer.
        ({"env": "production"}, "", 403),
        ({"metrics_token": "right"}, "", 403),
        ({"metrics_token": "right"}, "Bearer wrong", 403),
        ({"metrics_token": "right"}, "Bearer right", 200),
        ({"metrics_token": "right", "env": "production"}, "Bearer right", 200),
    ],
)
async def test_the_figures_are_for_who_may_see_them(
    sqlite: Sqlite, tmp_path: Path, clock: FixedClock, settings: dict[str, str], given: str, answer: int
) -> None:
    async with sqlite.fresh(tmp_path) as url, portal(url, tmp_path, clock, **settings) as (_, browser):
        assert (await browser.get("/metrics", headers={"Authorization": given})).status_code == answer


async def test_a_database_that_does_not_answer_makes_a_process_unready_but_not_dead(
    sqlite: Sqlite, tmp_path: Path, clock: FixedClock
) -> None:
    async with portal(NOBODY_LISTENS, tmp_path, clock) as (_, browser):
        assert (await browser.get("/health/ready")).status_code == 503
        assert (await browser.get("/health/live")).text == "alive"
    async with sqlite.fresh(tmp_path) as url, portal(url, tmp_path, clock) as (_, browser):
        assert (await browser.get("/health/ready")).text == "ready"


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("ru", "ru"),
        ("en-GB,en;q=0.9,et;q=0.5", "en"),
        ("de, fr", "et"),
        ("", "et"),
        ("et;q=0.1,ru;q=0.2", "ru"),
    ],
)
async def test_the_bare_address_leads_home_in_the_language_that_is_asked_for(
    tmp_path: Path, clock: FixedClock, wish: str, language: str
) -> None:
    async with portal(NOBODY_LISTENS, tmp_path, clock) as (_, browser):
        answer = await browser.get("/", headers={"Accept-Language": wish})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/{language}/"
        assert answer.headers["vary"] == "Accept-Language"
        assert (await browser.get(answer.headers["location"])).status_code == 200
