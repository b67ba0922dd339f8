"""One event on its way into our tables."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core_bridge.wire import Event, EventData, PartyRef, RepresentationChanged
from portal.db import Transaction


class Waits(Exception):
    """The event cannot be applied yet; its stream waits. The text is for operators: no personal data."""


@dataclass(frozen=True, slots=True)
class News:
    """An event, the core that said it, and the moment at which it is applied."""

    core: str
    event: Event
    at: datetime

    @property
    def happened_at(self) -> datetime:
        """When the core says it happened."""
        return self.event.time


Applier = Callable[[Transaction, News, Any], Awaitable[None]]
"""Brings one type of event into our tables; raises `Waits`."""

RightChanged = Callable[[Transaction, str, RepresentationChanged], Awaitable[None]]
"""What another feature does when a core says that a right of representation begins, changes or ends."""


def party_code(party: PartyRef | None) -> PartyRef:
    """Give the party that the event must name when no matter of ours does; raises `Waits`."""
    if party is None:
        raise Waits("an unknown matter")
    return party


def told(data: EventData) -> dict[str, Any]:
    """Give what the core said, as it is kept in an entry."""
    return data.model_dump(mode="json", by_alias=True, exclude_none=True)
