"""What each kind of news does to a matter."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from core_bridge import wire
from inbox.receive.appliers import APPLY
from inbox.tables import EntryRow, InteractionRow
from portal.clock import FixedClock
from portal.db import Database
from portal.identity import Actor
from portal.outbox import OutboxRow
from tests.inbox.happenings import (
    RAKVERE,
    Core,
    asked,
    citizen,
    decided,
    document,
    letter,
    matter_sent,
    registered,
    star,
)

pytestmark = pytest.mark.anyio
DAY = date(2026, 12, 1)
NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
DOCTOR = wire.WaitingThirdParty(proceeding_id="p1", waiting_for="perearst", until=DAY)


async def lines(database: Database) -> Sequence[Any]:
    async with database.read() as session:
        return (await session.execute(select(InteractionRow).order_by(InteractionRow.id))).all()


async def entries(database: Database, kind: str) -> Sequence[Any]:
    async with database.read() as session:
        return (
            await session.execute(select(EntryRow).where(EntryRow.kind == kind).order_by(EntryRow.at))
        ).all()


@pytest.fixture
async def who(database: Database) -> Actor:
    return await citizen(database)


@pytest.fixture
async def core(database: Database, clock: FixedClock, who: Actor) -> Core:
    told = star(database, clock)
    await told.says(registered(await matter_sent(database, who)))
    return told


def test_every_type_of_event_has_its_applier() -> None:
    assert set(APPLY) | {wire.RepresentationChanged.TYPE} == {data.TYPE for data in wire.ALL}


async def test_a_registered_application_keeps_its_reference_and_official(
    database: Database, core: Core
) -> None:
    [line] = await lines(database)
    assert (line.state, line.reference, line.core_proceeding_id) == ("registered", "2026-04183", "p1")
    assert line.words["official"]["name"] == "Kersti Kask"
    assert line.words["coreState"] == "registreeritud"


async def test_a_further_proceeding_of_the_application_becomes_a_line_of_its_own(
    database: Database, core: Core, who: Actor
) -> None:
    [line] = await lines(database)
    await core.says(registered(line.id, "p2"), "proceedings/p2")
    first, second = await lines(database)
    assert (first.core_proceeding_id, second.core_proceeding_id) == ("p1", "p2")
    assert second.party_id == first.party_id
    assert second.journey == first.journey


async def test_a_proceeding_that_the_core_opened_appears_for_its_party(
    database: Database, clock: FixedClock, who: Actor
) -> None:
    core = star(database, clock)
    party = wire.PartyRef(code=who.party.code, name=who.party.name)
    await core.says(registered(None, party=party, title="Puude raskusastme tuvastamine"))
    [line] = await lines(database)
    assert (line.party_id, line.kind) == (who.party.id, "proceeding")
    assert line.words["title"] == "Puude raskusastme tuvastamine"


async def test_what_is_missing_is_the_persons_turn_until_it_is_cancelled(
    database: Database, core: Core
) -> None:
    await core.says(asked())
    [line] = await lines(database)
    assert (line.state, line.whose_turn, line.due_on) == ("needs_fix", "you", date(2026, 11, 20))
    assert line.words["task"] == "Lisage pangakonto väljavõte"
    await core.says(wire.RequestCancelled(proceeding_id="p1", task_id="t1"))
    [line] = await lines(database)
    assert (line.state, line.whose_turn, line.due_on) == ("registered", "authority", None)


async def test_the_task_that_is_due_first_comes_first(database: Database, core: Core) -> None:
    await core.says(asked("late", date(2026, 11, 27)))
    await core.says(asked("soon", date(2026, 11, 19)))
    [line] = await lines(database)
    assert line.due_on == date(2026, 11, 19)


async def test_news_of_work_does_not_take_the_turn_from_the_person_while_a_task_is_open(
    database: Database, core: Core
) -> None:
    await core.says(asked())
    await core.says(wire.InProgress(proceeding_id="p1"))
    [line] = await lines(database)
    assert (line.state, line.whose_turn) == ("needs_fix", "you")


async def test_complete_starts_the_term_and_forwarding_stops_it(database: Database, core: Core) -> None:
    await core.says(wire.Complete(proceeding_id="p1", complete_at=datetime(2026, 11, 17, 8, tzinfo=UTC)))
    assert (await lines(database))[0].complete_at is not None
    to = wire.AuthorityRef(code="0661", name="Rakvere Vallavalitsus")
    await core.says(wire.Forwarded(proceeding_id="p1", to=to))
    [line] = await lines(database)
    assert (line.state, line.authority_code, line.complete_at) == ("forwarded", "0661", None)


@pytest.mark.parametrize(
    ("data", "state", "turn"),
    [
        (wire.Assessment(proceeding_id="p1"), "assessment", "authority"),
        (
            wire.WaitingThirdParty(proceeding_id="p1", waiting_for="perearst", until=DAY),
            "waiting_third",
            "other",
        ),
        (wire.Extended(proceeding_id="p1", until=DAY, reason="Ootame andmeid"), "extended", "authority"),
        (wire.InForce(proceeding_id="p1", period=wire.Period(first=DAY)), "in_force", "nobody"),
        (wire.Queued(proceeding_id="p1", place=3), "queue", "authority"),
        (wire.Suspended(proceeding_id="p1", since=DAY, reason="Andmed puuduvad"), "suspended", "authority"),
        (wire.Ended(proceeding_id="p1", ended_on=DAY), "ended", "nobody"),
        (wire.LeftUnexamined(proceeding_id="p1", reason="Ei vastatud"), "left_unexamined", "nobody"),
        (
            wire.Withdrawn(proceeding_id="p1", withdrawn_at=datetime(2026, 11, 17, tzinfo=UTC)),
            "withdrawn",
            "nobody",
        ),
    ],
)
async def test_news_moves_the_matter_to_its_state(
    database: Database, core: Core, data: wire.ProceedingData, state: str, turn: str
) -> None:
    await core.says(data)
    [line] = await lines(database)
    assert (line.state, line.whose_turn) == (state, turn)
    assert line.closed == (state in ("ended", "left_unexamined", "withdrawn"))


async def test_a_decision_without_documents_is_available_at_once_but_not_opened(
    database: Database, core: Core
) -> None:
    await core.says(decided())
    [line] = await lines(database)
    [decision] = await entries(database, "decision")
    assert (line.state, line.whose_turn) == ("decided", "nobody")
    assert line.words["decision"]["opened"] is False
    assert decision.made_available_at is not None
    assert decision.opened_at is None


async def test_a_decision_waits_for_its_documents(database: Database, core: Core) -> None:
    await core.says(decided(documents=(document(),)))
    await core.says(wire.InForce(proceeding_id="p1", period=wire.Period(first=DAY)))
    [line] = await lines(database)
    [decision] = await entries(database, "decision")
    assert line.state == "registered"
    assert decision.made_available_at is None
    async with database.read() as session:
        [planned] = (await session.execute(select(OutboxRow))).all()
    assert planned.topic == "inbox.document"
    assert planned.payload["documentId"] == "d1"


async def test_the_same_decision_told_twice_is_one_decision(database: Database, core: Core) -> None:
    await core.says(decided())
    await core.says(decided())
    assert len(await entries(database, "decision")) == 1


async def test_a_letter_is_unread_in_its_matter(database: Database, core: Core, who: Actor) -> None:
    [line] = await lines(database)
    await core.says(letter(who, line.id), f"threads/{line.id}")
    await core.says(letter(who, None, "m2", proceeding_id="p1"), "threads/other")
    [line] = await lines(database)
    assert line.unread == 2
    assert [row.content["author"]["name"] for row in await entries(database, "message")] == [
        "Kersti Kask"
    ] * 2


async def test_a_letter_that_belongs_nowhere_begins_a_thread(
    database: Database, clock: FixedClock, who: Actor
) -> None:
    core = star(database, clock)
    await core.says(letter(who, None, title="Küsimus hooldajatoetuse kohta"), "threads/core-thread")
    await core.says(letter(who, None, "m2"), "threads/core-thread")
    [line] = await lines(database)
    assert (line.kind, line.state, line.unread) == ("thread", "message", 2)
    assert line.words["title"] == "Küsimus hooldajatoetuse kohta"


async def test_a_benefit_runs_in_the_matter_it_came_of(database: Database, core: Core, who: Actor) -> None:
    await core.says(decided())
    party = wire.PartyRef(code=who.party.code, name=who.party.name)
    running = wire.BenefitChanged(
        benefit_id="b1",
        party=party,
        proceeding_id="p1",
        title="Toimetulekutoetus",
        state=wire.BenefitState.RUNNING,
        amount="299.00",
        per=wire.Per.MONTH,
        period=wire.Period(first=DAY),
    )
    await core.says(running, "benefits/b1")
    [line] = await lines(database)
    assert (line.state, line.words["benefit"]) == ("in_force", {"amount": "299.00", "per": "month"})


async def test_a_benefit_of_its_own_and_an_offer_are_lines_of_their_own(
    database: Database, clock: FixedClock, who: Actor
) -> None:
    core, party = star(database, clock), wire.PartyRef(code=who.party.code, name=who.party.name)
    benefit = {"benefit_id": "b1", "party": party, "authority": RAKVERE, "title": "Lapsetoetus"}
    ended = wire.BenefitState.ENDED
    period = wire.Period(first=DAY)
    await core.says(
        wire.BenefitChanged(**benefit, state=wire.BenefitState.RUNNING, period=period), "benefits/b1"
    )
    await core.says(wire.BenefitChanged(**benefit, state=ended, period=period), "benefits/b1")
    await core.says(
        wire.OfferMade(
            offer_id="f1",
            party=party,
            authority=RAKVERE,
            title="Pakkumine",
            text="Teil on õigus.",
            answer_by=DAY,
        ),
        "offers/f1",
    )
    benefit_line, offer = await lines(database)
    assert (benefit_line.kind, benefit_line.state, benefit_line.closed) == ("benefit", "ended", True)
    assert (offer.kind, offer.whose_turn, offer.due_on) == ("offer", "you", DAY)
