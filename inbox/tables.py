"""The tables of Minu suhtlus: its lines, what happened in each, and what the cores said."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, EncryptedJson

_UNAPPLIED: Final = text("applied_at IS NULL")


class InteractionRow(Base):
    """One line of Minu suhtlus; a draft, the application it becomes and its matter share one id.

    `words` is all that the list says and a stranger may not read: `title`, `coreState`, `who`, `task`,
    `outcome`, `amount`, `official` and the like; one column, so that a line costs one decryption.
    """

    __tablename__ = "interaction"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID]
    filed_by: Mapped[UUID | None]
    """Who sent the application, or began its draft."""
    only_for: Mapped[UUID | None]
    """The only person, beside the party itself, who may see the line."""
    kind: Mapped[str] = mapped_column(String(12))
    journey: Mapped[str | None] = mapped_column(String(40))
    period: Mapped[str | None] = mapped_column(String(7))
    authority_code: Mapped[str] = mapped_column(String(20))
    core: Mapped[str] = mapped_column(String(20))
    core_proceeding_id: Mapped[str | None] = mapped_column(String(64))
    core_thread_id: Mapped[str | None] = mapped_column(String(64))
    reference: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20))
    whose_turn: Mapped[str] = mapped_column(String(10))
    closed: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    next_task_id: Mapped[UUID | None]
    words: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("interaction.words"))
    unread: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]
    complete_at: Mapped[datetime | None]
    withdrawal_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    behind_since: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_interaction_party_id_closed_updated_at", "party_id", "closed", "updated_at"),
        Index("ix_interaction_core_core_proceeding_id", "core", "core_proceeding_id"),
        Index("ix_interaction_core_core_thread_id", "core", "core_thread_id"),
    )


class EntryRow(Base):
    """Something that happened or passed in a matter; only its stamps are added to later.

    `kind` is event, task, message, decision, document or benefit; `what` says which; `of_id` is the entry
    that a document came with. A decision has `made_available_at`, `notice_sent_at` and `opened_at` apart,
    since each may be the day from which a term runs (SÜS § 27; HMS §§ 27, 75).
    """

    __tablename__ = "entry"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    interaction_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    core_id: Mapped[str | None] = mapped_column(String(64))
    of_id: Mapped[UUID | None] = mapped_column(index=True)
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("entry.content"))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    made_available_at: Mapped[datetime | None]
    notice_sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    file_id: Mapped[UUID | None]
    __table_args__ = (
        Index("ix_entry_interaction_id_at", "interaction_id", "at"),
        UniqueConstraint("interaction_id", "kind", "core_id"),
    )


class ReceivedEventRow(Base):
    """One event as it came; `applied_at` is empty while it waits for an earlier one of its stream."""

    __tablename__ = "received_event"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    core: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(100))
    sequence: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("received_event.raw"))
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("core", "event_id"),
        UniqueConstraint("core", "subject", "sequence"),
        # Small for ever: among all the events that were ever told, it holds those that wait.
        Index(
            "ix_received_event_unapplied",
            "core",
            "subject",
            sqlite_where=_UNAPPLIED,
            postgresql_where=_UNAPPLIED,
        ),
    )


class StreamRow(Base):
    """How far one stream has been applied, and since when and why it waits; its lock keeps the order."""

    __tablename__ = "received_stream"
    core: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    applied: Mapped[int] = mapped_column(BigInteger, default=0)
    waiting_since: Mapped[datetime | None]
    waiting_for: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (Index("ix_received_stream_core_waiting_since", "core", "waiting_since"),)


class FeedRow(Base):
    """How far a core's change feed has been read, and since when it has not answered."""

    __tablename__ = "feed"
    core: Mapped[str] = mapped_column(String(20), primary_key=True)
    cursor: Mapped[str] = mapped_column(String(100), default="")
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
