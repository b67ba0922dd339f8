"""Adding a passkey, giving it another name, removing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit, notify
from portal.auth import sessions
from portal.auth.passkeys import challenges
from portal.auth.passkeys.ceremony import Made, Sent, Site, asked_to_make, made
from portal.auth.passkeys.challenges import Purpose
from portal.auth.passkeys.errors import Refused, Why
from portal.auth.passkeys.holders import handle_of
from portal.auth.passkeys.tables import PasskeyRow
from portal.clock import Clock
from portal.db import Database, Transaction, new_id
from portal.identity import Actor, SignedIn

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a person who signed in through GovSSO may do with their passkeys."""

    db: Database
    clock: Clock
    site: Site

    async def ask(self, signed_in: SignedIn) -> dict[str, Any]:
        """Give the options for making a passkey in this session."""
        now, person = self.clock.now(), signed_in.actor.person
        async with self.db.write() as tx:
            began = await sessions.began_at(tx, signed_in.session_id)
            handle = await handle_of(tx, person, began or now)
            known = (await tx.scalars(_CREDENTIALS.where(PasskeyRow.person_id == person.id))).all()
            challenge = await challenges.give_out(tx, Purpose.ADD, str(signed_in.session_id), now)
        return asked_to_make(self.site, handle, person.name, challenge, known)

    async def add(self, signed_in: SignedIn, sent: Sent, name: str) -> UUID:
        """Keep the passkey that the browser has made; raises `Refused`."""
        now, actor = self.clock.now(), signed_in.actor
        async with self.db.write() as tx:
            ours = await challenges.take(tx, sent.challenge, Purpose.ADD, str(signed_in.session_id), now)
        try:
            if not ours:
                raise Refused(Why.CHALLENGE)
            checked = made(self.site, sent)
            async with self.db.write() as tx:
                return await _added(tx, actor, checked, sent.transports, name, now)
        except IntegrityError as error:
            # The same passkey came twice at once, or is another's: one is registered once (§7.1 step 26).
            await self._refused(actor, Why.TAKEN)
            raise Refused(Why.TAKEN) from error
        except Refused as error:
            await self._refused(actor, error.why)
            raise

    async def rename(self, actor: Actor, passkey_id: UUID, name: str) -> None:
        """Give a passkey of the person another name."""
        async with self.db.write() as tx:
            await tx.execute(update(PasskeyRow).where(*_mine(actor, passkey_id)).values(name=name))

    async def remove(self, actor: Actor, passkey_id: UUID) -> bool:
        """Remove a passkey of the person and end what it has opened; tells whether it was there."""
        now = self.clock.now()
        async with self.db.write() as tx:
            gone = await tx.execute(delete(PasskeyRow).where(*_mine(actor, passkey_id)))
            if gone.rowcount:
                ended = await sessions.end_of_passkey(tx, passkey_id, now)
                detail = {"sessions": ended}
                await audit.record(tx, actor, "passkey-removed", about=passkey_id, at=now, detail=detail)
        return bool(gone.rowcount)

    async def _refused(self, actor: Actor, why: Why) -> None:
        async with self.db.write() as tx:
            await audit.record(
                tx, actor, "passkey-added", about=new_id(), at=self.clock.now(),
                detail={"why": why}, result="refused",
            )  # fmt: skip


async def _added(
    tx: Transaction, actor: Actor, checked: Made, transports: str, name: str, now: datetime
) -> UUID:
    counted = select(func.count()).select_from(PasskeyRow).where(PasskeyRow.person_id == actor.person.id)
    if (await tx.scalar(counted) or 0) >= MOST:
        raise Refused(Why.TOO_MANY)
    passkey_id = new_id()
    row = {
        "id": passkey_id,
        "person_id": actor.person.id,
        "credential_id": checked.credential_id,
        "public_key": checked.public_key,
        "counter": checked.counter,
        "transports": transports,
        "backed_up": checked.backed_up,
        "name": name,
        "created_at": now,
    }
    await tx.execute(insert(PasskeyRow), row)
    await audit.record(tx, actor, "passkey-added", about=passkey_id, at=now)
    await notify.plan_warning(tx, "passkey", person_id=actor.person.id, about=passkey_id, at=now)
    return passkey_id


def _mine(actor: Actor, passkey_id: UUID) -> tuple[Any, ...]:
    return PasskeyRow.id == passkey_id, PasskeyRow.person_id == actor.person.id


_CREDENTIALS = select(PasskeyRow.credential_id)
