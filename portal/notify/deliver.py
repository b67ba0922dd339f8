"""The worker's side: a planned letter is written, handed over, and what came of it is remembered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from portal.clock import Clock
from portal.db import Database, Transaction
from portal.notify.contacts import CONFIRM
from portal.notify.letters import Writer, address_letter
from portal.notify.notices import NOTICE, Kind
from portal.notify.smtp import MailServer, Refused
from portal.notify.tables import ContactRow
from portal.notify.warnings import WARNING
from portal.outbox import Delivery, Handler, NotYet, Settle

OnSent = Callable[[Transaction, UUID, Kind, datetime], Awaitable[None]]
# RFC 5321 §4.5.4.1: a server that puts a recipient off is tried for four to five days.
GIVE_UP: Final = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Post:
    """The post office; `on_sent` learns, in the settling transaction, when a notice was handed over."""

    db: Database
    server: MailServer
    writer: Writer
    clock: Clock
    on_sent: OnSent

    def handlers(self) -> Mapping[str, Handler]:
        """Give the worker's handlers by topic."""
        return {NOTICE: self.notice, CONFIRM: self.confirmation, WARNING: self.warning}

    async def notice(self, delivery: Delivery) -> Settle:
        """Tell a person that something waits; an address removed meanwhile is not written to."""
        contact = await self._contact(delivery)
        if contact is None or contact.confirmed_at is None or contact.failing_since:
            return _nothing
        kind, matter_id = delivery.payload["kind"], UUID(delivery.payload["matter"])
        letter = self.writer.notice(kind, matter_id, contact.language)
        if await self._hand_over(delivery, letter, contact.address):
            sent_at = self.clock.now()
            return lambda tx: self.on_sent(tx, matter_id, kind, sent_at)
        return self._failing(contact)

    async def warning(self, delivery: Delivery) -> Settle:
        """Tell a person of something that a stranger might have done in their name."""
        contact = await self._contact(delivery)
        if contact is None or contact.confirmed_at is None or contact.failing_since:
            return _nothing
        letter = self.writer.warning(delivery.payload["kind"], contact.language)
        if await self._hand_over(delivery, letter, contact.address):
            return _nothing
        return self._failing(contact)

    def _failing(self, contact: Any) -> Settle:
        # An address confirmed anew meanwhile has done nothing wrong yet.
        this = (ContactRow.person_id == contact.person_id) & (ContactRow.confirmed_at == contact.confirmed_at)
        return _mark(update(ContactRow).where(this).values(failing_since=self.clock.now()))

    async def confirmation(self, delivery: Delivery) -> Settle:
        """Mail the link that confirms an address, unless another was asked for since."""
        token = delivery.payload["token"]
        contact = await self._contact(delivery, ContactRow.token == token)
        if contact is None or contact.asked is None:
            return _nothing
        letter = self.writer.confirmation(token, contact.language)
        if await self._hand_over(delivery, letter, contact.asked):
            return _nothing
        return _mark(
            update(ContactRow).where(ContactRow.token == token).values(asked_failed_at=self.clock.now())
        )

    async def _contact(self, delivery: Delivery, *also: Any) -> Any:
        query = select(ContactRow).where(ContactRow.person_id == UUID(delivery.payload["person"]), *also)
        async with self.db.read() as session:
            return (await session.execute(query)).first()

    async def _hand_over(self, delivery: Delivery, letter: EmailMessage, to: str) -> bool:
        now = self.clock.now()
        wire = address_letter(letter, to=to, planned=delivery.id, at=now)
        try:
            await self.server.send(letter, wire)
        except Refused as refusal:
            if refusal.lasting or now - delivery.planned_at > GIVE_UP:
                return False
            raise NotYet(f"the recipient's mail server answers {refusal.code}") from refusal
        return True


async def _nothing(_tx: Transaction) -> None:
    return


def _mark(change: Any) -> Settle:
    async def settle(tx: Transaction) -> None:
        await tx.execute(change)

    return settle
