"""The trail of acts: who did what, for whom, by what right, when and with what result.

Rows are written in the act's own transaction, unchained; the sealer numbers and chains the committed ones.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import LargeBinary, String, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, EncryptedJson, Session, Transaction, new_id, prepared
from portal.identity import Actor

_SEALER = 7459


class AuditRow(Base):
    """One act; `seal` chains the salted digest of its content, so content may be erased and the chain stays whole."""

    __tablename__ = "audit"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    party_id: Mapped[UUID | None] = mapped_column(index=True)
    about: Mapped[UUID]
    result: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("audit.content"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    number: Mapped[int | None] = mapped_column(unique=True)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary(32))


# Built once: composing a statement costs more than running it.
_RECORD: Final = prepared(insert(AuditRow))


async def record(
    tx: Transaction,
    actor: Actor | None,
    act: str,
    *,
    about: UUID,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
    result: str = "done",
) -> None:
    """Write an act down in the transaction that does it."""
    content = {"salt": os.urandom(16).hex(), "detail": dict(detail or {})}
    if actor:
        content |= {"right": actor.right.kind, "source": actor.right.source, "assurance": actor.assurance}
    row = {
        "id": new_id(),
        "at": at,
        "act": act,
        "person_id": actor and actor.person.id,
        "party_id": actor and actor.party.id,
        "about": about,
        "result": result,
    }
    await tx.execute(_RECORD, {**row, "content": content, "digest": _digest(row, content)})


async def seal(tx: Transaction, limit: int = 500) -> int:
    """Number and chain acts that have committed; tells how many. Two sealers wait for each other."""
    if tx.dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(_SEALER)))
    last = (
        await tx.execute(
            select(AuditRow.number, AuditRow.seal)
            .where(AuditRow.number.is_not(None))
            .order_by(AuditRow.number.desc())
            .limit(1)
        )
    ).first()
    number, chain = (last.number, last.seal) if last else (0, bytes(32))
    fresh = await tx.execute(
        select(AuditRow.id, AuditRow.digest)
        .where(AuditRow.number.is_(None))
        .order_by(AuditRow.id)
        .limit(limit)
    )
    sealed = 0
    for row in fresh.all():
        number, sealed = number + 1, sealed + 1
        chain = _link(chain, number, row.digest)
        await tx.execute(update(AuditRow).where(AuditRow.id == row.id).values(number=number, seal=chain))
    return sealed


async def verify(session: Session) -> tuple[int, int | None]:
    """Walk the chain: how many acts are sealed, and the number of the first one that does not fit, if any."""
    chain, expected = bytes(32), 0
    rows = await session.execute(
        select(AuditRow).where(AuditRow.number.is_not(None)).order_by(AuditRow.number)
    )
    for row in rows:
        expected += 1
        chain = _link(chain, expected, row.digest)
        known = {
            name: getattr(row, name)
            for name in ("id", "at", "act", "person_id", "party_id", "about", "result")
        }
        whole = row.content is None or hmac.compare_digest(_digest(known, row.content), row.digest)
        if row.number != expected or row.seal != chain or not whole:
            return expected, expected
    return expected, None


async def unsealed(session: Session) -> int:
    """Count the acts that wait for the sealer."""
    return (
        await session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.number.is_(None))) or 0
    )


def _digest(row: Mapping[str, Any], content: Mapping[str, Any]) -> bytes:
    plain = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value and str(value)
        for name, value in row.items()
    }
    return hashlib.sha256(json.dumps([plain, content], sort_keys=True, default=str).encode()).digest()


def _link(chain: bytes, number: int, digest: bytes) -> bytes:
    return hashlib.sha256(chain + number.to_bytes(8, "big") + digest).digest()
