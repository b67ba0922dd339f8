"""The tables of journeys: drafts, the files added to them, and what has been sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Encrypted, EncryptedBytes, EncryptedJson


class DraftRow(Base):
    """An application not sent yet; answers are raw text as typed, `facts` what registers said.

    `id` becomes the id of the application and of its matter.
    """

    __tablename__ = "draft"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID]
    person_id: Mapped[UUID]
    only_for: Mapped[UUID | None]
    """The only person, beside the party itself, who may see it."""
    journey: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    period: Mapped[str | None] = mapped_column(String(7))
    authority_code: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("draft.answers"))
    facts: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("draft.facts"))
    done: Mapped[str] = mapped_column(String(400))
    """Ids of the steps gone through, a space between."""
    way_back: Mapped[str | None] = mapped_column(Encrypted("draft.way_back"))
    """The page of a registered site from which the person came."""
    revision: Mapped[int]
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    __table_args__ = (
        Index("ix_draft_party_id_changed_at", "party_id", "changed_at"),
        Index("ix_draft_expires_at", "expires_at"),
    )


class AttachmentRow(Base):
    """A file added to a draft; after sending it belongs to the application of the same id.

    `handed_at` is when the core got it; `withheld_at` when a virus was found instead.
    """

    __tablename__ = "attachment"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID]
    party_id: Mapped[UUID]
    slot: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Encrypted("attachment.name"))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    withheld_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_attachment_draft_id_added_at", "draft_id", "added_at"),)


class ApplicationRow(Base):
    """What was sent: the exact bytes for the core, and the marks of its hand-over."""

    __tablename__ = "application"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID]
    person_id: Mapped[UUID]
    right_kind: Mapped[str | None] = mapped_column(String(20))
    """By what right the person sent it."""
    only_for: Mapped[UUID | None]
    """The only person, beside the party itself, who may see it."""
    journey: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    period: Mapped[str | None] = mapped_column(String(7))
    authority_code: Mapped[str] = mapped_column(String(10))
    core: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    missing: Mapped[str] = mapped_column(String(400))
    """Ids of the documents that were needed and not added, a space between."""
    body: Mapped[bytes] = mapped_column(EncryptedBytes("application.body"))
    handed_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_application_party_id_sent_at", "party_id", "sent_at"),)
