"""Scanning what was uploaded: for viruses, and PDFs for more; imported by the worker alone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

import structlog
from sqlalchemy import select, update

from portal.clock import Clock
from portal.db import Database, Transaction
from portal.files.clamd import ScannerDown
from portal.files.pdf import Trouble, trouble_in
from portal.files.store import Files
from portal.files.tables import FileRow

Finding = Trouble | Literal["virus"]
OnInfected = Callable[[Transaction, UUID, Finding, datetime], Awaitable[None]]
_log = structlog.get_logger()
# A file that cannot be read or judged must not keep those behind it waiting.
_LOOKED_AT: Final = 20


class Scanner(Protocol):
    """Something that knows viruses."""

    async def virus_in(self, content: bytes) -> str | None:
        """Name the virus found, if any; raises `ScannerDown`."""
        ...


async def scan_next(
    db: Database, files: Files, scanner: Scanner, clock: Clock, on_infected: OnInfected | None = None
) -> bool:
    """Judge the file that waits longest; tells whether there was one.

    While the scanner is down files stay pending, and so does their hand-over (design §4, "Delivery").
    """
    pending = select(FileRow.id, FileRow.media_type).where(FileRow.scan == "pending")
    async with db.read() as session:
        waiting = (await session.execute(pending.order_by(FileRow.id).limit(_LOOKED_AT))).all()
    for row in waiting:
        try:
            finding = await _judge(db, files, scanner, row.id, row.media_type)
        except ScannerDown as reason:
            _log.warning("scan.scanner_down", reason=str(reason), waiting=len(waiting))
            return False
        except Exception:
            _log.exception("scan.failed", file=str(row.id))
        else:
            async with db.write() as tx:
                first = await _record(tx, row.id, finding)
                if first and finding and on_infected:
                    await on_infected(tx, row.id, finding, clock.now())
            return True
    return False


async def _judge(
    db: Database, files: Files, scanner: Scanner, file_id: UUID, media_type: str
) -> Finding | None:
    async with db.read() as session:
        content = await files.read(session, file_id)
    virus = await scanner.virus_in(content)
    if virus:
        _log.warning("scan.virus", file=str(file_id), virus=virus)
        return "virus"
    if media_type == "application/pdf":
        return await asyncio.to_thread(trouble_in, content)
    return None


async def _record(tx: Transaction, file_id: UUID, finding: Finding | None) -> bool:
    # Two workers may have judged the same file; only the first one's word counts.
    judged = (
        update(FileRow)
        .where(FileRow.id == file_id, FileRow.scan == "pending")
        .values(scan="infected" if finding else "clean")
    )
    return (await tx.execute(judged)).rowcount == 1
