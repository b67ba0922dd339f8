"""Handing letters, answers, withdrawals and receipts over to their core, with no transaction open."""

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, update

from core_bridge.errors import CoreError, CoreRejected
from core_bridge.port import CaseworkCore
from inbox.entries import stamp
from inbox.matters import file_withheld
from inbox.outgoing import MESSAGE, RECEIPT, REPLY, WITHDRAWAL
from inbox.system_queries import proceeding_of, scan_of
from inbox.tables import EntryRow, InteractionRow
from portal.clock import Clock
from portal.db import Database, Transaction
from portal.files import Files
from portal.outbox import Delivery, Handler, NotYet, Settle

_log = structlog.get_logger()
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The handlers of what people write to an authority."""

    db: Database
    files: Files
    clock: Clock
    cores: Mapping[str, CaseworkCore]

    def handlers(self) -> Mapping[str, Handler]:
        """Give the handlers by topic."""
        return {
            MESSAGE: self.message,
            REPLY: self.reply,
            WITHDRAWAL: self.withdrawal,
            RECEIPT: self.receipt,
        }

    async def message(self, delivery: Delivery) -> Settle:
        """Hand over a letter, its files first."""
        out = self._out(delivery)
        withheld = await self._files(out)
        body = without(out.body, withheld)
        return await self._settle(out, out.core.put_message(out.entry_id, body, user=out.user), withheld)

    async def reply(self, delivery: Delivery) -> Settle:
        """Hand over the answer to a task, its files first."""
        out = self._out(delivery)
        withheld = await self._files(out)
        proceeding, body = await self._proceeding(out), without(out.body, withheld)
        sent = out.core.put_reply(proceeding, out.entry_id, body, user=out.user)
        return await self._settle(out, sent, withheld)

    async def withdrawal(self, delivery: Delivery) -> Settle:
        """Tell that the application is taken back, as soon as the core has a proceeding to take it from."""
        out = self._out(delivery)
        proceeding = await self._proceeding(out)
        return await self._settle(out, out.core.put_withdrawal(proceeding, out.body, user=out.user))

    async def receipt(self, delivery: Delivery) -> Settle:
        """Tell that a decision was opened."""
        out = self._out(delivery)
        proceeding = await self._proceeding(out)
        sent = out.core.put_decision_receipt(proceeding, out.path, out.body, user=out.user)
        return await self._settle(out, sent)

    async def _files(self, out: "_Out") -> list[UUID]:
        """Hand over the files; one with a virus is withheld, one that is not scanned yet waits."""
        withheld = []
        for each in out.files:
            file_id = UUID(each["id"])
            async with self.db.read() as session:
                scan = await scan_of(session, file_id)
                if scan == "pending":
                    raise NotYet("a file is not scanned yet")
                if scan == "infected":
                    withheld.append(file_id)
                    continue
                content = await self.files.read(session, file_id)
            try:
                await out.core.put_file(file_id, content, each["mediaType"], user=out.user)
            except CoreError as error:
                raise NotYet(f"{type(error).__name__}: {error}") from error
        return withheld

    async def _settle(
        self, out: "_Out", sending: Awaitable[Any], withheld: list[UUID] | None = None
    ) -> Settle:
        refused = False
        try:
            await sending
        except CoreRejected as error:
            if error.status == _NOT_FOUND:
                # The core does not know the application or the proceeding yet.
                raise NotYet(str(error)) from error
            _log.error("inbox.refused", core=out.core.name, entry=str(out.entry_id), reason=str(error))
            refused = True
        except CoreError as error:
            raise NotYet(f"{type(error).__name__}: {error}") from error

        async def settle(tx: Transaction) -> None:
            at = self.clock.now()
            await stamp(tx, out.entry_id, **{"refused_at" if refused else "handed_over_at": at})
            if refused and out.topic == WITHDRAWAL:
                matter = update(InteractionRow).where(InteractionRow.id == out.matter_id)
                await tx.execute(matter.values(withdrawal_at=None))
            for file_id in withheld or ():
                await _withheld(tx, out.matter_id, file_id, at)

        return settle

    async def _proceeding(self, out: "_Out") -> str:
        async with self.db.read() as session:
            proceeding = await proceeding_of(session, out.matter_id)
        if proceeding is None:
            raise NotYet("the core has not opened a proceeding yet")
        return proceeding

    def _out(self, delivery: Delivery) -> "_Out":
        told = delivery.payload
        core = self.cores.get(told["core"])
        if core is None:
            raise NotYet(f"no core called {told['core']} is configured")
        return _Out(
            delivery.topic,
            core,
            UUID(told["matterId"]),
            UUID(told["entryId"]),
            told["body"].encode(),
            told["path"],
            told["files"],
            told["user"],
        )


@dataclass(frozen=True, slots=True)
class _Out:
    topic: str
    core: CaseworkCore
    matter_id: UUID
    entry_id: UUID
    body: bytes
    path: str
    files: list[dict[str, str]]
    user: str


def without(body: bytes, withheld: list[UUID]) -> bytes:
    """Take withheld files out of a frozen body; the scanner's word is final: every try sends the same."""
    if not withheld:
        return body
    names = {str(each) for each in withheld}
    told = json.loads(body)
    told["files"] = [each for each in told["files"] if each["fileId"] not in names]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


async def _withheld(tx: Transaction, matter_id: UUID, file_id: UUID, at: datetime) -> None:
    content = await tx.scalar(
        select(EntryRow.content).where(EntryRow.interaction_id == matter_id, EntryRow.file_id == file_id)
    )
    name = (content or {}).get("name", "")
    await file_withheld(tx, application_id=matter_id, file_id=file_id, name=name, slot="", at=at)
