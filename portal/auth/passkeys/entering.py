"""Signing in by passkey: whose it is, whether it may, and the session that begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, select, update

from portal import audit
from portal.auth import sessions
from portal.auth.me.browsers import Place
from portal.auth.me.known_places import entered
from portal.auth.passkeys import challenges
from portal.auth.passkeys.ceremony import Answer, Sent, Site, answered, asked_to_sign, counter_holds
from portal.auth.passkeys.challenges import Purpose
from portal.auth.passkeys.errors import Refused, Why
from portal.auth.passkeys.holders import person_of
from portal.auth.passkeys.tables import PasskeyHolderRow, PasskeyRow
from portal.auth.sessions import Ended, Live
from portal.clock import Clock
from portal.db import Database, Transaction, new_id
from portal.identity import Actor, Assurance, Person

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Came:
    """From where an answer came: the browser's secret, its place, its language, and the session it had."""

    browser: str
    place: Place
    lang: str
    before: Live | Ended | None


@dataclass(frozen=True, slots=True)
class Entering:
    """Lets people in; `life` is how long a passkey works after the last sign-in through GovSSO."""

    db: Database
    clock: Clock
    site: Site
    life: timedelta

    async def ask(self, browser: str) -> dict[str, Any]:
        """Give the options for signing in from this browser."""
        async with self.db.write() as tx:
            challenge = await challenges.give_out(tx, Purpose.SIGN_IN, browser, self.clock.now())
        return asked_to_sign(self.site, challenge)

    async def enter(self, sent: Sent, came: Came) -> str | None:
        """Begin a session for the passkey's owner; gives the cookie's new token. Raises `Refused`.

        None for an owner who is in already, and more strongly: a second session would only be a weaker one.
        """
        now = self.clock.now()
        async with self.db.write() as tx:
            # Used up whatever comes: an answer is judged once.
            ours = await challenges.take(tx, sent.challenge, Purpose.SIGN_IN, came.browser, now)
        try:
            if not ours:
                raise Refused(Why.CHALLENGE)
            async with self.db.write() as tx:
                return await self._begin(tx, sent, came, now)
        except Refused as error:
            await self._note(sent, error, now)
            raise

    async def _begin(self, tx: Transaction, sent: Sent, came: Came, now: datetime) -> str | None:
        row = (await tx.execute(_FOUND.where(PasskeyRow.credential_id == sent.credential_id))).first()
        if row is None:
            raise Refused(Why.UNKNOWN)
        answer = self._judged(row, sent, now)
        person = person_of(row)
        await _used(tx, row.id, answer, now)
        if _is_in_through_govsso(came.before, person):
            return None
        token, actor, session_id = await sessions.start_by_passkey(
            tx, person, row.id, came.lang, now, came.before
        )
        await entered(tx, session_id, person.id, came.place, now)
        await audit.record(
            tx, actor, "passkey-sign-in", about=session_id, at=now, detail={"passkey": str(row.id)}
        )
        return token

    def _judged(self, row: Row[Any], sent: Sent, now: datetime) -> Answer:
        answer = answered(self.site, sent, row.public_key)
        # Nobody was named beforehand, so the answer must name whom the passkey was made for (§7.2 step 6).
        if sent.handle != row.handle:
            raise Refused(Why.OTHERS)
        if not counter_holds(row.counter, answer.counter):
            raise Refused(Why.COUNTER)
        if row.govsso_at + self.life <= now:
            raise Refused(Why.ASLEEP)
        return answer

    async def _note(self, sent: Sent, error: Refused, now: datetime) -> None:
        _log.warning("auth.passkey.refused", reason=str(error))
        async with self.db.write() as tx:
            row = (await tx.execute(_FOUND.where(PasskeyRow.credential_id == sent.credential_id))).first()
            # Only who had the passkey's key has done anything; a forger acts in nobody's name.
            proved = row is not None and error.why in (Why.OTHERS, Why.COUNTER, Why.ASLEEP)
            actor = sessions.actor_by_passkey(person_of(row)) if row is not None and proved else None
            if row is not None and error.why is Why.COUNTER:
                await tx.execute(update(PasskeyRow).where(PasskeyRow.id == row.id).values(refused_at=now))
            await _refused(tx, actor, row.id if row else new_id(), error, now)


def _is_in_through_govsso(before: Live | Ended | None, person: Person) -> bool:
    if not isinstance(before, Live):
        return False
    actor = before.signed_in.actor
    return actor.person.id == person.id and actor.assurance is Assurance.GOVSSO


async def _used(tx: Transaction, passkey_id: UUID, answer: Answer, now: datetime) -> None:
    values = {"counter": answer.counter, "backed_up": answer.backed_up, "last_used_at": now}
    await tx.execute(update(PasskeyRow).where(PasskeyRow.id == passkey_id).values(**values))


async def _refused(tx: Transaction, actor: Actor | None, about: UUID, error: Refused, now: datetime) -> None:
    detail = {"why": error.why}
    await audit.record(tx, actor, "passkey-sign-in", about=about, at=now, detail=detail, result="refused")


# Locked, since two answers at once must not both meet the same counter.
_FOUND = (
    select(
        PasskeyRow.id,
        PasskeyRow.person_id,
        PasskeyRow.public_key,
        PasskeyRow.counter,
        PasskeyHolderRow.handle,
        PasskeyHolderRow.who,
        PasskeyHolderRow.govsso_at,
    )
    .join(PasskeyHolderRow, PasskeyHolderRow.person_id == PasskeyRow.person_id)
    .with_for_update(of=PasskeyRow)
)
