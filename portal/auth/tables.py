"""What signing in keeps: sessions, starts on their way, logout tokens seen, forms that met a closed door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Encrypted, EncryptedJson, Lookup


class SessionRow(Base):
    """One signed-in browser; the cookie's token is here only as its keyed index.

    `family` is the first of the sessions that followed one another in this browser for the same person:
    forms opened before signing in again stay valid, since their token is made of it.
    `expires_at` is the ID Token's end, or the longest that a sign-in by passkey may last; `right_until` is when the
    right to act for the party ends, and whatever ends the right earlier writes it here. `representees` are those
    whom GovSSO named at the sign-in; `place` is the browser and the address, for the person's own list of sessions.
    """

    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    family: Mapped[UUID]
    token_hash: Mapped[str] = mapped_column(Lookup(), unique=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    party_id: Mapped[UUID]
    right: Mapped[str] = mapped_column(String(20))
    right_id: Mapped[UUID | None]
    right_until: Mapped[datetime | None]
    who: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("session.who"))
    representees: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("session.representees"))
    assurance: Mapped[str] = mapped_column(String(10))
    sid: Mapped[str | None] = mapped_column(Lookup(), index=True)
    id_token: Mapped[str | None] = mapped_column(Encrypted("session.id_token"))
    refresh_token: Mapped[str | None] = mapped_column(Encrypted("session.refresh_token"))
    nonce: Mapped[str | None] = mapped_column(Encrypted("session.nonce"))
    acr: Mapped[str | None] = mapped_column(String(20))
    amr: Mapped[str | None] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(2))
    auth_time: Mapped[datetime | None]
    passkey_id: Mapped[UUID | None] = mapped_column(index=True)
    browser_id: Mapped[UUID | None]
    place: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("session.place"))
    created_at: Mapped[datetime]
    last_activity_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    renewing_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None] = mapped_column(String(20))


class KnownPlaceRow(Base):
    """A kind of browser, or a network, that a person has signed in from; only its keyed index is here.

    The index is made of the person too: that two people use the same network is not to be read out of it.
    """

    __tablename__ = "known_place"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    mark: Mapped[str] = mapped_column(Lookup(), unique=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)


class SignInRow(Base):
    """A sign-in that has not come back yet; one row a start, so that tabs do not disturb each other."""

    __tablename__ = "sign_in"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Lookup(), unique=True)
    browser: Mapped[str] = mapped_column(Lookup())
    nonce: Mapped[str] = mapped_column(Encrypted("sign_in.nonce"))
    verifier: Mapped[str] = mapped_column(Encrypted("sign_in.verifier"))
    return_to: Mapped[str] = mapped_column(Encrypted("sign_in.return_to"))
    lang: Mapped[str] = mapped_column(String(2))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInCountRow(Base):
    """How many sign-ins an address has started in a window of time, counted for all processes together."""

    __tablename__ = "sign_in_count"
    address: Mapped[str] = mapped_column(Lookup(), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class LogoutTokenRow(Base):
    """A logout token that has been obeyed, so that it is not obeyed twice."""

    __tablename__ = "logout_token"
    jti: Mapped[str] = mapped_column(Lookup(), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class KeptFormRow(Base):
    """A form that met a closed door, and why it was closed; only the person who wrote it gets it back."""

    __tablename__ = "kept_form"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID]
    why: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(Encrypted("kept_form.path"))
    body: Mapped[str] = mapped_column(Encrypted("kept_form.body"))
    size: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
