"""What the citizen writes under a proceeding: replies, a withdrawal, receipts, challenges."""

from sqlalchemy import insert, update

from core_bridge.problems import Refusal
from core_bridge.wire import DecisionReceipt, Withdrawn

from . import casework
from .casework import Act, Proceeding
from .database import Transaction
from .tables import DecisionRow, PaperRow
from .words import DECIDED, State


async def existing(tx: Transaction, proceeding_id: str) -> Proceeding:
    """Return the proceeding, or refuse: it may not be known here yet."""
    found = await casework.proceeding(tx, proceeding_id)
    if found is None:
        raise Refusal(404, "proceeding-unknown", "There is no such proceeding here.")
    return found


async def file_away(act: Act, proceeding: Proceeding, kind: str, path: str, body: bytes) -> None:
    """Keep the paper as it came."""
    row = {"path": path, "kind": kind, "body": body, "received_at": act.now}
    await act.tx.execute(insert(PaperRow).values(proceeding_id=proceeding.id, **row))


async def withdraw(act: Act, proceeding: Proceeding) -> None:
    """Take the application back (HMS § 14(8)): possible until it is decided."""
    if State(proceeding.state) in DECIDED:
        raise Refusal(422, "already-closed", "The proceeding is already decided or closed.")
    await casework.drop_tasks(act, proceeding)
    await act.tell(proceeding, Withdrawn, State.WITHDRAWN, withdrawn_at=act.now)


async def opened(act: Act, proceeding: Proceeding, decision_id: str, receipt: DecisionReceipt) -> None:
    """Note when the citizen opened the decision."""
    noted = await act.tx.execute(
        update(DecisionRow)
        .where(DecisionRow.id == decision_id, DecisionRow.proceeding_id == proceeding.id)
        .values(opened_at=receipt.opened_at)
    )
    if noted.rowcount != 1:
        raise Refusal(404, "decision-unknown", "There is no such decision here.")
