"""Scanning: with a server that speaks as clamd does, and PDFs that hold what they must not."""

import os
import subprocess
import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from sqlalchemy import select

from portal.clock import FixedClock
from portal.db import Database, Transaction, new_id
from portal.files import FileRow, Files
from portal.files.clamd import Clamd, ScannerDown
from portal.files.pdf import trouble_in
from portal.files.scan import Finding, scan_next
from tests.portal.files.conftest import EICAR, ClamdServer

pytestmark = pytest.mark.anyio
JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def scanned_files(tmp_path: Path) -> Files:
    return Files.at(f"file://{tmp_path / 'scanned'}", scanned=True)


def pdf(change: object = None, **save: object) -> bytes:
    """Make a PDF of one page, changed by a function."""
    made, out = Pdf.new(), BytesIO()
    made.add_blank_page()
    if callable(change):
        change(made)
    made.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


async def keep(db: Database, files: Files, content: bytes, media_type: str = "image/jpeg") -> UUID:
    async with db.write() as tx:
        at = FixedClock(datetime.fromisoformat("2026-11-17T12:00:00+00:00")).now()
        return await files.keep(tx, party_id=new_id(), content=content, media_type=media_type, at=at)


async def states(db: Database) -> list[str]:
    async with db.read() as session:
        return list((await session.scalars(select(FileRow.scan).order_by(FileRow.id))).all())


async def test_a_clean_file_is_clean_and_a_virus_is_found(
    database: Database, scanned_files: Files, clamd: ClamdServer, clock: FixedClock
) -> None:
    scanner, told = Clamd("127.0.0.1", clamd.port), []

    async def on_infected(_tx: Transaction, file_id: UUID, finding: Finding, at: datetime) -> None:
        told.append((file_id, finding, at))

    await keep(database, scanned_files, JPEG)
    infected = await keep(database, scanned_files, JPEG + EICAR)
    for _ in range(2):
        assert await scan_next(database, scanned_files, scanner, clock, on_infected)
    assert not await scan_next(database, scanned_files, scanner, clock, on_infected)
    assert await states(database) == ["clean", "infected"]
    assert told == [(infected, "virus", clock.now())]


async def test_the_scanner_gets_every_byte(clamd: ClamdServer) -> None:
    large = os.urandom(3_000_000)
    assert await Clamd("127.0.0.1", clamd.port).virus_in(large) is None
    assert clamd.scanned == [large]


async def test_an_infected_file_is_told_once_though_two_workers_judged_it(
    database: Database, scanned_files: Files, clamd: ClamdServer, clock: FixedClock
) -> None:
    told: list[UUID] = []
    file_id = await keep(database, scanned_files, EICAR)

    async def on_infected(_tx: Transaction, found: UUID, _finding: Finding, _at: datetime) -> None:
        told.append(found)

    class Other:
        async def virus_in(self, content: bytes) -> str | None:
            scanner = Clamd("127.0.0.1", clamd.port)
            await scan_next(database, scanned_files, scanner, clock, on_infected)
            return await scanner.virus_in(content)

    await scan_next(database, scanned_files, Other(), clock, on_infected)
    assert told == [file_id]


async def test_while_the_scanner_is_down_files_wait(
    database: Database, scanned_files: Files, clamd: ClamdServer, clock: FixedClock
) -> None:
    await keep(database, scanned_files, JPEG)
    assert not await scan_next(database, scanned_files, Clamd("127.0.0.1", 9), clock)
    assert await states(database) == ["pending"]
    assert await scan_next(database, scanned_files, Clamd("127.0.0.1", clamd.port), clock)
    assert await states(database) == ["clean"]


@pytest.mark.parametrize(
    "says",
    [b"INSTREAM size limit exceeded. ERROR", b"stream: OK and more", b"HTTP/1.1 200 OK", b"UNKNOWN COMMAND"],
)
async def test_an_odd_answer_is_never_taken_for_clean(clamd: ClamdServer, says: bytes) -> None:
    clamd.says = says
    with pytest.raises(ScannerDown):
        await Clamd("127.0.0.1", clamd.port).virus_in(JPEG)


async def test_a_scanner_that_hangs_up_or_hangs_is_down(clamd: ClamdServer) -> None:
    clamd.silent = True
    with pytest.raises(ScannerDown, match="no answer"):
        await Clamd("127.0.0.1", clamd.port).virus_in(JPEG)
    clamd.pause = 0.5
    with pytest.raises(ScannerDown, match="TimeoutError"):
        await Clamd("127.0.0.1", clamd.port, timeout=0.1).virus_in(JPEG)


async def test_a_file_that_cannot_be_read_does_not_keep_others_waiting(
    database: Database, scanned_files: Files, clamd: ClamdServer, clock: FixedClock, tmp_path: Path
) -> None:
    lost = await keep(database, scanned_files, JPEG)
    await keep(database, scanned_files, JPEG)
    next((tmp_path / "scanned").rglob(lost.hex)).unlink()
    assert await scan_next(database, scanned_files, Clamd("127.0.0.1", clamd.port), clock)
    assert await states(database) == ["pending", "clean"]


async def test_a_pdf_with_a_script_is_withheld(
    database: Database, scanned_files: Files, clamd: ClamdServer, clock: FixedClock
) -> None:
    await keep(database, scanned_files, pdf(), "application/pdf")
    await keep(database, scanned_files, pdf(opens_with("/JavaScript")), "application/pdf")
    for _ in range(2):
        assert await scan_next(database, scanned_files, Clamd("127.0.0.1", clamd.port), clock)
    assert await states(database) == ["clean", "infected"]


def opens_with(action: str) -> object:
    def change(made: Pdf) -> None:
        made.Root.OpenAction = Dictionary(S=Name(action), F=pikepdf.String("calc.exe"))

    return change


def hides_a_script(made: Pdf) -> None:
    script = made.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), script])))


def holds_a_file(made: Pdf) -> None:
    made.attachments["arve.xml"] = b"<arve/>"


def runs_on_a_page(made: Pdf) -> None:
    made.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=pikepdf.String("calc.exe")))


@pytest.mark.parametrize(
    "change", [opens_with("/JavaScript"), opens_with("/Launch"), hides_a_script, holds_a_file, runs_on_a_page]
)
def test_what_acts_is_found_wherever_it_hides(change: object) -> None:
    assert trouble_in(pdf(change)) == "active"
    packed = pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert trouble_in(packed) == "active"


def test_a_harmless_pdf_passes_even_when_printing_is_restricted() -> None:
    assert trouble_in(pdf()) is None
    assert trouble_in(pdf(opens_with("/GoTo"))) is None
    restricted = pikepdf.Encryption(owner="omanik", user="")
    assert trouble_in(pdf(encryption=restricted)) is None


def test_a_pdf_that_asks_for_a_password_or_is_damaged_is_told_apart() -> None:
    assert trouble_in(pdf(encryption=pikepdf.Encryption(owner="a", user="b"))) == "password"
    assert trouble_in(b"%PDF-1.7 and nothing more") == "broken"
    assert trouble_in(b"%PDF-1.7\n" + os.urandom(5000)) == "broken"


def test_only_the_worker_loads_the_heavy_parts() -> None:
    program = "import sys, portal.files, portal.ui; print([m for m in ('pikepdf',) if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("url", ["", "localhost:3310", "http://x", "unix://", "tcp://"])
def test_a_wrong_scanner_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="UKS_CLAMD_URL"):
        Clamd.at(url)
