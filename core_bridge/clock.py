"""The time, for the parts that run as their own process; everywhere else it is passed in."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time with its zone."""

    def now(self) -> datetime:
        """Return this moment."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return this moment in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the reference core is another system with its own clock
