"""What passkeys keep: whose they are, the keys themselves, and challenges on their way."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Encrypted, EncryptedJson, Lookup


class PasskeyHolderRow(Base):
    """Somebody who has passkeys; kept apart from the party, since a sign-in by passkey needs all of the person.

    `handle` is the random user handle that authenticators keep (WebAuthn Level 3 §14.6.1: nothing of the person is
    in it); `govsso_at` is their last sign-in through GovSSO, which the passkeys live on.
    """

    __tablename__ = "passkey_holder"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    handle: Mapped[bytes] = mapped_column(LargeBinary(64))
    who: Mapped[list[Any]] = mapped_column(EncryptedJson("passkey_holder.who"))
    govsso_at: Mapped[datetime]


class PasskeyRow(Base):
    """One passkey; `refused_at` is when its counter was last found to have gone back, as that of a copy would."""

    __tablename__ = "passkey"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    counter: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str] = mapped_column(String(100))
    backed_up: Mapped[bool]
    name: Mapped[str] = mapped_column(Encrypted("passkey.name"))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]


class PasskeyChallengeRow(Base):
    """A challenge that has not come back yet: good once, for one purpose, where it was given out."""

    __tablename__ = "passkey_challenge"
    challenge: Mapped[str] = mapped_column(Lookup(), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    bound_to: Mapped[str] = mapped_column(Lookup())
    expires_at: Mapped[datetime] = mapped_column(index=True)
