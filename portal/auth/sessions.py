"""Sessions: the one look-up that every request makes, and how a session begins and ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, insert, literal, or_, select, true, update

from portal.access.parties import party_of
from portal.auth.actors import actor_of, written
from portal.auth.cookies import new_secret
from portal.auth.govsso.client import Tokens
from portal.auth.tables import SessionRow
from portal.crypto import KeyRing
from portal.db import Session, Transaction, new_id, prepared
from portal.identity import Actor, Assurance, Party, Person, Right, RightKind, SignedIn

RENEW_BEFORE: Final = timedelta(minutes=2)
TOUCH_EVERY: Final = timedelta(minutes=1)
LONGEST_BY_PASSKEY: Final = timedelta(hours=8)

WaitingOf = Callable[[ColumnElement[UUID], ColumnElement[UUID]], ColumnElement[int]]
"""Counts what waits for a party, of that what a person may see."""


@dataclass(frozen=True, slots=True)
class Live:
    """A session that is on."""

    signed_in: SignedIn
    family: UUID
    lang: str
    expires_at: datetime
    last_activity_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that is over, and why: `logout`, `govsso`, `idle`, `expired`, `refused`, `replaced`, `passkey`."""

    session_id: UUID
    family: UUID
    person_id: UUID
    reason: str
    lang: str
    noted: bool


@dataclass(frozen=True, slots=True)
class Sessions:
    """Finds the session of a request; `idle` is the portal's own limit, apart from the ID token's life."""

    keys: KeyRing
    idle: timedelta
    statement: Select[Any]

    @classmethod
    def build(cls, keys: KeyRing, idle: timedelta, waiting: WaitingOf | None = None) -> "Sessions":
        """Prepare the look-up; `waiting` adds the count of what waits for a party to the same statement."""
        row = SessionRow.__table__.c
        count = waiting(row.party_id, row.person_id) if waiting else literal(0)
        columns = [getattr(SessionRow, name) for name in _COLUMNS]
        found = prepared(
            select(*columns, count.label("waiting")).where(SessionRow.token_hash == bindparam("token"))
        )
        return cls(keys, idle, found)

    async def find(self, session: Session, token: str | None, now: datetime) -> Live | Ended | None:
        """Tell what the token in the cookie stands for."""
        if token is None:
            return None
        row = (await session.execute(self.statement, {"token": token})).first()
        return row and self._told(row, now)

    def _told(self, row: Row[Any], now: datetime) -> Live | Ended:
        over = why_over(row, self.idle, now)
        if over is not None:
            noted = row.ended_at is not None
            return Ended(row.id, row.family, row.person_id, over, row.lang, noted)
        idle_at = row.last_activity_at + self.idle
        actor = actor_of(row)
        signed_in = SignedIn(
            row.id,
            actor,
            self.csrf(row.family),
            min(row.expires_at, idle_at),
            row.expires_at - RENEW_BEFORE if actor.assurance is Assurance.GOVSSO else None,
            # Somebody who may see only a part is not told how much there is in all.
            0 if actor.right.is_limited else row.waiting,
        )
        return Live(signed_in, row.family, row.lang, row.expires_at, row.last_activity_at)

    def active(self, live: Live, now: datetime) -> Live:
        """Give the session as it is after the person's click."""
        ends_at = min(live.expires_at, now + self.idle)
        return replace(live, signed_in=replace(live.signed_in, ends_at=ends_at), last_activity_at=now)

    def csrf(self, family: UUID) -> str:
        """Give the token that the forms of a session carry."""
        return self.keys.mac("csrf", family.bytes)


def why_over(row: Row[Any], idle: timedelta, now: datetime) -> str | None:
    """Tell why a session is over (`ended-by-you`: by its person, from another one), or None while it is on."""
    if row.ended_at is not None:
        return str(row.ended_reason)
    idle_at = row.last_activity_at + idle
    # No leeway here: the ID token's end is the session's (GovSSO technical specification §4).
    if now < min(row.expires_at, idle_at):
        return None
    return "idle" if idle_at <= row.expires_at else "expired"


