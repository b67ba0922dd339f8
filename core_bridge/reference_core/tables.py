"""The core's own tables."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Dialect, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcMoment(TypeDecorator[datetime]):
    """A time with its zone, kept as ISO text in UTC (SQLite has no zones)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write it in UTC, to the microsecond, so that text order is time order."""
        return value and value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it back aware."""
        return value and datetime.fromisoformat(value)


class Base(DeclarativeBase):
    """The core's tables share one catalogue."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcMoment()}


class PutRow(Base):
    """One write of the portal: which body was stored under an address."""

    __tablename__ = "put"
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[bytes]
    received_at: Mapped[datetime]


class FileRow(Base):
    """A citizen's file."""

    __tablename__ = "file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes]


class ApplicationRow(Base):
    """An application as it came, with what the lists show."""

    __tablename__ = "application"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[bytes]
    authority: Mapped[str] = mapped_column(index=True)
    applicant: Mapped[str]
    journey: Mapped[str]
    received_at: Mapped[datetime]


class ProceedingRow(Base):
    """What the core made of an application."""

    __tablename__ = "proceeding"
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    registered_at: Mapped[datetime]
    complete_at: Mapped[datetime | None]


class TaskRow(Base):
    """Something asked of the citizen: what is missing, or an opinion."""

    __tablename__ = "task"
    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str]


class PaperRow(Base):
    """What the citizen wrote under a proceeding: a reply, a withdrawal, a receipt, a vaie, as it came."""

    __tablename__ = "paper"
    path: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    body: Mapped[bytes]
    received_at: Mapped[datetime]
    settled: Mapped[bool] = mapped_column(default=False)


class MessageRow(Base):
    """A message, either way."""

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(primary_key=True)
    thread_id: Mapped[str] = mapped_column(index=True)
    authority: Mapped[str] = mapped_column(index=True)
    application_id: Mapped[UUID | None] = mapped_column(index=True)
    proceeding_id: Mapped[str | None] = mapped_column(index=True)
    party_code: Mapped[str]
    party_name: Mapped[str]
    author_kind: Mapped[str]
    author_name: Mapped[str]
    author_right: Mapped[str | None]
    title: Mapped[str | None]
    text: Mapped[str]
    files: Mapped[bytes]
    sent_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class DecisionRow(Base):
    """A decision as it was told to the portal."""

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    made_at: Mapped[datetime]
    body: Mapped[bytes]
    benefit_id: Mapped[str | None]
    opened_at: Mapped[datetime | None]


class DocumentRow(Base):
    """A document that the core made."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes]


class ChangeRow(Base):
    """One event; `number` is the cursor of the feed, and never reused."""

    __tablename__ = "change"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy types it
    number: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    sequence: Mapped[int]
    body: Mapped[bytes]
