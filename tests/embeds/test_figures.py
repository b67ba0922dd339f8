"""What is counted of entries, and what is not kept of whoever was counted."""

import asyncio
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import inspect
from typer.testing import CliRunner

from embeds.figures import Line, figures
from embeds.tables import EmbedCountRow
from portal.app import create_app
from portal.cli import app
from portal.clock import FixedClock
from portal.crypto import new_key
from portal.db import Database
from portal.parts import open_parts
from portal.settings import Settings
from tests.embeds.site import RAKVERE, Site, open_site

pytestmark = pytest.mark.anyio

DATA = "/embed/v1/data/rakvere-linn.json?services=tugiisik"
GO = "/embed/v1/go/rakvere-linn"


@pytest.fixture
def site(database: Database, clock: FixedClock) -> Site:
    """On both databases: the counting is a statement of each."""
    return open_site(database, clock)


async def counted(db: Database, clock: FixedClock) -> list[tuple[str, str, int, int]]:
    async with db.read() as session:
        lines = await figures(session, clock.today(), clock.today())
    assert all(isinstance(each, Line) and each.authority_code == RAKVERE for each in lines)
    return [(each.service, each.grade, each.seen, each.used) for each in lines]


async def test_seeing_and_using_are_counted_by_service_and_grade(
    site: Site, database: Database, clock: FixedClock
) -> None:
    await site.client.get(DATA)
    await site.client.get(DATA)
    await site.client.get("/embed/v1/frame/rakvere-linn?services=tugiisik,toimetulekutoetus")
    await site.client.get("/embed/v1/frame/rakvere-linn?kind=matter&via=oembed")
    await site.client.get(f"{GO}/tugiisik?via=element")
    await site.client.get(f"{GO}/tugiisik?via=element")
    await site.client.get(f"{GO}/tugiisik?via=midagi")
    await site.client.get(f"{GO}?kind=matter&via=frame")
    assert await counted(database, clock) == [
        ("", "frame", 0, 1),
        ("", "oembed", 1, 0),
        ("toimetulekutoetus", "frame", 1, 0),
        ("tugiisik", "element", 2, 2),
        ("tugiisik", "frame", 1, 0),
        ("tugiisik", "link", 0, 1),
    ]


async def test_seeing_is_written_seldom_and_at_the_end(
    site: Site, database: Database, clock: FixedClock
) -> None:
    await site.client.get(DATA)
    assert await counted(database, clock) == []
    clock.advance(seconds=11)
    await site.client.get(DATA)
    assert await counted(database, clock) == [("tugiisik", "element", 2, 0)]
    await site.client.get(DATA)
    await site.figures.write()
    assert await counted(database, clock) == [("tugiisik", "element", 3, 0)]


async def test_our_own_page_and_a_mere_head_count_for_nothing(
    site: Site, database: Database, clock: FixedClock
) -> None:
    await site.client.get(DATA, headers={"Sec-Fetch-Site": "same-origin"})
    await site.client.head(f"{GO}/tugiisik")
    await site.figures.write()
    assert await counted(database, clock) == []


async def test_nothing_is_kept_that_could_tell_anybody_apart() -> None:
    assert {each.key for each in inspect(EmbedCountRow).columns} == {
        "day",
        "authority_code",
        "service",
        "grade",
        "act",
        "count",
    }


def test_the_command_prints_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UKS_KEYS", f"index:{new_key()},k1:{new_key()}")
    monkeypatch.setenv("UKS_DATABASE_URL", f"sqlite:///{tmp_path / 'uks.db'}")
    monkeypatch.setenv("UKS_FILES_URL", f"file://{tmp_path / 'files'}")
    run = CliRunner().invoke
    assert run(app, ["migrate"]).exit_code == 0
    asyncio.run(_somebody_comes())
    told = run(app, ["embed", "figures"])
    assert told.exit_code == 0, told.output
    [head, line] = told.output.splitlines()
    assert head.split("\t")[1:] == ["municipality", "service", "grade", "seen (about)", "used"]
    assert line.split("\t")[1:] == ["rakvere-linn", "tugiisik", "element", "1", "2"]
    assert len(run(app, ["embed", "figures", "--until", "2020-01-01"]).output.splitlines()) == 1
    assert run(app, ["embed", "figures", "--since", "eile"]).exit_code == 2


async def _somebody_comes() -> None:
    """The portal counts what it had not written yet when it stops."""
    async with open_parts(Settings()) as parts:
        transport = httpx2.ASGITransport(create_app(parts))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            for _ in range(2):
                assert (await client.get(f"{GO}/tugiisik?via=element")).status_code == 303
            assert (await client.get(DATA)).status_code == 200
