"""What has happened before the demo starts: played once, through the portal's and the core's own code, on a past clock."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from core_bridge.in_process import in_process
from core_bridge.reference_core import casework, decisions
from core_bridge.reference_core.app import create_core
from core_bridge.reference_core.casework import Act, Proceeding
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.settings import CoreSettings
from core_bridge.reference_core.tables import ApplicationRow as CoreApplicationRow
from core_bridge.signing import Jwk
from core_bridge.vouching import XteeCallers
from core_bridge.wire import Application, CalculationLine, Outcome, Per
from inbox import matters
from inbox.acts import Act as PersonAct
from inbox.open_decision import open_decision
from inbox.tables import EntryRow
from journeys import queries
from journeys.drafts import begin, save_draft, start_draft
from journeys.loading import load_catalogue
from journeys.submit import Sending, ToSend, submit
from portal.access.parties import party_of
from portal.clock import TALLINN, FixedClock, SystemClock
from portal.db import new_id
from portal.demo.people import AINO, IGOR, JAAK_KRISTJAN, MARI_LIIS, DemoPerson
from portal.demo.registers import CASEWORKERS
from portal.identity import Actor, Assurance, Party, Person, Right, RightKind
from portal.parts import Parts, build
from portal.parts.cores import Cores
from portal.settings import Settings
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
            await save_draft(tx, actor, draft, filled, done=done, at=at, on_draft=matters.draft_saved)
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


async def play(settings: Settings, cores: Mapping[str, CoreSettings], key: Jwk) -> None:
    """Play the history into databases that have none yet; nothing else may be running on them."""
    now = SystemClock().now()
    clock = FixedClock(now)
    async with AsyncExitStack() as stack:
        named = {}
        for name, core in cores.items():
            app = create_core(core, clock)
            await stack.enter_async_context(app.router.lifespan_context(app))
            named[name] = in_process(name, app, issuer="uks", key=key, clock=clock)
        parts = build(settings, clock, Cores(named, XteeCallers({})))
        stack.push_async_callback(parts.close)
        star = CoreDatabase(cores["STAR"].database)
        stack.push_async_callback(star.close)
        await _story(Past(parts, star, clock), now)


async def _story(past: Past, now: datetime) -> None:
    await _last_month_granted_in_part(past, now)
    await past.at(_days_ago(now, 4, 14, 2))
    igor = await past.apply(
        IGOR,
        contact_language="ru",
        dwelling_area="31",
        dwelling_rooms="1",
        cost_rent="180",
        iban="EE382200221020145685",
    )
    await past.register(igor, complete=True)
    await past.at(_days_ago(now, 2, 10, 15))
    await _aino_is_asked(past, now)
    await past.at(_days_ago(now, 1, 19, 30))
    await past.fill(JAAK_KRISTJAN, dwelling_area="48", dwelling_rooms="2", cost_rent="420")
    await past.at(now)


async def _last_month_granted_in_part(past: Past, now: datetime) -> None:
    first = now.astimezone(TALLINN).replace(day=1)
    sent = _days_ago(first, 19, 14, 2)
    await past.at(sent)
    matter = await past.apply(
        MARI_LIIS,
        email="mari-liis@example.ee",
        dwelling_area="62",
        dwelling_rooms="3",
        cost_rent="260",
        cost_water="18,40",
        cost_electricity="31,60",
        cost_heating="32",
        iban="EE382200221020145685",
    )
    await past.at(sent + timedelta(minutes=18))
    await past.register(matter, complete=True)
    await past.at(_days_ago(first, 13, 15, 41))
    async with past.casework(matter) as (act, application, proceeding):
        assert proceeding is not None
        await decisions.decide(act, proceeding, application, _ruling(sent))
    await past.at(_days_ago(first, 12, 9, 12))
    async with past.parts.db.write() as tx:
        person_id = await party_of(tx, MARI_LIIS.code, MARI_LIIS.name)
        decision = await tx.scalar(
            select(EntryRow.id).where(EntryRow.interaction_id == matter, EntryRow.kind == "decision")
        )
        assert decision is not None
        opening = PersonAct(_actor(person_id, MARI_LIIS), past.clock.now(), new_id())
        await open_decision(tx, opening, matter, decision)


async def _aino_is_asked(past: Past, now: datetime) -> None:
    aino = await past.apply(
        AINO,
        dwelling_area="34",
        dwelling_rooms="1",
        cost_heating="94,20",
        cost_electricity="22",
        iban="EE382200221020145685",
    )
    await past.at(_days_ago(now, 2, 10, 40))
    await past.register(aino, complete=False)
    await past.at(_days_ago(now, 1, 9, 40))
    async with past.casework(aino) as (act, _, proceeding):
        assert proceeding is not None
        await casework.ask(
            act,
            proceeding,
            title="Lisage pangakonto väljavõte",
            text="Palun lisage oma pangakonto väljavõte eelmise ja selle kuu kohta. Sobib PDF pangast või foto.",
            due_on=(now + timedelta(days=5)).astimezone(TALLINN).date(),
            wanted=("pangakonto väljavõte",),
        )


def _ruling(sent: datetime) -> decisions.Ruling:
    month = sent.astimezone(TALLINN).date().replace(day=1)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    lines = (
        ("Toimetulekupiir (220 + 264 + 264)", "748.00"),
        ("Eluasemekulud, mida linn arvestas", "300.00"),
        ("Pere sissetulek eelmisel kuul", "-480.00"),
        ("Lisa: kõik teised pereliikmed on alaealised (SHS § 135)", "15.00"),
    )
    return decisions.Ruling(
        Outcome.GRANTED_IN_PART,
        "Teie üür on 260 € kuus. Linn võttis sellest arvesse 218 €. Ülejäänud 42 € jäi arvestamata, "
        "sest üürile kehtib linnas piirmäär. (Näidisotsus, piirmäär on välja mõeldud.)",
        amount=Decimal("583.00"),
        per=Per.ONCE,
        calculation=tuple(CalculationLine(label=label, amount=Decimal(amount)) for label, amount in lines),
        first=month,
        last=last,
        legal_basis=("SHS § 131", "SHS § 133 lg 6", "SHS § 135"),
    )


def _actor(person_id: UUID, who: DemoPerson) -> Actor:
    person = Person(person_id, who.code, who.given_name, who.family_name, who.birthdate)
    return Actor(person, Party(person_id, who.code, who.name), Right(RightKind.SELF), Assurance.GOVSSO)


def _days_ago(now: datetime, days: int, hour: int, minute: int) -> datetime:
    day = (now.astimezone(TALLINN) - timedelta(days=days)).date()
    return datetime.combine(day, time(hour, minute), TALLINN)
