"""The only place that knows the time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TALLINN = ZoneInfo("Europe/Tallinn")


class Clock(Protocol):
    """Tells the moment and the legal day."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        ...

    def today(self) -> date:
        """Tell the legal day: that of Tallinn."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251

    def today(self) -> date:
        """Tell the day in Tallinn."""
        return self.now().astimezone(TALLINN).date()


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved; tests own the time."""

    moment: datetime

    def now(self) -> datetime:
        """Tell the moment it was set to, in UTC."""
        return self.moment.astimezone(UTC)

    def today(self) -> date:
        """Tell the day in Tallinn."""
        return self.moment.astimezone(TALLINN).date()

    def advance(self, **by: float) -> None:
        """Move on by a `timedelta` given in keywords."""
        self.moment += timedelta(**by)
