"""What cores say, for tests: events made by the wire models, and matters that they are about."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core_bridge import wire
from inbox.matters import handed_over, sent
from inbox.receive import Intake
from portal.access.parties import party_of
from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.identity import Actor
from tests.factories import actor, person

RAKVERE = wire.AuthorityRef(code="0663", name="Rakvere Linnavalitsus")
SENT_AT = datetime(2026, 11, 12, 12, 2, tzinfo=UTC)


@dataclass
class Core:
    """A core that speaks through its events, keeping count in each stream."""

    intake: Intake
    name: str = "STAR"
    said: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def event(self, data: wire.EventData, subject: str, *, sequence: int | None = None) -> wire.Event:
        self.said += 1
        self.counts[subject] = sequence or self.counts.get(subject, 0) + 1
        return wire.event(
            data,
            event_id=f"e{self.said}",
            source=self.name,
            subject=subject,
            sequence=self.counts[subject],
            time=self.intake.clock.now(),
        )

    async def says(self, data: wire.EventData, subject: str = "proceedings/p1") -> wire.Event:
        event = self.event(data, subject)
        await self.intake.pushed(self.name, [event])
        return event


async def citizen(db: Database, **kwargs: Any) -> Actor:
    """Make a citizen whose party is in the database."""
    someone = person(**kwargs)
    async with db.write() as tx:
        return actor(person(**kwargs, known_as=await party_of(tx, someone.code, someone.name)))


async def matter_sent(db: Database, who: Actor, *, core: str = "STAR", handed: bool = True) -> UUID:
    """Send an application: its matter."""
    matter = new_id()
    async with db.write() as tx:
        await sent(
            tx,
            id=matter,
            actor=who,
            journey="kov_toimetulekutoetus",
            period="2026-11",
            authority_code="0663",
            core=core,
            at=SENT_AT,
        )
        if handed:
            await handed_over(tx, matter, SENT_AT)
    return matter


def star(db: Database, clock: FixedClock) -> Core:
    return Core(Intake(db, clock))


def registered(matter: UUID | None, proceeding: str = "p1", **more: Any) -> wire.Registered:
    return wire.Registered(
        proceeding_id=proceeding,
        application_id=matter,
        reference="2026-04183",
        registered_at=datetime(2026, 11, 12, 12, 3, tzinfo=UTC),
        authority=RAKVERE,
        official=wire.Official(name="Kersti Kask", role="sotsiaaltööspetsialist"),
        core_state="registreeritud",
        **more,
    )


def asked(task: str = "t1", due_on: date = date(2026, 11, 20)) -> wire.InformationRequested:
    return wire.InformationRequested(
        proceeding_id="p1",
        task_id=task,
        title="Lisage pangakonto väljavõte",
        text="Oktoobri ja novembri kohta. Sobib PDF pangast või foto.",
        due_on=due_on,
        core_state="ootab puuduste kõrvaldamist",
    )


def document(document_id: str = "d1", content: bytes = b"%PDF-1.4 otsus") -> wire.DocumentRef:
    import hashlib

    return wire.DocumentRef(
        document_id=document_id,
        name="Otsus 2026-04183.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def decided(**more: Any) -> wire.Decided:
    values: dict[str, Any] = {
        "proceeding_id": "p1",
        "decision_id": "o1",
        "number": "2026-04183",
        "title": "Toimetulekutoetuse määramine",
        "decided_at": datetime(2026, 11, 17, 13, 41, tzinfo=UTC),
        "outcome": wire.Outcome.GRANTED_IN_PART,
        "amount": "299.00",
        "per": wire.Per.ONCE,
        "calculation": (
            wire.CalculationLine(label="Toimetulekupiir", amount="484.00"),
            wire.CalculationLine(label="Eluasemekulud", amount="300.00"),
            wire.CalculationLine(label="Sissetulek", amount="-485.00"),
        ),
        "reasons": "Teie üür on 260 € kuus. Linn võtab sellise korteri üürist arvesse kuni 218 € kuus.",
        "legal_basis": ("SHS § 133 lg 6",),
        "challenge": wire.ChallengeInfo(authority=RAKVERE),
        "core_state": "otsus tehtud",
    }
    return wire.Decided(**(values | more))


def letter(who: Actor, matter: UUID | None, message: str = "m1", **more: Any) -> wire.MessageSent:
    return wire.MessageSent(
        **{
            "message_id": message,
            "thread_id": str(matter) if matter else "core-thread",
            "party": wire.PartyRef(code=who.party.code, name=who.party.name),
            "author": wire.Author(kind=wire.AuthorKind.CASEWORKER, name="Kersti Kask"),
            "authority": RAKVERE,
            "application_id": matter,
            "text": "Palun lisage oma pangakonto väljavõte.",
            "sent_at": datetime(2026, 11, 13, 7, 40, tzinfo=UTC),
            **more,
        }
    )
