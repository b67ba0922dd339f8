"""Handing over: files first, then the application; an outage, a slow scan or a virus loses nothing."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from core_bridge.errors import CoreUnavailable
from core_bridge.wire import Application
from journeys.deliveries import Deliveries
from journeys.retention import forget_old_drafts
from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from portal.files import FileRow
from portal.outbox import OutboxRow, deliver_next
from tests.journeys.filling import fill, page, send_off, start
from tests.journeys.site import Site, open_site
from tests.journeys.test_files import PDF, upload

pytestmark = pytest.mark.anyio


@dataclass
class Core:
    """A core that writes down what it gets, and can be down."""

    down: bool = False
    files: dict[UUID, bytes] = field(default_factory=dict)
    applications: dict[UUID, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    async def put_file(
        self, file_id: UUID, content: bytes, media_type: str, *, user: str | None = None
    ) -> None:
        self._answer("file")
        self.files[file_id] = content

    async def put_application(self, application_id: UUID, body: bytes, *, user: str | None = None) -> None:
        self._answer("application")
        assert self.applications.setdefault(application_id, body) == body, "another body under the same id"

    def _answer(self, call: str) -> None:
        if self.down:
            raise CoreUnavailable("down")
        self.calls.append(call)


@dataclass
class Worker:
    """The worker's side, with what it told others."""

    site: Site
    core: Core
    handed: list[UUID] = field(default_factory=list)
    infected: list[dict[str, Any]] = field(default_factory=list)

    async def on_handed_over(self, tx: Any, application_id: UUID, at: Any) -> None:
        self.handed.append(application_id)

    async def on_infected(self, tx: Any, **told: Any) -> None:
        self.infected.append(told)

    async def work(self) -> None:
        site = self.site
        made = Deliveries(
            site.db,
            site.files,
            site.clock,
            {"STAR": self.core},
            self.on_handed_over,
            self.on_infected,  # type: ignore[dict-item]
        )
        for _ in range(20):
            if not await deliver_next(site.db, made.handlers(), site.clock):
                return


@pytest.fixture
async def site(database, files, clock, catalogue) -> Site:
    return await open_site(database, files, clock, catalogue)


@pytest.fixture
async def worker(site) -> Worker:
    return Worker(site, Core())


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
    assert worker.core.calls == ["file", "application"]
    assert list(worker.core.files.values()) == [PDF]
    [body] = worker.core.applications.values()
    assert [file.file_id for file in Application.model_validate_json(body).files] == list(worker.core.files)
    assert len(worker.handed) == 1
    assert "Edastatud süsteemi STAR 14.00" in (await page(site, receipt)).text


async def test_a_core_that_is_down_is_told_and_gets_it_later(site, worker):
    receipt = await sent_with_file(site)
    worker.core.down = True
    await worker.work()
    shown = await page(site, receipt)
    assert "STAR ei vasta. Proovime edasi, viimati 14.00" in shown.text
    assert "Te ei pea midagi tegema" in shown.text
    worker.core.down = False
    site.clock.advance(minutes=10)
    await worker.work()
    assert worker.core.calls == ["file", "application"]
    assert "Edastatud süsteemi STAR 14.10" in (await page(site, receipt)).text


async def test_sending_does_not_wait_for_the_scan_but_the_hand_over_does(site, worker):
    await sent_with_file(site)
    await scan(site, "pending")
    await worker.work()
    assert worker.core.calls == []
    await scan(site, "clean")
    site.clock.advance(minutes=10)
    await worker.work()
    assert worker.core.calls == ["file", "application"]


async def test_an_infected_file_is_withheld_and_named_as_such(site, worker):
    receipt = await sent_with_file(site)
    await scan(site, "infected")
    await worker.work()
    assert worker.core.calls == ["application"]
    [body] = worker.core.applications.values()
    application = Application.model_validate_json(body)
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
    assert worker.core.calls == ["file", "application"] * 2
    assert len(worker.core.applications) == 1


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
