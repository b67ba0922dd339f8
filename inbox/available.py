"""Making a decision available: only when it and its documents are here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from inbox.entries import stamp
from inbox.model.states import State
from inbox.tables import EntryRow, InteractionRow
from inbox.turns import held, restate
from portal.db import Transaction
from portal.notify import plan_notice


async def make_available(tx: Transaction, matter_id: UUID, decision_id: UUID, at: datetime) -> None:
    """Show a decision and plan its notice, unless a document is on its way; a repeat changes nothing."""
    matter = await held(tx, InteractionRow.id == matter_id)
    missing = exists().where(
        EntryRow.of_id == decision_id, EntryRow.kind == "document", EntryRow.file_id.is_(None)
    )
    decision = (
        await tx.execute(
            select(EntryRow).where(
                EntryRow.id == decision_id,
                EntryRow.kind == "decision",
                EntryRow.made_available_at.is_(None),
                ~missing,
            )
        )
    ).first()
    if matter is None or decision is None:
        return
    await stamp(tx, decision_id, made_available_at=at)
    told = decision.content
    words = {
        "decision": {
            "id": str(decision_id),
            "opened": False,
            "outcome": told.get("outcome"),
            "amount": told.get("amount"),
            "challengeDays": told.get("challenge", {}).get("withinDays"),
        },
        "next": None,
    }
    if told.get("coreState"):
        words["coreState"] = told["coreState"]
    after = State.VAIE_DECIDED if decision.what == "challenge" else State.DECIDED
    await restate(tx, matter, at, base=State(matter.words.get("next", after)), words=words)
    await plan_notice(
        tx,
        party_id=matter.party_id,
        only_for=matter.only_for,
        journey=matter.journey,
        kind="decision",
        matter_id=matter_id,
        at=at,
    )
