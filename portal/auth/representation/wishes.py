"""Whether somebody wants to be told of the matters of those they represent.

A right whose source is elsewhere is copied here for that, with its end; the copy lets nobody act.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from portal import audit
from portal.access.parties import party_of
from portal.access.rights import RightRow, RightState
from portal.auth.representation.sources import Representee
from portal.db import Transaction, new_id
from portal.identity import Actor

_COPY: Final = "copy"


async def listen(tx: Transaction, actor: Actor, found: Representee, at: datetime) -> None:
    """Write down that the person wants to be told about somebody whom they may represent."""
    if found.right_id is not None:
        mine = (RightRow.id == found.right_id) & (RightRow.holder == actor.person.code)
        await tx.execute(
            update(RightRow).where(mine, RightRow.state == RightState.ACTIVE).values(notices=True)
        )
    else:
        await _copy(tx, actor, found, at)
    await audit.record(tx, actor, "notices-wanted", about=actor.person.id, at=at)


async def hush(tx: Transaction, actor: Actor, source: str, code: str, at: datetime) -> None:
    """Write down that the person wants to be told no more."""
    pair = (RightRow.holder == actor.person.code) & (RightRow.grantor == code) & (RightRow.source == source)
    await tx.execute(update(RightRow).where(pair, RightRow.begun_by != _COPY).values(notices=False))
    await forget(tx, actor, source, code)
    await audit.record(tx, actor, "notices-unwanted", about=actor.person.id, at=at)


async def forget(tx: Transaction, actor: Actor, source: str, code: str) -> None:
    """Forget the copy of a right that has gone at its source."""
    await tx.execute(delete(RightRow).where(RightRow.pair == _pair(actor, source, code)))


async def _copy(tx: Transaction, actor: Actor, found: Representee, at: datetime) -> None:
    assert found.right is not None
    party_id = await party_of(tx, found.code, found.name)
    pair = _pair(actor, found.source, found.code)
    told: dict[str, Any] = {
        "kind": found.right.kind,
        "scope": sorted(found.right.scope),
        "valid_until": found.right.named_end,
        "state": RightState.ACTIVE,
        "notices": True,
    }
    known = await tx.scalar(select(RightRow.id).where(RightRow.pair == pair).with_for_update())
    if known is not None:
        await tx.execute(update(RightRow).where(RightRow.id == known).values(**told))
        return
    row = {
        "id": new_id(),
        "source": found.source,
        "pair": pair,
        "grantor": found.code,
        "holder": actor.person.code,
        "party_id": party_id,
        "person_id": actor.person.id,
        "who": {"grantor": [found.code, found.name], "holder": [actor.person.code, actor.person.name]},
        "begun_by": _COPY,
        "begun_at": at,
    }
    await tx.execute(insert(RightRow), {**row, **told})


def _pair(actor: Actor, source: str, code: str) -> str:
    return f"{_COPY}:{source}:{code}:{actor.person.code}"
