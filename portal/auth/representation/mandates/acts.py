"""What a person does with a mandate: gives or asks for it, accepts, declines, ends; each in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from portal import audit, notify, outbox
from portal.access.parties import party_id_of
from portal.access.rights import RightState
from portal.auth.representation.mandates import rules, store
from portal.auth.representation.mandates.rules import Fault, Mandate, NotPossible, Side, Terms
from portal.db import Transaction, new_id
from portal.identity import Actor, Party, Right, RightKind

CHECK: Final = "representation.check"
_TOLD: Final = {RightState.OFFERED: "right-given", RightState.ASKED: "right-asked"}


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something with a mandate, and when."""

    actor: Actor
    at: datetime

    @property
    def code(self) -> str:
        """Give the code of the person: nobody gives or takes a mandate in another's name."""
        return self.actor.person.code


async def begin(
    tx: Transaction, act: Act, mandate_id: UUID, by: Side, to: tuple[str, str], terms: Terms, *, checked: bool
) -> UUID:
    """Offer a mandate to somebody, or ask for one; a repeat gives the same id. Raises `NotPossible`."""
    if not act.actor.for_self:
        raise NotPossible(Fault.FOR_ANOTHER)
    code, name = to
    pair = (act.code, code) if by is Side.GRANTOR else (code, act.code)
    mandate = rules.begun(mandate_id, by, *pair, terms, act.at, checked=checked)
    known = await store.locked(tx, mandate_id)
    if known is not None and act.code not in (known.who["grantor"][0], known.who["holder"][0]):
        # A forged id of somebody else's mandate.
        mandate = replace(mandate, id=new_id())
    me, other = [act.code, act.actor.person.name], [code, name]
    ours = "party_id" if by is Side.GRANTOR else "person_id"
    who = {"grantor": me, "holder": other} if by is Side.GRANTOR else {"grantor": other, "holder": me}
    if await store.add(tx, mandate, act.at, who=who, **{ours: act.actor.person.id}):
        await _record(tx, act, "mandate-given" if by is Side.GRANTOR else "mandate-asked", mandate)
        await _begun(tx, mandate, act.at)
    return mandate.id


async def accept(
    tx: Transaction,
    act: Act,
    mandate_id: UUID,
    *,
    checked: bool,
    terms: Terms | None = None,
    notices: bool = False,
) -> Mandate:
    """Accept what waits for this person. Raises `NotPossible`."""
    if not act.actor.for_self:
        raise NotPossible(Fault.FOR_ANOTHER)
    row, before = await _mine(tx, act, mandate_id)
    mandate = rules.accepted(before, act.code, act.at, terms=terms, checked=checked)
    if mandate == before:
        return mandate
    holder = act.code == mandate.holder
    who = {**row.who, "holder" if holder else "grantor": [act.code, act.actor.person.name]}
    mine: dict[str, Any] = (
        {"person_id": act.actor.person.id, "notices": notices}
        if holder
        else {"party_id": act.actor.person.id}
    )
    if row.begun_by == Side.HOLDER:
        # Who asks for the right to be told wants to be told.
        mine["notices"] = True
    await store.change(tx, row, mandate, act.at, who=who, **mine)
    await _record(tx, act, "mandate-accepted", mandate, row)
    if mandate.state is RightState.ACTIVE:
        await _tell(tx, mandate, act.code, "right-given", act.at)
    else:
        await _plan_check(tx, mandate.id, act.at)
    return mandate


async def decline(tx: Transaction, act: Act, mandate_id: UUID) -> None:
    """Decline what waits for this person."""
    row, before = await _mine(tx, act, mandate_id)
    await _over(tx, act, row, before, rules.declined(before, act.code, act.at))


async def end(tx: Transaction, act: Act, mandate_id: UUID) -> None:
    """End a mandate that runs, or take back one's own offer or request; a repeat changes nothing."""
    row, before = await _mine(tx, act, mandate_id)
    await _over(tx, act, row, before, rules.ended(before, act.code, act.at))


async def check(tx: Transaction, mandate_id: UUID, now: datetime, *, able: bool) -> None:
    """Go on with a mandate that waited for the register, now that it has answered."""
    row = await store.locked(tx, mandate_id)
    if row is None or row.state != RightState.UNCHECKED:
        return
    mandate = rules.checked(store.mandate_of(row), now, able=able)
    await store.change(tx, row, mandate, now)
    if mandate.state is RightState.OFFERED:
        await _begun(tx, mandate, now)
    for code in (mandate.grantor, mandate.holder):
        if mandate.state is not RightState.OFFERED:
            kind = "right-given" if mandate.state is RightState.ACTIVE else "right-ended"
            await _tell_one(tx, mandate, code, kind, now)


async def expire(tx: Transaction, now: datetime) -> int:
    """Write down that the time of rights is over, and tell both; tells how many there were."""
    rows = await store.late(tx, now)
    for row in rows:
        await store.lapse(tx, row, now)
        if row.begun_by == "copy":
            continue
        for person_id in {row.party_id, row.person_id} - {None}:
            await notify.plan_told(tx, person_id=person_id, kind="right-ended", about=row.id, at=now)
    return len(rows)


async def _mine(tx: Transaction, act: Act, mandate_id: UUID) -> tuple[Any, Mandate]:
    row = await store.locked(tx, mandate_id)
    if row is None or act.code not in (row.who["grantor"][0], row.who["holder"][0]):
        raise NotPossible(Fault.NOT_YOURS)
    return row, store.mandate_of(row)


async def _over(tx: Transaction, act: Act, row: Any, before: Mandate, mandate: Mandate) -> None:
    if mandate == before:
        return
    await store.change(tx, row, mandate, act.at)
    if mandate.state is RightState.EXPIRED:
        return
    declined = mandate.state is RightState.DECLINED
    await _record(tx, act, "mandate-declined" if declined else "mandate-ended", mandate, row)
    await _tell(tx, mandate, act.code, "right-ended", act.at)


async def _begun(tx: Transaction, mandate: Mandate, at: datetime) -> None:
    if mandate.state is RightState.UNCHECKED:
        await _plan_check(tx, mandate.id, at)
    else:
        began = mandate.grantor if mandate.begun_by is Side.GRANTOR else mandate.holder
        await _tell(tx, mandate, began, _TOLD[mandate.state], at)


async def _plan_check(tx: Transaction, mandate_id: UUID, at: datetime) -> None:
    await outbox.plan(tx, CHECK, stream=f"mandate:{mandate_id}", payload={"mandate": str(mandate_id)}, at=at)


async def _tell(tx: Transaction, mandate: Mandate, by: str, kind: Any, at: datetime) -> None:
    await _tell_one(tx, mandate, mandate.holder if by == mandate.grantor else mandate.grantor, kind, at)


async def _tell_one(tx: Transaction, mandate: Mandate, code: str, kind: Any, at: datetime) -> None:
    person_id = await party_id_of(tx, code)
    if person_id is not None:
        await notify.plan_told(tx, person_id=person_id, kind=kind, about=mandate.id, at=at)


async def _record(tx: Transaction, act: Act, what: str, mandate: Mandate, row: Any = None) -> None:
    """Write it down as the represented person's affair, so that it is shown to both."""
    actor = act.actor
    if act.code == mandate.holder and row is not None and row.party_id is not None:
        party = Party(row.party_id, *row.who["grantor"])
        scope = mandate.terms.scope
        right = Right(RightKind.MANDATE, rules.SOURCE, scope, mandate.terms.valid_until)
        actor = replace(actor, party=party, right=right)
    await audit.record(tx, actor, what, about=mandate.id, at=act.at)
