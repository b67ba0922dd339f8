"""Minu suhtlus and a real core: over HTTP, in both directions, with the faults that cores have."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core_bridge.reference_core import Fault
from core_bridge.wire import freeze
from inbox.deliveries import Deliveries
from inbox.feed import Feed
from inbox.fetching import Fetching
from inbox.matters import handed_over, sent
from inbox.receive import Intake
from inbox.tables import EntryRow, FeedRow, InteractionRow
from portal.clock import FixedClock
from portal.db import Database
from portal.files import FileRow, Files
from portal.identity import Actor, RightKind
from portal.outbox import OutboxRow, deliver_next
from tests.core_bridge.messages import application
from tests.core_bridge.running import Official, Running, running_core
from tests.factories import actor
from tests.inbox.conftest import Visitor, Visitors
from tests.inbox.happenings import SENT_AT, citizen

pytestmark = pytest.mark.anyio


@pytest.fixture
async def star(tmp_path: Path, clock: FixedClock, anyio_backend: str) -> AsyncIterator[Running]:
    async with running_core(tmp_path, clock, patience=2.0) as running:
        yield running


@pytest.fixture
async def official(star: Running) -> AsyncIterator[Official]:
    someone = Official(star.url)
    await someone.sign_in()
    yield someone
    await someone.close()


class Worker:
    """What the worker does for Minu suhtlus, until nothing is left to do."""

    def __init__(self, database: Database, clock: FixedClock, files: Files, star: Running) -> None:
        self.database, self.clock = database, clock
        cores = {"STAR": star.core}
        self.feed = Feed(star.core, Intake(database, clock))
        self.handlers = {
            **Deliveries(database, files, clock, cores).handlers(),
            **Fetching(database, files, clock, cores).handlers(),
        }

    async def work(self) -> None:
        while await deliver_next(self.database, self.handlers, self.clock):
            pass
        while await self.feed.read():
            pass
        while await deliver_next(self.database, self.handlers, self.clock):
            pass


@pytest.fixture
def worker(database: Database, clock: FixedClock, files: Files, star: Running) -> Worker:
    return Worker(database, clock, files, star)


@pytest.fixture
async def who(database: Database) -> Actor:
    return await citizen(database)


@pytest.fixture
async def matter(database: Database, who: Actor, star: Running) -> UUID:
    """An application that both the portal and the core have."""
    whole = application()
    async with database.write() as tx:
        await sent(
            tx,
            id=whole.application_id,
            actor=who,
            journey="kov_toimetulekutoetus",
            period="2026-11",
            authority_code="0663",
            core="STAR",
            at=SENT_AT,
        )
        await handed_over(tx, whole.application_id, SENT_AT)
    await star.core.put_application(whole.application_id, freeze(whole))
    return whole.application_id


async def only(database: Database, kind: str) -> Any:
    async with database.read() as session:
        return (await session.execute(select(EntryRow).where(EntryRow.kind == kind))).one()


async def test_asked_answered_and_decided(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    matter: UUID,
    worker: Worker,
    official: Official,
) -> None:
    someone = visitor(who)
    await official.act(matter, "register", complete="no")
    await official.act(matter, "ask", title="Lisage leping", text="Palun üürileping.", due_on="2026-11-25")
    await worker.work()
    assert "Lisage leping" in await someone.see("/et/inbox")
    task = await only(database, "task")

    file = ("leping.pdf", b"%PDF-1.4\n%leping", "application/pdf")
    await someone.send(f"/et/inbox/{matter}/tasks/{task.id}", files={"files": file}, text="Siin on leping.")
    await worker.work()
    page = await official.see(f"/applications/{matter}")
    assert "Siin on leping." in page
    assert "leping.pdf" in page
    assert "Edastatud asutusele." in await someone.see(f"/et/inbox/{matter}")

    decision = {"outcome": "granted_in_part", "amount": "299", "reasons": "Üür on üle piirmäära."}
    answer = await official.act(matter, "decide", **decision)
    assert answer.status_code == 200
    await worker.work()
    made = await only(database, "decision")
    assert made.made_available_at is not None
    await someone.send(f"/et/inbox/{matter}/decisions/{made.id}")
    page = await someone.see(f"/et/inbox/{matter}/decisions/{made.id}")
    assert "299,00\xa0€" in page
    assert "Üür on üle piirmäära." in page
    await worker.work()
    assert "Avatud portaalis" in await official.see(f"/applications/{matter}")

    async with database.read() as session:
        document = await session.scalar(select(EntryRow.id).where(EntryRow.of_id == made.id))
    if document is not None:
        download = await someone.client.get(f"/et/inbox/{matter}/documents/{document}")
        assert download.headers["content-disposition"].startswith("attachment")


async def test_letters_go_both_ways_and_their_reading_is_told(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    matter: UUID,
    worker: Worker,
    official: Official,
) -> None:
    someone = visitor(who)
    await someone.send(f"/et/inbox/{matter}/messages", text="Kas saadan mõlema konto väljavõtte?")
    await worker.work()
    assert "Kas saadan mõlema konto väljavõtte?" in await official.see(f"/applications/{matter}")
    await official.act(matter, "register", complete="yes")
    await official.act(matter, "message", text="Jah, palun mõlema.")
    await worker.work()
    page = await someone.see(f"/et/inbox/{matter}/messages")
    assert "Jah, palun mõlema." in page
    assert "luges 17.11.2026, kell 14.00" in page


async def test_a_withdrawal_waits_until_the_core_has_a_proceeding(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    matter: UUID,
    worker: Worker,
    official: Official,
) -> None:
    someone = visitor(who)
    await someone.send(f"/et/inbox/{matter}/withdrawal", reason="Sain töö")
    await worker.work()
    async with database.read() as session:
        assert "has not opened" in str(await session.scalar(select(OutboxRow.last_error)))
    await official.act(matter, "register", complete="yes")
    await worker.work()
    clock.advance(minutes=10)
    await worker.work()
    await worker.work()
    assert "Taotlus võeti tagasi" in await someone.see(f"/et/inbox/{matter}")


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.ERROR, Fault.GARBAGE, Fault.LOST])
async def test_a_core_that_fails_loses_nothing_and_doubles_nothing(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    matter: UUID,
    worker: Worker,
    official: Official,
    star: Running,
    fault: Fault,
) -> None:
    someone = visitor(who)
    await official.act(matter, "register", complete="no")
    await worker.work()
    star.faults.begin(fault)
    await someone.send(f"/et/inbox/{matter}/messages", text="Kiri rikke ajal.")
    await official.act(matter, "ask", title="Lisage leping", text="Palun.", due_on="2026-11-25")
    for _ in range(3):
        await worker.work()
        clock.advance(minutes=10)
    page = await someone.see(f"/et/inbox/{matter}")
    if fault is not Fault.LOST:
        assert "Rakvere Linnavalitsus ei vasta praegu" in page
        assert "Teie kiri ootab saatmist." in page
        async with database.read() as session:
            assert await session.scalar(select(FeedRow.failing_since)) is not None
    star.faults.begin(Fault.NONE)
    clock.advance(minutes=10)
    await worker.work()
    assert (await official.see(f"/applications/{matter}")).count("Kiri rikke ajal.") == 1
    page = await someone.see(f"/et/inbox/{matter}")
    assert "ei vasta praegu" not in page
    assert "Lisage leping" in page


async def test_a_refused_letter_says_so(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    matter: UUID,
    worker: Worker,
    star: Running,
) -> None:
    someone = visitor(who)
    await someone.send(f"/et/inbox/{matter}/messages", text="Esimene")
    async with database.read() as session:
        row = (await session.execute(select(OutboxRow))).one()
    # The core already has other bytes under this id: nothing that we send again can help.
    other = row.payload["body"].replace("Esimene", "Teine")
    message = await only(database, "message")
    await star.core.put_message(message.id, other.encode())
    await worker.work()
    page = await someone.see(f"/et/inbox/{matter}/messages")
    assert "Asutus ei saanud kirja vastu võtta." in page
    async with database.read() as session:
        assert await session.scalar(select(OutboxRow.id)) is None


async def test_an_infected_file_is_withheld_and_another_is_asked_for(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    matter: UUID,
    worker: Worker,
    official: Official,
) -> None:
    someone = visitor(who)
    file = ("arve.pdf", b"%PDF-1.4\n%arve", "application/pdf")
    await someone.send(f"/et/inbox/{matter}/messages", files={"files": file}, text="Arve on lisatud.")
    async with database.write() as tx:
        await tx.execute(update(FileRow).values(scan="pending"))
    await worker.work()
    assert "Arve on lisatud." not in await official.see(f"/applications/{matter}")
    async with database.write() as tx:
        await tx.execute(update(FileRow).values(scan="infected"))
    clock.advance(minutes=10)
    await worker.work()
    page = await official.see(f"/applications/{matter}")
    assert "Arve on lisatud." in page
    assert "arve.pdf" not in page
    page = await someone.see("/et/inbox")
    assert "Lisage uus fail: arve.pdf" in page
    task = await only(database, "task")
    again = ("arve2.pdf", b"%PDF-1.4\n%uus", "application/pdf")
    answer = await someone.send(f"/et/inbox/{matter}/tasks/{task.id}", files={"files": again})
    assert answer.status_code == 303
    await worker.work()
    async with database.read() as session:
        assert (await session.execute(select(InteractionRow.whose_turn))).scalar() == "authority"


async def test_the_feed_is_read_on_from_where_it_was(
    database: Database, clock: FixedClock, matter: UUID, worker: Worker, official: Official
) -> None:
    await official.act(matter, "register", complete="yes")
    await worker.work()
    async with database.read() as session:
        first = (await session.execute(select(FeedRow))).one()
    clock.advance(minutes=1)
    await worker.work()
    async with database.read() as session:
        second = (await session.execute(select(FeedRow))).one()
    assert second.cursor == first.cursor
    assert second.read_at == first.read_at + timedelta(minutes=1)


LETTER = {"authority": "0663", "subject": "Koduabi emale", "text": "Kuidas saab ema koduabi?"}


async def thread_begun(someone: Visitor, **more: Any) -> str:
    answer = await someone.send("/et/messages/new", **LETTER, **more)
    assert answer.status_code == 303
    return str(answer.headers["location"].split("/")[3])


async def test_a_general_letter_reaches_the_officials_and_the_answer_comes_into_its_thread(
    database: Database, visitor: Visitors, who: Actor, worker: Worker, official: Official
) -> None:
    someone = visitor(who)
    file = ("pilt.png", b"\x89PNG\r\n\x1a\npilt", "image/png")
    thread = await thread_begun(someone, files={"files": file})
    assert "Ootab saatmist." in await someone.see(f"/et/inbox/{thread}/messages")
    await worker.work()
    assert "edastatud 17.11.2026" in await someone.see(f"/et/inbox/{thread}/messages")
    assert "Koduabi emale" in await official.see("/messages")
    page = f"/messages/{thread}"
    told = await official.see(page)
    assert "Kuidas saab ema koduabi?" in told
    assert "pilt.png" in told
    await official.send(page, page, text="Helistage mulle homme.")
    await worker.work()
    listed = await someone.see("/et/messages")
    assert "Helistage mulle homme." in listed
    assert "1 uus kiri" in listed
    answered = await someone.see(f"/et/inbox/{thread}/messages")
    assert "Helistage mulle homme." in answered
    assert "luges 17.11.2026" in answered
    await someone.send(f"/et/inbox/{thread}/messages", text="Aitäh, helistan.")
    await worker.work()
    assert "Aitäh, helistan." in await official.see(page)
    assert "Ootame vastust: Rakvere Linnavalitsus." in await someone.see("/et/inbox")


async def test_the_officials_see_who_wrote_for_whom_and_by_what_right(
    database: Database, visitor: Visitors, worker: Worker, official: Official
) -> None:
    home = await citizen(database, code="EE70006317", given_name="Näidishoolekodu", family_name="")
    member = await citizen(database, code="EE47101010033", given_name="Mari-Liis", family_name="Männik")
    acting = actor(member.person, for_party=home.party, kind=RightKind.MANDATE)
    thread = await thread_begun(visitor(acting))
    await worker.work()
    page = f"/messages/{thread}"
    told = await official.see(page)
    assert "Koduabi emale: Näidishoolekodu" in told
    assert "Mari-Liis Männik (volitatud esindaja)" in told
    await official.send(page, page, text="Tere!")
    await worker.work()
    assert "Tere!" in await visitor(acting).see(f"/et/inbox/{thread}/messages")
    assert "Tere!" in await visitor(home).see(f"/et/inbox/{thread}/messages")


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.ERROR, Fault.GARBAGE, Fault.LOST])
async def test_a_general_letter_outlives_a_fault_of_the_core(
    clock: FixedClock,
    visitor: Visitors,
    who: Actor,
    worker: Worker,
    official: Official,
    star: Running,
    fault: Fault,
) -> None:
    star.faults.begin(fault)
    thread = await thread_begun(visitor(who))
    for _ in range(2):
        await worker.work()
        clock.advance(minutes=10)
    assert "Koduabi emale" in await visitor(who).see("/et/messages")
    star.faults.begin(Fault.NONE)
    clock.advance(minutes=30)
    await worker.work()
    assert (await official.see(f"/messages/{thread}")).count("Kuidas saab ema koduabi?") == 1
    assert "edastatud" in await visitor(who).see(f"/et/inbox/{thread}/messages")


async def test_a_letter_to_the_state_goes_to_no_municipalitys_core(
    database: Database, visitor: Visitors, who: Actor, worker: Worker, official: Official
) -> None:
    await visitor(who).send("/et/messages/new", **(LETTER | {"authority": "SKA"}))
    await worker.work()
    assert "Koduabi emale" not in await official.see("/messages")
    async with database.read() as session:
        assert "no core called SKAIS" in str(await session.scalar(select(OutboxRow.last_error)))