async def start(
    tx: Transaction, tokens: Tokens, lang: str, now: datetime, before: Live | Ended | None
) -> tuple[str, Actor, UUID]:
    """Begin a session for a checked ID Token; gives the cookie's new token, the actor and the session's id.

    What this browser had before ends; if it was the same person's, its open forms stay valid.
    """
    who = tokens.identity
    person_id = await party_of(tx, who.sub, f"{who.given_name} {who.family_name}".strip())
    person = Person(person_id, who.sub, who.given_name, who.family_name, who.birthdate)
    actor = _for_self(person, Assurance.GOVSSO)
    return await _begin(tx, actor, lang, now, before, _of_tokens(tokens))


async def start_by_passkey(
    tx: Transaction, person: Person, passkey_id: UUID, lang: str, now: datetime, before: Live | Ended | None
) -> tuple[str, Actor, UUID]:
    """Begin a session that no ID Token stands behind: weaker, never renewed, eight hours at most; gives as `start`."""
    standing = {"passkey_id": passkey_id, "expires_at": now + LONGEST_BY_PASSKEY}
    return await _begin(tx, actor_by_passkey(person), lang, now, before, standing)


def actor_by_passkey(person: Person) -> Actor:
    """Give the actor that a person is when signed in by passkey."""
    return _for_self(person, Assurance.PASSKEY)


def _for_self(person: Person, assurance: Assurance) -> Actor:
    return Actor(person, Party(person.id, person.code, person.name), Right(RightKind.SELF), assurance)


async def _begin(
    tx: Transaction,
    actor: Actor,
    lang: str,
    now: datetime,
    before: Live | Ended | None,
    standing: Mapping[str, Any],
) -> tuple[str, Actor, UUID]:
    session_id, token, person_id = new_id(), new_secret(), actor.person.id
    if isinstance(before, Live):
        await end(tx, before.signed_in.session_id, "replaced", now)
    row = {
        "id": session_id,
        "family": before.family if before and _person_of(before) == person_id else session_id,
        "token_hash": token,
        "person_id": person_id,
        "party_id": person_id,
        "right": RightKind.SELF,
        "who": written(actor),
        "assurance": actor.assurance,
        "lang": lang,
        "created_at": now,
        "last_activity_at": now,
    }
    await tx.execute(insert(SessionRow).values(**row, **standing))
    return token, actor, session_id


async def act_for(tx: Transaction, session_id: UUID, actor: Actor, right_id: UUID | None = None) -> bool:
    """Write down for whom a session acts from now on, and by what right; tells whether the session was still on."""
    done = await tx.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.ended_at.is_(None))
        .values(
            party_id=actor.party.id,
            right=actor.right.kind,
            right_id=right_id,
            right_until=actor.right.valid_until,
            who=written(actor),
        )
    )
    return bool(done.rowcount)


async def end_right(
    tx: Transaction,
    now: datetime,
    *,
    right_id: UUID | None = None,
    person_id: UUID | None = None,
    party_id: UUID | None = None,
) -> int:
    """End a right in every session that uses it now: the right of that id, or of that person for that party.

    With only `party_id` all rights to act for the party end (its death), with only `person_id` all of the person.
    """
    used = [SessionRow.person_id != SessionRow.party_id, SessionRow.ended_at.is_(None)]
    for column, value in (
        (SessionRow.right_id, right_id),
        (SessionRow.person_id, person_id),
        (SessionRow.party_id, party_id),
    ):
        if value is not None:
            used.append(column == value)
    assert len(used) > 2, "a right is named"
    running = or_(SessionRow.right_until.is_(None), SessionRow.right_until > now)
    done = await tx.execute(update(SessionRow).where(*used, running).values(right_until=now))
    return int(done.rowcount)


