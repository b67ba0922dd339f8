"""Deciding, and what follows from a decision."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from core_bridge.wire import (
    Application,
    BenefitChanged,
    BenefitState,
    CalculationLine,
    ChallengeDecided,
    ChallengeInfo,
    Decided,
    DocumentRef,
    Ended,
    InForce,
    Outcome,
    Per,
    Period,
    freeze,
)

from .casework import Act, Proceeding, drop_tasks
from .ledger import say
from .paper import decision_paper
from .tables import DecisionRow, DocumentRow
from .words import State


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the official wrote down (SÜS § 26)."""

    outcome: Outcome
    reasons: str
    amount: Decimal | None = None
    per: Per | None = None
    calculation: tuple[CalculationLine, ...] = ()
    first: date | None = None
    last: date | None = None
    condition: str | None = None
    legal_basis: tuple[str, ...] = ()


async def decide(act: Act, proceeding: Proceeding, application: Application, ruling: Ruling) -> None:
    """Make the decision with its paper, and tell it."""
    await drop_tasks(act, proceeding)
    decided = await _decided(act, proceeding, application, ruling)
    document = await _keep_paper(act, proceeding, application, decided)
    told = decided.model_copy(update={"documents": (document,)})
    await act.tx.execute(
        insert(DecisionRow).values(
            id=told.decision_id,
            proceeding_id=proceeding.id,
            number=told.number,
            made_at=act.now,
            body=freeze(told),
        )
    )
    names = set(Decided.model_fields) - {"proceeding_id", "application_id", "core_state"}
    fields: dict[str, Any] = {name: getattr(told, name) for name in names}
    await act.tell(proceeding, Decided, State.DECIDED, **fields)


async def _decided(act: Act, proceeding: Proceeding, application: Application, ruling: Ruling) -> Decided:
    made = select(func.count()).select_from(DecisionRow).where(DecisionRow.proceeding_id == proceeding.id)
    number = int(await act.tx.scalar(made) or 0) + 1
    journey = application.journey
    return Decided(
        proceeding_id=proceeding.id,
        application_id=proceeding.application_id,
        decision_id=str(uuid4()),
        number=f"{proceeding.reference}/{number}",
        title=f"Otsus: {journey.title or journey.id}",
        decided_at=act.now,
        outcome=ruling.outcome,
        amount=ruling.amount,
        per=ruling.per,
        calculation=ruling.calculation,
        period=Period(first=ruling.first, last=ruling.last) if ruling.first else None,
        condition=ruling.condition,
        reasons=ruling.reasons,
        legal_basis=ruling.legal_basis,
        official=act.official,
        challenge=ChallengeInfo(authority=application.authority),
    )


async def _keep_paper(
    act: Act, proceeding: Proceeding, application: Application, decided: Decided
) -> DocumentRef:
    content = decision_paper(application, decided)
    name = f"otsus-{decided.number.replace('/', '-')}.pdf"
    row = {"id": str(uuid4()), "name": name, "media_type": "application/pdf"}
    await act.tx.execute(insert(DocumentRow).values(proceeding_id=proceeding.id, content=content, **row))
    return DocumentRef(
        document_id=row["id"],
        name=name,
        media_type=row["media_type"],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


async def put_in_force(act: Act, proceeding: Proceeding, application: Application) -> None:
    """Start what was granted."""
    latest = await _latest(act, proceeding)
    if latest is None or latest.outcome == Outcome.REFUSED:
        return
    period = latest.period or Period(first=act.now.date())
    benefit_id = str(uuid4())
    chosen = update(DecisionRow).where(DecisionRow.id == latest.decision_id)
    await act.tx.execute(chosen.values(benefit_id=benefit_id))
    await act.tell(proceeding, InForce, State.IN_FORCE, period=period)
    await _benefit(act, application, latest, benefit_id, BenefitState.RUNNING, period)


async def end(act: Act, proceeding: Proceeding, application: Application, *, reason: str) -> None:
    """End the proceeding, and the benefit if one runs (SÜS § 19; HMS § 43)."""
    today = act.now.date()
    await act.tell(proceeding, Ended, State.ENDED, ended_on=today, reason=reason)
    latest = await _latest(act, proceeding)
    if latest is None:
        return
    running = select(DecisionRow.benefit_id).where(DecisionRow.id == latest.decision_id)
    benefit_id = await act.tx.scalar(running)
    if benefit_id is not None:
        first = latest.period.first if latest.period else today
        period = Period(first=first, last=max(first, today))
        await _benefit(act, application, latest, benefit_id, BenefitState.ENDED, period)


async def settle_challenge(
    act: Act, proceeding: Proceeding, challenge_id: UUID, *, satisfied: bool, text: str
) -> None:
    """Decide a vaie (HMS §§ 85-86)."""
    told: dict[str, Any] = {"challenge_id": challenge_id, "satisfied": satisfied, "text": text}
    await act.tell(proceeding, ChallengeDecided, **told)


async def _latest(act: Act, proceeding: Proceeding) -> Decided | None:
    newest = (
        select(DecisionRow.body)
        .where(DecisionRow.proceeding_id == proceeding.id)
        .order_by(DecisionRow.made_at.desc())
        .limit(1)
    )
    body = await act.tx.scalar(newest)
    return None if body is None else Decided.model_validate_json(body)


async def _benefit(
    act: Act,
    application: Application,
    decided: Decided,
    benefit_id: str,
    state: BenefitState,
    period: Period,
) -> None:
    changed = BenefitChanged(
        benefit_id=benefit_id,
        party=application.applicant,
        authority=application.authority,
        application_id=application.application_id,
        proceeding_id=decided.proceeding_id,
        decision_id=decided.decision_id,
        title=application.journey.title or application.journey.id,
        state=state,
        amount=decided.amount,
        currency=decided.currency,
        per=decided.per,
        period=period,
    )
    await say(act.tx, act.core, f"benefits/{benefit_id}", changed, act.now)
