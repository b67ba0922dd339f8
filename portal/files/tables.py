"""The files table: what is known of a file; its bytes stand in the store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, EncryptedBytes


class FileRow(Base):
    """One file; `scan` is pending, clean, infected, or unscanned where no scanner is configured."""

    __tablename__ = "file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID] = mapped_column(index=True)
    data_key: Mapped[bytes] = mapped_column(EncryptedBytes("file.data_key"))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    scan: Mapped[str] = mapped_column(String(12), index=True)
    kept_at: Mapped[datetime]


class ForgottenFileRow(Base):
    """A file whose row is gone; its bytes, unreadable now, leave the store after the commit."""

    __tablename__ = "forgotten_file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
