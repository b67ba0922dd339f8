"""Fetching the cores' documents: kept with us when their event comes, so that an outage never hides them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from core_bridge.errors import CoreError
from core_bridge.port import CaseworkCore
from inbox.available import make_available
from inbox.entries import stamp
from inbox.receive.documents import FETCH
from inbox.system_queries import expected_document
from portal.clock import Clock
from portal.db import Database, Transaction
from portal.files import Files
from portal.outbox import Delivery, Handler, NotYet, Settle


@dataclass(frozen=True, slots=True)
class Fetching:
    """The handler that fetches one document."""

    db: Database
    files: Files
    clock: Clock
    cores: Mapping[str, CaseworkCore]

    def handlers(self) -> Mapping[str, Handler]:
        """Give the handlers by topic."""
        return {FETCH: self.document}

    async def document(self, delivery: Delivery) -> Settle:
        """Fetch a document and check that it is the one that was announced."""
        told = delivery.payload
        entry_id = UUID(told["entryId"])
        async with self.db.read() as session:
            expected = await expected_document(session, entry_id)
        if expected is None:
            return _nothing
        core = self.cores.get(told["core"])
        if core is None:
            raise NotYet(f"no core called {told['core']} is configured")
        try:
            content = (await core.document(told["documentId"])).content
        except CoreError as error:
            raise NotYet(f"{type(error).__name__}: {error}") from error
        if sha256(content).hexdigest() != expected.content["sha256"]:
            raise NotYet("the document is not the one that was announced")

        async def settle(tx: Transaction) -> None:
            at = self.clock.now()
            kept = await self.files.keep(
                tx,
                party_id=expected.party_id,
                content=content,
                media_type=expected.content["mediaType"],
                at=at,
            )
            await stamp(tx, entry_id, file_id=kept)
            if expected.of_id is not None:
                await make_available(tx, expected.interaction_id, expected.of_id, at)

        return settle


async def _nothing(_tx: Transaction) -> None:
    """Nothing is left to do."""
