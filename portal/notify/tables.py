"""The contact table: where a person wants to be told that something waits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, true
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Encrypted, Lookup


class ContactRow(Base):
    """A person's addresses: the confirmed one is written to, the asked one only with its link.

    `token` is that of the last link; it stays when used, so that a second press is told the truth. `acts` tells
    whether the person is to be told when somebody has acted for them.
    """

    __tablename__ = "contact"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    address: Mapped[str | None] = mapped_column(Encrypted("contact.address"))
    confirmed_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    asked: Mapped[str | None] = mapped_column(Encrypted("contact.asked"))
    asked_failed_at: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(Lookup(), unique=True)
    token_expires_at: Mapped[datetime | None]
    form_id: Mapped[UUID | None]
    mails_since: Mapped[datetime | None]
    mails: Mapped[int] = mapped_column(default=0)
    acts: Mapped[bool] = mapped_column(default=True, server_default=true())
