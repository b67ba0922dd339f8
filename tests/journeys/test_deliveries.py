"""Handing over: files first, then the application; an outage, a slow scan or a virus loses nothing."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from core_bridge.reference_core import Fault
from core_bridge.wire import Application
from journeys.deliveries import Deliveries
from journeys.retention import forget_old_drafts
from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from portal.db import Transaction
from portal.files import FileRow
from portal.outbox import OutboxRow, deliver_next
from tests.core_bridge.running import Running, running_core
from tests.journeys.filling import fill, page, send_off, start
from tests.journeys.site import Site, open_site
from tests.journeys.test_files import PDF, upload

pytestmark = pytest.mark.anyio


@dataclass
class Worker:
    """The worker's side before a real core, with what it told others."""

    site: Site
    star: Running
    handed: list[UUID] = field(default_factory=list)
    infected: list[dict[str, Any]] = field(default_factory=list)

    async def on_handed_over(self, tx: Transaction, id: UUID, at: Any) -> None:  # noqa: A002
        self.handed.append(id)

    async def on_infected(self, tx: Transaction, **told: Any) -> None:
        self.infected.append(told)

    async def work(self) -> None:
        site = self.site
        cores = {"STAR": self.star.core}
        made = Deliveries(site.db, site.files, site.clock, cores, self.on_handed_over, self.on_infected)
        for _ in range(20):
            if not await deliver_next(site.db, made.handlers(), site.clock):
                return

    def in_core(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.star.settings.database)) as database:
            return [row[0] for row in database.execute(query)]

    @property
    def puts(self) -> list[str]:
        """What the core has stored, in order."""
        return [path.split("/")[2] for path in self.in_core("SELECT path FROM put ORDER BY rowid")]

    @property
    def applications(self) -> list[Application]:
        return [
            Application.model_validate_json(body) for body in self.in_core("SELECT body FROM application")
        ]


@pytest.fixture
async def site(database, files, clock, catalogue) -> Site:
    return await open_site(database, files, clock, catalogue)


@pytest.fixture
async def worker(site, tmp_path) -> AsyncIterator[Worker]:
    async with running_core(tmp_path, site.clock, patience=5.0) as star:
        yield Worker(site, star)


async def sent_with_file(site) -> str:
    draft = await start(site)
    await fill(site, draft, until="dokumendid")
    await upload(site, draft, ("arve.pdf", PDF))
    await fill(site, draft)
    return str((await send_off(site, draft)).headers["location"])


async def scan(site, result):
    async with site.db.write() as tx:
        await tx.execute(update(FileRow).values(scan=result))


async def test_files_go_before_the_application_that_names_them(site, worker):
    receipt = await sent_with_file(site)
    await worker.work()
    assert worker.puts == ["files", "applications"]
    assert worker.in_core("SELECT content FROM file") == [PDF]
    [application] = worker.applications
    assert [file.slot for file in application.files] == ["bills"]
    assert len(worker.handed) == 1
    assert "Edastatud süsteemi STAR 14.00" in (await page(site, receipt)).text


async def test_a_core_that_is_down_is_told_and_gets_it_later(site, worker):
    receipt = await sent_with_file(site)
    worker.star.faults.begin(Fault.DOWN)
    await worker.work()
    shown = await page(site, receipt)
    assert "STAR ei vasta. Proovime edasi, viimati 14.00" in shown.text
    assert "Te ei pea midagi tegema" in shown.text
    worker.star.faults.begin(Fault.NONE)
    site.clock.advance(minutes=10)
    await worker.work()
    assert worker.puts == ["files", "applications"]
    assert "Edastatud süsteemi STAR 14.10" in (await page(site, receipt)).text


async def test_sending_does_not_wait_for_the_scan_but_the_hand_over_does(site, worker):
    await sent_with_file(site)
    await scan(site, "pending")
    await worker.work()
    assert worker.puts == []
    await scan(site, "clean")
    site.clock.advance(minutes=10)
    await worker.work()
    assert worker.puts == ["files", "applications"]


async def test_an_infected_file_is_withheld_and_named_as_such(site, worker):
    receipt = await sent_with_file(site)
    await scan(site, "infected")
    await worker.work()
    assert worker.puts == ["applications"]
    [application] = worker.applications
    assert application.files == ()
    assert application.answers[-1].value == "arve.pdf"
    assert worker.infected[0]["slot"] == "bills"
    async with site.db.read() as session:
        hashed = await session.scalar(select(ApplicationRow.content_hash))
        withheld = await session.scalar(select(AttachmentRow.withheld_at))
    assert application.content_hash == hashed
    assert withheld is not None
    assert "leiti viirus" in (await page(site, receipt)).text


async def test_a_lost_answer_is_made_good_by_the_same_bytes(site, worker):
    await sent_with_file(site)
    async with site.db.read() as session:
        planned = (await session.execute(select(OutboxRow))).all()
    await worker.work()
    async with site.db.write() as tx:
        for row in planned:
            again = {"id": row.id, "planned_at": row.planned_at, "due_at": row.due_at, "attempts": 0}
            told = {"topic": row.topic, "stream": row.stream, "payload": row.payload}
            await tx.execute(insert(OutboxRow).values(**again, **told))
    await worker.work()
    assert worker.puts == ["files", "applications"]
    assert len(worker.handed) == 2


async def test_drafts_are_forgotten_after_ninety_days_with_their_files(site):
    draft = await start(site)
    await fill(site, draft, until="dokumendid")
    await upload(site, draft, ("arve.pdf", PDF))
    site.clock.advance(days=89)
    gone = site.told.on_draft_gone
    assert await forget_old_drafts(site.db, site.files, site.clock.now(), on_draft_gone=gone) == 0
    site.clock.advance(days=2)
    assert await forget_old_drafts(site.db, site.files, site.clock.now(), on_draft_gone=gone) == 1
    async with site.db.read() as session:
        for table in (DraftRow, AttachmentRow, FileRow):
            assert (await session.execute(select(table))).all() == []
    assert len(site.told.gone) == 1
