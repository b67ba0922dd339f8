"""What the portal hands over: each write is stored once under its own address."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from core_bridge.problems import Refusal
from core_bridge.wire import Application

from .database import Session, Transaction
from .tables import ApplicationRow, FileRow, PutRow


async def once(tx: Transaction, path: str, body: bytes, at: datetime) -> tuple[datetime, bool]:
    """Remember the body under its address: when it first came, and whether that is now.

    The same again is harmless, another body is refused (409).
    """
    sha256 = hashlib.sha256(body).digest()
    stored = (await tx.execute(select(PutRow).where(PutRow.path == path))).first()
    if stored is None:
        await tx.execute(insert(PutRow).values(path=path, sha256=sha256, received_at=at))
        return at, True
    if stored.sha256 != sha256:
        raise Refusal(409, "conflict", "Another body is stored under this id.")
    return stored.received_at, False


async def keep_file(tx: Transaction, file_id: UUID, media_type: str, content: bytes) -> None:
    """Keep a file's bytes."""
    await tx.execute(insert(FileRow).values(id=file_id, media_type=media_type, content=content))


async def keep_application(tx: Transaction, application: Application, body: bytes, at: datetime) -> None:
    """Keep an application exactly as it came."""
    await tx.execute(
        insert(ApplicationRow).values(
            id=application.application_id,
            body=body,
            authority=application.authority.code,
            applicant=application.applicant.name,
            journey=application.journey.title or application.journey.id,
            received_at=at,
        )
    )


async def application(session: Session, application_id: UUID) -> Application | None:
    """Return an application as it came."""
    body = await session.scalar(select(ApplicationRow.body).where(ApplicationRow.id == application_id))
    return None if body is None else Application.model_validate_json(body)
