"""Opening a decision: the day from which the person knows of it (HMS §§ 27, 75; SÜS § 27)."""

from uuid import UUID

from core_bridge.wire import DecisionReceipt
from inbox.acts import Act, Closed, entry_of, own_matter
from inbox.entries import stamp
from inbox.outgoing import RECEIPT, Outgoing, person_ref, plan_outgoing, written_by
from inbox.turns import restate
from portal import audit, notify
from portal.calendar import tallinn_day
from portal.db import Transaction


async def open_decision(tx: Transaction, act: Act, matter_id: UUID, decision_id: UUID) -> None:
    """Open a decision once; the first opening counts, a repeat changes nothing. Raises `Closed`."""
    matter = await own_matter(tx, act.actor, matter_id)
    decision = await entry_of(tx, matter, "decision", decision_id)
    if decision.made_available_at is None:
        raise Closed
    if decision.opened_at is not None:
        return
    content = {**decision.content, "openedBy": written_by(act.actor)}
    await stamp(tx, decision.id, opened_at=act.at, content=content)
    told = matter.words.get("decision", {})
    if told.get("id") == str(decision_id):
        words = {"decision": {**told, "opened": True, "openedOn": tallinn_day(act.at).isoformat()}}
        await restate(tx, matter, matter.updated_at, words=words, due_on=matter.due_on)
    await audit.record(tx, act.actor, "decision-opened", about=decision_id, at=act.at)
    await notify.plan_acted(tx, act.actor, about=matter_id, at=act.at)
    if decision.what == "decision":
        body = DecisionReceipt(
            opened_by=person_ref(act.actor),
            opened_at=act.at,
            made_available_at=decision.made_available_at,
            notice_sent_at=decision.notice_sent_at,
        )
        receipt = Outgoing(RECEIPT, matter.core, matter.id, decision.id, body, path=decision.core_id)
        await plan_outgoing(tx, act.actor, receipt, act.at)
