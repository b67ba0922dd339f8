"""Taking an application back: possible until the proceeding ends (HMS § 14(8))."""

from uuid import UUID

from core_bridge.wire import Withdrawal
from inbox.acts import Act, Closed, first_time, own_matter
from inbox.entries import enter
from inbox.model.states import UNDECIDED
from inbox.outgoing import WITHDRAWAL, Outgoing, plan_outgoing, submitted_by, written_by
from inbox.turns import Matter, restate
from portal import audit, notify
from portal.db import Transaction


def may_withdraw(matter: Matter) -> bool:
    """Tell whether the application can be taken back."""
    return (
        matter.kind in ("application", "proceeding")
        and matter.sent_at is not None
        and matter.withdrawal_at is None
        and matter.state in UNDECIDED
    )


async def withdraw(tx: Transaction, act: Act, matter_id: UUID, reason: str) -> None:
    """Ask for the application back; it is back when the core says so. Raises `Closed`, `Repeated`."""
    matter = await own_matter(tx, act.actor, matter_id)
    await first_time(tx, act)
    if not may_withdraw(matter):
        raise Closed
    asked = {"author": written_by(act.actor), "reason": reason}
    await enter(tx, matter.id, "event", "withdrawal_asked", act.at, asked, entry_id=act.id)
    await restate(tx, matter, act.at, withdrawal_at=act.at)
    await audit.record(tx, act.actor, "application-withdrawn", about=matter_id, at=act.at)
    await notify.plan_acted(tx, act.actor, about=matter_id, at=act.at)
    body = Withdrawal(submitted_by=submitted_by(act.actor), reason=reason or None, sent_at=act.at)
    await plan_outgoing(tx, act.actor, Outgoing(WITHDRAWAL, matter.core, matter.id, act.id, body), act.at)
