"""What Minu suhtlus must know of a kind of application: its name and the terms that the law sets; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.calendar import term_end
from portal.texts import Language

Start = Literal["complete", "sent", "decision"]


@dataclass(frozen=True, slots=True)
class Term:
    """A verified term of the law: how long, from what, and which paragraph says so."""

    runs_from: Start
    basis: str
    working_days: int | None = None
    calendar_days: int | None = None

    def last_day(self, start: date) -> date:
        """Count the last day of the term that `start` set running (HMS §§ 33-34)."""
        return term_end(start, working_days=self.working_days, calendar_days=self.calendar_days)


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of application: its names, and the terms of its decision and payment where they are known."""

    names: Mapping[Language, str]
    decision: Term | None = None
    payment: Term | None = None


Services = Callable[[str], Service | None]
"""Finds the service of a journey; another feature knows them, hence it is passed in."""
