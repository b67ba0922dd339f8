"""Rights of representation by an official's decision: told in the feed, and read back out of it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from core_bridge.wire import Event, RepresentationChanged

from .casework import Act
from .database import Session
from .ledger import say
from .tables import ChangeRow


async def tell_right(act: Act, right: RepresentationChanged) -> None:
    """Say how a right stands now, whole."""
    await say(act.tx, act.core, f"rights/{right.right_id}", right, act.now)


async def rights(session: Session) -> Sequence[RepresentationChanged]:
    """List the rights as they were last told, the newest first."""
    last = (
        select(func.max(ChangeRow.number))
        .where(ChangeRow.subject.like("rights/%"))
        .group_by(ChangeRow.subject)
    )
    found = await session.scalars(
        select(ChangeRow.body).where(ChangeRow.number.in_(last)).order_by(ChangeRow.number.desc())
    )
    told = [Event.model_validate_json(body).data for body in found]
    return [each for each in told if isinstance(each, RepresentationChanged)]