async def keep_tokens(tx: Transaction, session_id: UUID, tokens: Tokens) -> bool:
    """Put renewed tokens in the place of the old; tells whether the session was still on."""
    done = await tx.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.ended_at.is_(None))
        .values(renewing_until=None, **_of_tokens(tokens))
    )
    return bool(done.rowcount)


async def touch(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """Note that the person is there; at most once a minute."""
    seen = or_(SessionRow.last_activity_at <= now - TOUCH_EVERY, SessionRow.last_activity_at > now)
    await tx.execute(update(SessionRow).where(SessionRow.id == session_id, seen).values(last_activity_at=now))


async def end(tx: Transaction, session_id: UUID, reason: str, now: datetime) -> bool:
    """End a session; tells whether it was on until now."""
    return bool(await _end(tx, SessionRow.id == session_id, reason, now))


async def end_of_govsso(tx: Transaction, sid: str, now: datetime, person_id: UUID | None = None) -> int:
    """End the sessions that belong to one GovSSO session (and to one person, if named); tells how many."""
    of_person = SessionRow.person_id == person_id if person_id else true()
    return await _end(tx, (SessionRow.sid == sid) & of_person, "govsso", now)


async def end_of_person(tx: Transaction, person_id: UUID, now: datetime) -> int:
    """End all sessions of a person that came through GovSSO; tells how many.

    Those by passkey go on: GovSSO did not begin them, and says nothing of them.
    """
    return await _end(tx, (SessionRow.person_id == person_id) & SessionRow.sid.is_not(None), "govsso", now)


async def end_of_passkey(tx: Transaction, passkey_id: UUID, now: datetime) -> int:
    """End the sessions that a passkey has opened; tells how many."""
    return await _end(tx, SessionRow.passkey_id == passkey_id, "passkey", now)


async def began_at(session: Session, session_id: UUID) -> datetime | None:
    """Tell when a session began, which is when its person signed in."""
    found: datetime | None = await session.scalar(
        select(SessionRow.created_at).where(SessionRow.id == session_id)
    )
    return found


async def end_by_owner(
    tx: Transaction, person_id: UUID, now: datetime, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End sessions of a person, as that person wishes: all, `only` one, or all `but` one; tells how many."""
    which = SessionRow.person_id == person_id
    if only is not None:
        which &= SessionRow.id == only
    if but is not None:
        which &= SessionRow.id != but
    return await _end(tx, which, "ended-by-you", now)


async def _end(tx: Transaction, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    done = await tx.execute(
        update(SessionRow)
        .where(which, SessionRow.ended_at.is_(None))
        .values(ended_at=now, ended_reason=reason, refresh_token=None, renewing_until=None)
    )
    return int(done.rowcount)


async def id_token_of(session: Session, session_id: UUID) -> str | None:
    """Give the last ID token of a session, as the hint that a log-out needs."""
    found: str | None = await session.scalar(select(SessionRow.id_token).where(SessionRow.id == session_id))
    return found


_COLUMNS: Final = (
    "id",
    "family",
    "person_id",
    "party_id",
    "right",
    "right_until",
    "who",
    "assurance",
    "lang",
    "expires_at",
    "last_activity_at",
    "ended_at",
    "ended_reason",
)


def _person_of(found: Live | Ended) -> UUID:
    return found.person_id if isinstance(found, Ended) else found.signed_in.actor.person.id


def _of_tokens(tokens: Tokens) -> dict[str, Any]:
    who = tokens.identity
    # A token without a list says nothing of the one that came before.
    named = {"representees": who.representees.written()} if who.representees else {}
    return named | {
        "sid": who.sid,
        "id_token": tokens.id_token,
        "refresh_token": tokens.refresh_token,
        "nonce": who.nonce,
        "acr": who.acr,
        "amr": who.amr,
        "auth_time": who.auth_time,
        "expires_at": who.expires_at,
    }
