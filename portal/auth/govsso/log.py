"""The log of what passes between the portal and GovSSO, which its specification demands (§ 7.4).

It is kept apart from the ordinary log, encrypted, and read only by an operator's command that is itself recorded.
"""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypedDict
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.clock import Clock
from portal.db import Base, Database, EncryptedJson, Lookup, Session, Transaction, new_id

# By these somebody else could take the person's place.
_NEVER: Final = frozenset({"code", "refresh_token", "client_secret", "code_verifier", "access_token"})
_LONGEST_URL: Final = 8000
_AT_ONCE: Final = 200


class Kind(StrEnum):
    """What happened, named as in the specification."""

    AUTHENTICATION_REQUEST = "authentication_request"
    AUTHENTICATION_REDIRECT = "authentication_redirect"
    TOKEN_REQUEST = "token_request"  # noqa: S105 the name of an entry
    TOKEN_ANSWER = "token_answer"  # noqa: S105 likewise
    SESSION_UPDATE_REQUEST = "session_update_request"
    SESSION_UPDATE_ANSWER = "session_update_answer"
    LOGOUT_REQUEST = "logout_request"
    LOGOUT_REDIRECT = "logout_redirect"
    BACKCHANNEL_LOGOUT = "backchannel_logout"


_INCOMING: Final = frozenset(
    {
        Kind.AUTHENTICATION_REDIRECT,
        Kind.TOKEN_ANSWER,
        Kind.SESSION_UPDATE_ANSWER,
        Kind.LOGOUT_REDIRECT,
        Kind.BACKCHANNEL_LOGOUT,
    }
)


class GovssoLogRow(Base):
    """One request, redirect or answer; `sub` and `sid` are there to find those of a person or a session."""

    __tablename__ = "govsso_log"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(30))
    direction: Mapped[str] = mapped_column(String(3))
    sub: Mapped[str | None] = mapped_column(Lookup(), index=True)
    sid: Mapped[str | None] = mapped_column(Lookup(), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("govsso_log.content"))


_WRITE: Final = insert(GovssoLogRow)


class Named(TypedDict):
    """Whom and which session an entry is about."""

    sub: str | None
    sid: str | None


def named_in(token: str) -> Named:
    """Read out of a token, believed or not, by what its entry may be found."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        sub, sid = claims.get("sub"), claims.get("sid")
    except (AttributeError, IndexError, ValueError):
        return Named(sub=None, sid=None)
    return Named(sub=sub if isinstance(sub, str) else None, sid=sid if isinstance(sid, str) else None)


@dataclass(frozen=True, slots=True)
class GovssoLog:
    """Writes, each entry in a transaction of its own: what was said stays written, whatever comes of it."""

    db: Database
    clock: Clock

    async def write(
        self, kind: Kind, url: str, said: Mapping[str, Any], *, sub: str | None = None, sid: str | None = None
    ) -> None:
        """Write one entry down; what could be used to take the person's place is left out."""
        kept = {name: value for name, value in said.items() if name not in _NEVER}
        row = {
            "id": new_id(),
            "at": self.clock.now(),
            "kind": kind,
            "direction": "in" if kind in _INCOMING else "out",
            "sub": sub,
            "sid": sid,
            "content": {"url": without_secrets(url), **kept},
        }
        async with self.db.write() as tx:
            await tx.execute(_WRITE, row)


def without_secrets(url: str) -> str:
    """Give an address in full but for the authorization code."""
    parts = urlsplit(url[:_LONGEST_URL])
    query = [
        (name, "…" if name in _NEVER else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))


async def entries(
    session: Session, since: datetime, until: datetime, *, sub: str | None = None, sid: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """Give the entries of a span of time, oldest first, perhaps of one person or one GovSSO session only."""
    chosen = select(GovssoLogRow).where(GovssoLogRow.at >= since, GovssoLogRow.at < until)
    if sub:
        chosen = chosen.where(GovssoLogRow.sub == sub)
    if sid:
        chosen = chosen.where(GovssoLogRow.sid == sid)
    page = chosen.order_by(GovssoLogRow.id).limit(_AT_ONCE)
    rows = (await session.execute(page)).all()
    while rows:
        for row in rows:
            yield {"at": row.at.isoformat(), "kind": row.kind, "direction": row.direction, **row.content}
        rows = (await session.execute(page.where(GovssoLogRow.id > rows[-1].id))).all()


async def note_reading(tx: Transaction, at: datetime, detail: Mapping[str, Any]) -> None:
    """Write into the audit trail that the log is about to be read: by whom, why, which part."""
    await audit.record(tx, None, "govsso-log-read", about=new_id(), at=at, detail=detail)


async def forget_entries(tx: Transaction, now: datetime, kept_for: timedelta) -> None:
    """Delete what is older than it may be."""
    await tx.execute(delete(GovssoLogRow).where(GovssoLogRow.at < now - kept_for))
