"""The pages of journeys in a browser without a network; what they tell others is written down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2

from core_bridge.errors import CoreUnavailable
from core_bridge.wire import Fact, PrefillAnswer, PrefillRequest
from journeys.loading import Catalogue
from journeys.pages import JourneyPages
from portal.access.parties import party_of
from portal.clock import FixedClock
from portal.db import Database
from portal.files import Files
from portal.identity import Actor
from tests import factories
from tests.site import browser


@dataclass
class Told:
    """What the pages told others."""

    drafts: list[dict[str, Any]] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[PrefillRequest] = field(default_factory=list)

    async def on_draft(self, tx: Any, **told: Any) -> None:
        self.drafts.append(told)

    async def on_draft_gone(self, tx: Any, id: UUID) -> None:  # noqa: A002
        self.gone.append(id)

    async def on_sent(self, tx: Any, **told: Any) -> None:
        self.sent.append(told)


@dataclass
class Site:
    """The pages, who browses them, and what stands behind."""

    db: Database
    files: Files
    clock: FixedClock
    told: Told
    actor: Actor
    pages: JourneyPages
    client: httpx2.AsyncClient

    def form(self, **typed: Any) -> dict[str, Any]:
        return {"csrf_token": "the-csrf-token", "party": str(self.actor.party.id), **typed}

    def as_(self, actor: Actor | None) -> httpx2.AsyncClient:
        return browser(self.pages.routes(), self.clock, actor)


Registers = Callable[[str, PrefillRequest], Awaitable[PrefillAnswer]]


def registers(*facts: Fact) -> Registers:
    """Registers that know these facts."""

    async def answer(core: str, request: PrefillRequest) -> PrefillAnswer:
        return PrefillAnswer(facts=tuple(fact for fact in facts if fact.field in request.fields))

    return answer


async def silent_registers(core: str, request: PrefillRequest) -> PrefillAnswer:
    raise CoreUnavailable("no answer")


async def open_site(
    db: Database,
    files: Files,
    clock: FixedClock,
    catalogue: Catalogue,
    *,
    prefill: Registers | None = None,
) -> Site:
    """Open the site, with Mari-Liis signed in."""
    told = Told()
    person = factories.person("EE47101010033", "Mari-Liis", "Männik")
    async with db.write() as tx:
        known = await party_of(tx, person.code, person.name)
    actor = factories.actor(factories.person(person.code, "Mari-Liis", "Männik", known_as=known))
    pages = JourneyPages(
        db, files, catalogue, prefill or registers(), told.on_draft, told.on_draft_gone, told.on_sent
    )
    client = browser(pages.routes(), clock, actor)
    return Site(db, files, clock, told, actor, pages, client)


AS_OF = datetime.fromisoformat("2026-11-10T09:00:00+02:00")
