"""People with a session each, twenty lines in Minu suhtlus and one open draft; put straight into the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, update
from stdnum.ee.ik import calc_check_digit

from inbox.matters import draft_saved
from inbox.tables import FeedRow, InteractionRow
from journeys.definition import Journey
from journeys.drafts import Start, start_draft
from journeys.facts import nothing_known
from journeys.loading import load_catalogue
from journeys.tables import DraftRow
from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.sessions import start
from portal.crypto import KeyRing
from portal.db import Database, Transaction, new_id
from portal.identity import Actor
from tests.bench.citizens import Citizen
from tests.journeys.answering import family_of_three

LINES: Final = 20
JOURNEY: Final = "toimetulekutoetus"
RAKVERE: Final = "0663"


@dataclass(frozen=True)
class Line:
    """One line of the list: how the matter stands, and what its words say."""

    state: str
    turn: str
    words: dict[str, Any]
    kind: str = "application"
    journey: str | None = JOURNEY
    authority: str = RAKVERE
    core: str = "STAR"
    due_in: int | None = None
    unread: int = 0


def twenty_lines(opened_on: date) -> Sequence[Line]:
    """A full list: three that wait for the person, two drafts, ten on their way, five decided."""
    opened = {"opened": True, "openedOn": opened_on.isoformat(), "outcome": "granted", "amount": "299.00"}
    asked = Line(
        "needs_fix", "you", {"base": "in_proceeding", "task": "Lisage pangakonto väljavõte"}, due_in=5
    )
    draft = Line("draft", "you", {}, kind="draft", core="")
    going = Line("in_proceeding", "authority", {"base": "in_proceeding"})
    waiting = Line("waiting_third", "other", {"base": "waiting_third", "who": "perearst"}, unread=1)
    care = Line(
        "assessment",
        "authority",
        {"base": "assessment", "title": "Koduteenus", "authority": "Rakvere Linnavalitsus"},
        kind="proceeding",
        journey=None,
    )
    pension = Line(
        "registered",
        "authority",
        {
            "base": "registered",
            "title": "Puude raskusastme tuvastamine",
            "authority": "Sotsiaalkindlustusamet",
        },
        kind="proceeding",
        journey=None,
        authority="SKA",
        core="SKAIS",
    )
    decided = Line("decided", "nobody", {"base": "decided", "decision": opened})
    sealed = Line("decided", "nobody", {"base": "decided", "decision": {"opened": False}}, unread=1)
    return (
        *[asked] * 3,
        *[draft] * 2,
        *[going] * 4,
        *[waiting] * 2,
        *[care] * 2,
        *[pension] * 2,
        *[decided] * 4,
        sealed,
    )


async def fill(db: Database, keys: KeyRing, now: datetime, *, signed_in: int, others: int) -> list[Citizen]:
    """Put everybody in: those who are signed in, and the lines of others, so that an index has work to do."""
    citizens, journey = [], load_catalogue()[JOURNEY]
    async with db.write() as tx:
        for number in range(signed_in):
            citizens.append(await _citizen(tx, keys, journey, number, now))
    for _ in range(others // 100):
        async with db.write() as tx:
            rows = [row for _ in range(100) for row in line_rows(new_id(), now)]
            await tx.execute(insert(InteractionRow), rows)
    async with db.write() as tx:
        await tx.execute(
            insert(FeedRow), [{"core": core, "cursor": "1", "read_at": now} for core in ("STAR", "SKAIS")]
        )
    return citizens


async def sign_in(tx: Transaction, number: int, now: datetime) -> tuple[str, Actor, UUID]:
    """Begin a session of an invented person, as a checked ID token would."""
    until = now + timedelta(hours=8)
    who = Identity(
        _code(number),
        "Mari-Liis",
        "Männik",
        date(1971, 1, 1),
        new_id().hex,
        "high",
        "idcard",
        "n",
        now,
        until,
    )
    # Tokens of about the length that GovSSO's have.
    return await start(tx, Tokens(who, "i" * 1400, "r" * 700), "et", now, None)


def line_rows(party_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Make the rows of twenty lines."""
    sent = now - timedelta(days=6)
    return [
        {
            "id": new_id(),
            "party_id": party_id,
            "kind": line.kind,
            "journey": line.journey,
            "period": f"{now:%Y-%m}" if line.journey else None,
            "authority_code": line.authority,
            "core": line.core,
            "state": line.state,
            "whose_turn": line.turn,
            "closed": False,
            "due_on": now.date() + timedelta(days=line.due_in) if line.due_in else None,
            "next_task_id": new_id() if line.due_in else None,
            "words": line.words,
            "unread": line.unread,
            "sent_at": None if line.kind == "draft" else sent,
            "handed_over_at": None if line.kind == "draft" else sent,
            "complete_at": sent if line.state == "in_proceeding" else None,
            "updated_at": sent + timedelta(hours=number),
            "expires_at": now + timedelta(days=84) if line.kind == "draft" else None,
        }
        for number, line in enumerate(twenty_lines(now.date() - timedelta(days=3)))
    ]


async def _citizen(tx: Transaction, keys: KeyRing, journey: Journey, number: int, now: datetime) -> Citizen:
    cookie, actor, session_id = await sign_in(tx, number, now)
    lines = line_rows(actor.party.id, now)
    # One of the twenty is a draft that can be opened.
    lines.remove(next(line for line in lines if line["kind"] == "draft"))
    await tx.execute(insert(InteractionRow), lines)
    draft = await start_filled(tx, actor, journey, now)
    return Citizen(str(actor.party.id), cookie, keys.mac("csrf", session_id.bytes), str(draft))


async def start_filled(tx: Transaction, actor: Actor, journey: Journey, now: datetime) -> UUID:
    """Start a draft in which everything is answered already."""
    draft = new_id()
    begun = Start(journey, RAKVERE, family_of_three(), nothing_known(now))
    await start_draft(tx, actor, draft, begun, at=now, on_draft=draft_saved)
    done = " ".join(step.id for step in journey.steps)
    await tx.execute(update(DraftRow).where(DraftRow.id == draft).values(done=done))
    return draft


def _code(number: int) -> str:
    """Invent an isikukood with one of the serials that nobody has."""
    born = date(1971, 1, 1) + timedelta(days=number // 10)
    front = f"4{born:%y%m%d}99{number % 10}"
    return f"EE{front}{calc_check_digit(front)}"
