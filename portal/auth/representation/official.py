"""Rights that a core tells of, by an official's decision; what we do not understand gives no right."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from core_bridge.wire import RepresentationChanged
from portal import audit, notify
from portal.access.parties import party_of
from portal.access.rights import RightRow, RightState
from portal.auth import sessions
from portal.auth.representation.custody import comes_of_age
from portal.auth.representation.endings import OVER_MINORS, end_one
from portal.auth.representation.kept import OFFICIAL
from portal.clock import Clock
from portal.db import Transaction, new_id
from portal.identity import ALL_ABILITIES, Ability, RightKind, birth_date, is_isikukood

_KINDS: Final = OVER_MINORS | {RightKind.ADULT_GUARDIAN, RightKind.MANDATE}


def right_changed(clock: Clock) -> Callable[[Transaction, str, RepresentationChanged], Awaitable[None]]:
    """Give what is to be done when a core tells that a right began, changed or ended."""

    async def changed(tx: Transaction, core: str, data: RepresentationChanged) -> None:
        await _changed(tx, core, data, clock.now())

    return changed


async def _changed(tx: Transaction, core: str, data: RepresentationChanged, now: datetime) -> None:
    pair = f"{OFFICIAL}:{core}:{data.right_id}"
    known = (await tx.execute(select(RightRow).where(RightRow.pair == pair).with_for_update())).first()
    told = _told(data, now)
    if known is None and told is None:
        return
    if known is None:
        assert told is not None
        await _begin(tx, pair, data, told, now)
    elif told is None:
        await end_one(tx, now, known.id, "source")
    elif [data.party.code, data.representative.code] != [known.who["grantor"][0], known.who["holder"][0]]:
        # A right does not pass to other people: the old one has ended, and this is a new one.
        await end_one(tx, now, known.id, "source")
        await _begin(tx, pair, data, told, now)
    elif any(getattr(known, name) != value for name, value in told.items()):
        # Sessions learn the new scope from the source, when they choose again.
        await sessions.end_right(tx, now, right_id=known.id)
        await tx.execute(update(RightRow).where(RightRow.id == known.id).values(**told))


async def _begin(
    tx: Transaction, pair: str, data: RepresentationChanged, told: dict[str, Any], now: datetime
) -> UUID:
    party_id = await party_of(tx, data.party.code, data.party.name)
    person_id = await party_of(tx, data.representative.code, data.representative.name)
    right_id = new_id()
    row = {
        "id": right_id,
        "source": OFFICIAL,
        "state": RightState.ACTIVE,
        "pair": pair,
        "grantor": data.party.code,
        "holder": data.representative.code,
        "party_id": party_id,
        "person_id": person_id,
        "who": {
            "grantor": [data.party.code, data.party.name],
            "holder": [data.representative.code, data.representative.name],
        },
        "begun_by": OFFICIAL,
        "begun_at": now,
        "accepted_at": now,
        "notices": False,
    }
    await tx.execute(insert(RightRow), {**row, **told})
    await audit.record(tx, None, "official-right-told", about=right_id, at=now)
    for one in (party_id, person_id):
        await notify.plan_told(tx, person_id=one, kind="right-given", about=right_id, at=now)
    return right_id


def _told(data: RepresentationChanged, now: datetime) -> dict[str, Any] | None:
    """Read what the core said; None for a right that has ended, or that cannot be understood."""
    kind = next((kind for kind in _KINDS if kind == data.kind), None)
    scope = _scope(data.scope)
    own = data.party.code == data.representative.code
    if not data.active or kind is None or scope is None or own or not is_isikukood(data.representative.code):
        return None
    until = data.valid_until
    if kind in OVER_MINORS:
        born = birth_date(data.party.code)
        if born is None:
            return None
        until = min(filter(None, (until, comes_of_age(born))))
    if until is not None and until <= now:
        return None
    return {"kind": kind, "scope": sorted(scope), "last_day": None, "valid_until": until}


def _scope(lines: tuple[str, ...]) -> frozenset[str] | None:
    """Read a scope: none named is everything; one unknown word may be a limit, so all of it is refused."""
    limits = {line for line in lines if _is_limit(line)}
    abilities = {line for line in lines if line in ALL_ABILITIES}
    if len(limits) + len(abilities) != len(set(lines)):
        return None
    return frozenset(limits | (abilities | {Ability.SEE} if abilities else ALL_ABILITIES))


def _is_limit(line: str) -> bool:
    kind, _, named = line.partition(":")
    if kind == "service":
        return bool(named)
    if kind != "matter":
        return False
    try:
        return str(UUID(named)) == named
    except ValueError:
        return False
