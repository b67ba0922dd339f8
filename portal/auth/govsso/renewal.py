"""Renewing a session: always because the browser asked, one at a time, with the latest refresh token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

import anyio
import structlog
from sqlalchemy import Row, or_, select, update

from portal.auth.govsso.client import GovssoClient, Tokens
from portal.auth.govsso.errors import GovssoFailed, GovssoRefused, GovssoUnavailable, InvalidToken
from portal.auth.govsso.registration import OPENID
from portal.auth.sessions import end, keep_tokens
from portal.auth.tables import SessionRow
from portal.clock import Clock
from portal.crypto import KeyRing
from portal.db import Database, Transaction

# Longer than the slowest renewal, of which every call has five seconds.
_LEASE: Final = timedelta(seconds=30)
_FRESH: Final = timedelta(minutes=14)
_POLL: Final = 0.1
_POLLS: Final = 120

_log = structlog.get_logger()


class Renewal(StrEnum):
    """How it went."""

    DONE = "done"
    OVER = "over"
    NOT_NOW = "not-now"


class Along(Protocol):
    """What is asked in the same breath as a session is renewed."""

    def scope(self, row: Row[Any]) -> str:
        """Tell what a renewal of this session asks for."""
        ...

    async def heard(self, tx: Transaction, row: Row[Any], tokens: Tokens) -> None:
        """Take the answer, in the transaction that stores the tokens."""
        ...


@dataclass(frozen=True, slots=True)
class Renewals:
    """Renews sessions; several tabs and several processes may ask at once."""

    db: Database
    clock: Clock
    keys: KeyRing
    govsso: GovssoClient
    along: Along | None = None

    async def renew(self, session_id: UUID) -> Renewal:
        """Renew a session, or wait for somebody who is already doing it.

        A refresh token works once: two at a time would log the person out.
        """
        now = self.clock.now()
        row = await self._lease(session_id, now)
        if row is None:
            return await self._wait(session_id, now)
        if row.expires_at - now > _FRESH:
            await self._release(session_id)
            return Renewal.DONE
        outcome, _ = await self._spend(row, None)
        return outcome

    async def ask(self, session_id: UUID, scope: str) -> Tokens | None:
        """Renew at once with a scope of one's own, in turn with other renewals; None when it did not come about."""
        for _ in range(_POLLS):
            row = await self._lease(session_id, self.clock.now())
            if row is not None:
                _, tokens = await self._spend(row, scope)
                return tokens
            if not await self._is_on(session_id):
                return None
            await anyio.sleep(_POLL)
        return None

    async def _spend(self, row: Row[Any], scope: str | None) -> tuple[Renewal, Tokens | None]:
        spent: tuple[Renewal, Tokens | None] = (Renewal.NOT_NOW, None)
        # Once the token is spent its successor must be stored, even if the browser has gone meanwhile.
        with anyio.CancelScope(shield=True):
            spent = await self._spend_it(row, scope)
        await anyio.lowlevel.checkpoint_if_cancelled()
        return spent

    async def _spend_it(self, row: Row[Any], scope: str | None) -> tuple[Renewal, Tokens | None]:
        along = self.along if scope is None else None
        wanted = scope or (along.scope(row) if along else OPENID)
        try:
            tokens = await self.govsso.renew(row.refresh_token, nonce=row.nonce, scope=wanted)
            self._check_same(row, tokens)
        except GovssoFailed as error:
            if wanted != OPENID:
                # What was asked for besides may be the cause (Representee 1.0): the session is not to suffer.
                _log.warning("auth.renewal.scope_failed", status=str(error))
                outcome, _ = await self._spend_it(row, OPENID)
                return outcome, None
            return await self._not_now(row, error)
        except GovssoUnavailable as error:
            return await self._not_now(row, error)
        except (GovssoRefused, InvalidToken) as error:
            _log.info("auth.renewal.refused", reason=str(error))
            async with self.db.write() as tx:
                await end(tx, row.id, "refused", self.clock.now())
            return Renewal.OVER, None
        async with self.db.write() as tx:
            if not await keep_tokens(tx, row.id, tokens):
                return Renewal.OVER, None
            if along:
                await along.heard(tx, row, tokens)
        return Renewal.DONE, tokens

    async def _not_now(self, row: Row[Any], error: GovssoUnavailable) -> tuple[Renewal, None]:
        _log.warning("auth.renewal.unavailable", reason=str(error))
        await self._release(row.id)
        return Renewal.NOT_NOW, None

    def _check_same(self, row: Row[Any], tokens: Tokens) -> None:
        if tokens.identity.sub != row.who["person"][0]:
            raise InvalidToken("sub")
        if self.keys.lookup(tokens.identity.sid).hex() != row.sid:
            raise InvalidToken("sid")

    async def _lease(self, session_id: UUID, now: datetime) -> Row[Any] | None:
        free = or_(SessionRow.renewing_until.is_(None), SessionRow.renewing_until <= now)
        on = SessionRow.ended_at.is_(None) & (SessionRow.expires_at > now)
        async with self.db.write() as tx:
            taken = await tx.execute(
                update(SessionRow)
                .where(SessionRow.id == session_id, free, on, SessionRow.refresh_token.is_not(None))
                .values(renewing_until=now + _LEASE)
            )
            if not taken.rowcount:
                return None
            return (await tx.execute(select(SessionRow).where(SessionRow.id == session_id))).one()

    async def _is_on(self, session_id: UUID) -> bool:
        on = SessionRow.ended_at.is_(None) & (SessionRow.expires_at > self.clock.now())
        renewable = select(SessionRow.id).where(
            SessionRow.id == session_id, on, SessionRow.refresh_token.is_not(None)
        )
        async with self.db.read() as session:
            return await session.scalar(renewable) is not None

    async def _release(self, session_id: UUID) -> None:
        async with self.db.write() as tx:
            await tx.execute(
                update(SessionRow).where(SessionRow.id == session_id).values(renewing_until=None)
            )

    async def _wait(self, session_id: UUID, asked_at: datetime) -> Renewal:
        wanted = select(SessionRow.ended_at, SessionRow.renewing_until, SessionRow.expires_at).where(
            SessionRow.id == session_id
        )
        for _ in range(_POLLS):
            async with self.db.read() as session:
                row = (await session.execute(wanted)).first()
            if row is None or row.ended_at or row.expires_at <= asked_at:
                return Renewal.OVER
            if row.renewing_until is None:
                fresh = row.expires_at - asked_at > _FRESH
                return Renewal.DONE if fresh else Renewal.NOT_NOW
            await anyio.sleep(_POLL)
        return Renewal.NOT_NOW
