"""The outbox table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, EncryptedJson


class OutboxRow(Base):
    """One planned effect; the row is gone once it has happened."""

    __tablename__ = "outbox"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    stream: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("outbox.payload"))
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_tried_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (Index("ix_outbox_due_at", "due_at"), Index("ix_outbox_stream_id", "stream", "id"))
