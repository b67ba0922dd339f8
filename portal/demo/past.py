"""A past for the demo: the portal and STAR, their own code, on one clock that a story sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from core_bridge.reference_core import casework, decisions
from core_bridge.reference_core.casework import Act, Proceeding
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.tables import ApplicationRow as CoreApplicationRow
from core_bridge.wire import Application
from inbox import matters
from inbox.acts import Act as PersonAct
from inbox.open_decision import open_decision
from inbox.tables import EntryRow
from journeys import queries
from journeys.behalf import Behalf
from journeys.drafts import begin, save_draft, start_draft
from journeys.flow import Path
from journeys.loading import load_catalogue
from journeys.submit import Sending, ToSend, submit
from portal.access.parties import party_of
from portal.calendar import tallinn_day
from portal.clock import FixedClock
from portal.db import new_id
from portal.demo.people import DemoPerson
from portal.demo.registers import CASEWORKERS
from portal.identity import Actor, Assurance, Party, Person, Right, RightKind
from portal.parts import Parts
from portal.worker import drain

_JOURNEY: Final = "toimetulekutoetus"
_KADRI: Final = CASEWORKERS["STAR"][0]
_COMMON: Final = {
    "lives_there": "yes",
    "contact_language": "et",
    "first_time": "no",
    "fourth_time": "no",
    "has_undocumented": "no",
    "pays_maintenance": "no",
    "has_enforcement": "no",
    "has_loan": "no",
    "own_account": "yes",
    "delivery": "portal",
}


@dataclass(frozen=True, slots=True)
class Past:
    """The portal and STAR on one clock that the story sets."""

    parts: Parts
    star: CoreDatabase
    clock: FixedClock

    async def at(self, moment: datetime) -> None:
        """Let everything planned so far happen, then go to a moment."""
        await drain(self.parts)
        self.clock.moment = moment

    async def apply(self, who: DemoPerson, **answers: str) -> UUID:
        """Fill in and send an application as a person would have."""
        actor, draft_id = await self.fill(who, **answers)
        async with self.parts.db.write() as tx:
            draft = await queries.draft(tx, actor, draft_id)
            assert draft is not None
            send = ToSend(load_catalogue()[_JOURNEY], draft, "et", self.clock.now())
            sent = await submit(tx, actor, send, on_sent=matters.sent)
        assert sent is Sending.SENT, sent
        await drain(self.parts)
        return draft_id

    async def fill(self, who: DemoPerson, **answers: str) -> tuple[Actor, UUID]:
        """Fill in an application and leave it unsent."""
        journey, at, draft_id = load_catalogue()[_JOURNEY], self.clock.now(), new_id()
        async with self.parts.db.write() as tx:
            actor = _actor(await party_of(tx, who.code, who.name), who)
        start = await begin(self.parts.cores.prefill, actor, journey, who.home, at=at)
        filled: dict[str, Any] = start.answers | _COMMON | answers
        for member in filled["members"]:
            member["has_income"] = "no"
        async with self.parts.db.write() as tx:
            await start_draft(tx, actor, draft_id, start, at=at, on_draft=matters.draft_saved)
            draft = await queries.draft(tx, actor, draft_id)
            assert draft is not None
            done = [step.id for step in journey.steps]
            path = Path.of(journey, filled, tallinn_day(at), Behalf.of(actor, tallinn_day(at)))
            await save_draft(tx, actor, draft, path, done=done, at=at, on_draft=matters.draft_saved)
        return actor, draft_id

    @asynccontextmanager
    async def casework(
        self, application_id: UUID
    ) -> AsyncIterator[tuple[Act, Application, Proceeding | None]]:
        """Give an official's transaction at STAR."""
        async with self.star.write() as tx:
            body = await tx.scalar(
                select(CoreApplicationRow.body).where(CoreApplicationRow.id == application_id)
            )
            assert body is not None, "the application has been handed over"
            act = Act(tx, "STAR", self.clock.now(), _KADRI)
            proceeding = await casework.proceeding_of(tx, application_id)
            yield act, Application.model_validate_json(body), proceeding

    async def register(self, application_id: UUID, *, complete: bool) -> None:
        """Let STAR register the application."""
        async with self.casework(application_id) as (act, application, _):
            await casework.register(act, application, complete=complete)

    async def decide(self, application_id: UUID, ruling: decisions.Ruling) -> None:
        """Let STAR decide."""
        async with self.casework(application_id) as (act, application, proceeding):
            assert proceeding is not None
            await decisions.decide(act, proceeding, application, ruling)

    async def opens(self, who: DemoPerson, application_id: UUID) -> None:
        """Let the person open the decision that has come."""
        await drain(self.parts)
        async with self.parts.db.write() as tx:
            actor = _actor(await party_of(tx, who.code, who.name), who)
            decision = await tx.scalar(
                select(EntryRow.id).where(
                    EntryRow.interaction_id == application_id, EntryRow.kind == "decision"
                )
            )
            assert decision is not None
            await open_decision(tx, PersonAct(actor, self.clock.now(), new_id()), application_id, decision)


def _actor(person_id: UUID, who: DemoPerson) -> Actor:
    person = Person(person_id, who.code, who.given_name, who.family_name, who.birthdate)
    return Actor(person, Party(person_id, who.code, who.name), Right(RightKind.SELF), Assurance.GOVSSO)
