"""Pääsuke through GovSSO: rights that a renewal of the person's own session tells of (Representee 1.0)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, select, update

from portal import audit
from portal.auth.actors import actor_of, written
from portal.auth.govsso.client import Tokens
from portal.auth.govsso.registration import OPENID
from portal.auth.govsso.renewal import Renewals
from portal.auth.govsso.representees import (
    Answer,
    Confirmed,
    Denied,
    NamedList,
    answer_about,
    is_representable,
)
from portal.auth.representation.roles import Roles, right_by
from portal.auth.representation.sources import Asking, Representee, Silent
from portal.auth.tables import SessionRow
from portal.clock import Clock
from portal.db import Database, Transaction
from portal.identity import PAASUKE

SOURCE: Final = PAASUKE
# An answer is good for an hour. Whatever binds is asked about anew, and so is every renewal, so that only a
# Pääsuke that has been silent all that time ends the right; Pääsuke itself names no end.
ANSWER_LIFE: Final = timedelta(hours=1)
_LIST_LIFE: Final = timedelta(minutes=15)
_TRY_AGAIN: Final = timedelta(minutes=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PaasukeSource:
    """Offers whom GovSSO named, and asks about one of them by a renewal with their code in its scope."""

    db: Database
    clock: Clock
    renewals: Renewals
    roles: Roles

    @property
    def name(self) -> str:
        """Name the source, as rights and forms name it."""
        return SOURCE

    async def representees(self, asking: Asking) -> Sequence[Representee]:
        """List whom GovSSO has named in this session; an old list, or none, is asked for again."""
        known = await self._known(asking.session_id)
        if known is None:
            return ()
        life = _TRY_AGAIN if known.people is None else _LIST_LIFE
        if self.clock.now() - known.at >= life:
            known = await self.refreshed(asking) or known
        if known.people is None:
            raise Silent("no list")
        # What they may do is told only of the one who is chosen.
        return [Representee(SOURCE, one.code, one.name) for one in known.people]

    async def refreshed(self, asking: Asking) -> NamedList | None:
        """Ask for the list again, because the person wants to see it; None when it could not be asked for."""
        tokens = await self.renewals.ask(asking.session_id, f"{OPENID} representee_list")
        return tokens.identity.representees if tokens else None

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        """Ask about one of those who were named; the answer is read from this renewal's token alone."""
        own = asking.person.code
        if not is_representable(code) or code == own:
            return None
        known = await self._known(asking.session_id)
        named = known and (known.people is None or any(one.code == code for one in known.people))
        if not named:
            return None
        tokens = await self.renewals.ask(asking.session_id, _scope(code))
        if tokens is None:
            raise Silent("no renewal")
        match _answer(tokens, code):
            case Confirmed(who, held):
                right = right_by(self.roles, held, SOURCE, self.clock.now() + ANSWER_LIFE)
                return Representee(SOURCE, who.code, who.name, right) if right else None
            case Denied():
                await self._leave_out(asking.session_id, code)
                return None
        raise Silent("no answer")

    async def still(self, tx: Transaction, found: Representee) -> bool:
        """Say yes: nothing here can lock Pääsuke."""
        return True

    async def _known(self, session_id: UUID) -> NamedList | None:
        wanted = select(SessionRow.representees).where(SessionRow.id == session_id)
        async with self.db.read() as session:
            kept = await session.scalar(wanted)
        return kept and NamedList.read(kept)

    async def _leave_out(self, session_id: UUID, code: str) -> None:
        mine = SessionRow.id == session_id
        async with self.db.write() as tx:
            kept = await tx.scalar(select(SessionRow.representees).where(mine))
            if kept:
                left = NamedList.read(kept).without(code).written()
                await tx.execute(update(SessionRow).where(mine).values(representees=left))


@dataclass(frozen=True, slots=True)
class PaasukeAlong:
    """Asks at every renewal about the one acted for, so that reading too stops soon after a right is withdrawn."""

    clock: Clock
    roles: Roles

    def scope(self, row: Row[Any]) -> str:
        """Tell what a renewal of this session asks for."""
        return _scope(row.who["party"][0]) if row.who["right"][0] == SOURCE else OPENID

    async def heard(self, tx: Transaction, row: Row[Any], tokens: Tokens) -> None:
        """Write the answer into the session, unless the person has chosen another party meanwhile."""
        if row.who["right"][0] != SOURCE:
            return
        now, actor = self.clock.now(), actor_of(row)
        answer = _answer(tokens, actor.party.code)
        if not isinstance(answer, Confirmed | Denied):
            return
        held = answer.roles if isinstance(answer, Confirmed) else ()
        right = right_by(self.roles, held, SOURCE, now + ANSWER_LIFE)
        if right is None:
            right = replace(actor.right, valid_until=now)
            await audit.record(tx, actor, "right-gone", about=row.party_id, at=now, detail={"source": SOURCE})
        await _write(tx, row, right.valid_until, written(replace(actor, right=right)))


async def _write(tx: Transaction, row: Row[Any], until: datetime | None, who: dict[str, Any]) -> None:
    same = (SessionRow.id == row.id) & (SessionRow.party_id == row.party_id) & (SessionRow.right == row.right)
    await tx.execute(update(SessionRow).where(same).values(right_until=until, who=who))


def _scope(code: str) -> str:
    return f"{OPENID} representee.{code}"


def _answer(tokens: Tokens, code: str) -> Answer:
    answer = answer_about(tokens.identity.asked_about, code)
    if not isinstance(answer, Confirmed | Denied):
        _log.warning("auth.paasuke.unanswered")
    return answer
