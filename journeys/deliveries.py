"""Handing applications over to their core, called by the worker with no transaction open."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select, update

from core_bridge.errors import CoreError, CoreRejected
from core_bridge.port import CaseworkCore
from journeys.events import OnHandedOver, OnInfected
from journeys.submit import APPLICATION_TOPIC, FILE_TOPIC
from journeys.tables import ApplicationRow, AttachmentRow
from journeys.wire import without_file
from portal.clock import Clock
from portal.db import Database, Transaction
from portal.files import FileRow, Files
from portal.outbox import Delivery, Handler, NotYet, Settle

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The handlers of what `submit` plans; files of an application go before it, in the same stream."""

    db: Database
    files: Files
    clock: Clock
    cores: Mapping[str, CaseworkCore]
    on_handed_over: OnHandedOver
    on_infected: OnInfected

    def handlers(self) -> Mapping[str, Handler]:
        """Give the handlers by topic."""
        return {FILE_TOPIC: self.file, APPLICATION_TOPIC: self.application}

    async def file(self, delivery: Delivery) -> Settle:
        """Hand over one file; one with a virus is withheld, one not scanned yet waits."""
        told = delivery.payload
        file_id, attachment_id = UUID(told["file_id"]), UUID(told["attachment_id"])
        async with self.db.read() as session:
            row = (
                await session.execute(select(FileRow.scan, FileRow.media_type).where(FileRow.id == file_id))
            ).one()
            if row.scan == "pending":
                raise NotYet("the file is not scanned yet")
            if row.scan == "infected":
                return self._withhold(UUID(told["application_id"]), attachment_id)
            content = await self.files.read(session, file_id)
        core = self._core(told["core"])
        try:
            await core.put_file(file_id, content, row.media_type, user=told["user"])
        except CoreError as error:
            raise _later(error, delivery) from error

        async def settle(tx: Transaction) -> None:
            handed = update(AttachmentRow).where(AttachmentRow.id == attachment_id)
            await tx.execute(handed.values(handed_at=self.clock.now()))

        return settle

    async def application(self, delivery: Delivery) -> Settle:
        """Hand over the application's frozen bytes; the same bytes at every try."""
        told = delivery.payload
        application_id = UUID(told["application_id"])
        async with self.db.read() as session:
            body = await session.scalar(
                select(ApplicationRow.body).where(ApplicationRow.id == application_id)
            )
        if body is None:
            raise NotYet("there is no such application")
        try:
            await self._core(told["core"]).put_application(application_id, body, user=told["user"])
        except CoreError as error:
            raise _later(error, delivery) from error

        async def settle(tx: Transaction) -> None:
            at = self.clock.now()
            handed = update(ApplicationRow).where(
                ApplicationRow.id == application_id, ApplicationRow.handed_at.is_(None)
            )
            await tx.execute(handed.values(handed_at=at))
            await self.on_handed_over(tx, application_id, at)

        return settle

    def _withhold(self, application_id: UUID, attachment_id: UUID) -> Settle:
        """Take an infected file out of the application, which has not gone yet: its files go first."""

        async def settle(tx: Transaction) -> None:
            at = self.clock.now()
            row = (await tx.execute(select(AttachmentRow).where(AttachmentRow.id == attachment_id))).one()
            body = await tx.scalar(select(ApplicationRow.body).where(ApplicationRow.id == application_id))
            assert body is not None, "files are planned with their application"
            await tx.execute(
                update(ApplicationRow)
                .where(ApplicationRow.id == application_id)
                .values(body=without_file(body, row.file_id))
            )
            await tx.execute(
                update(AttachmentRow).where(AttachmentRow.id == attachment_id).values(withheld_at=at)
            )
            await self.on_infected(
                tx, application_id=application_id, file_id=row.file_id, name=row.name, slot=row.slot, at=at
            )

        return settle

    def _core(self, name: str) -> CaseworkCore:
        core = self.cores.get(name)
        if core is None:
            raise NotYet(f"no core called {name} is configured")
        return core


def _later(error: CoreError, delivery: Delivery) -> NotYet:
    if isinstance(error, CoreRejected):
        # What was sent is never given up; but only people can clear up a no.
        _log.error("journeys.refused", id=str(delivery.id), attempt=delivery.attempt, reason=str(error))
    return NotYet(type(error).__name__)
