"""Who a person is, for whom they act, and how surely we know it."""

import re
from calendar import isleap
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from stdnum.ee import ik, registrikood


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person, as GovSSO names them; `code` has its country prefix (`EE38001085718`)."""

    id: UUID
    code: str
    given_name: str
    family_name: str
    birthdate: date | None = None

    @property
    def name(self) -> str:
        """Both names, as written on the person's documents."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Party:
    """Whose matter it is: a person or a legal entity."""

    id: UUID
    code: str
    name: str

    @property
    def is_legal_entity(self) -> bool:
        """Tell whether this is an entity of the business or non-profit register."""
        return is_registry_code(self.code)


class RightKind(StrEnum):
    """By what right somebody acts (HMS §§ 12-13)."""

    SELF = "self"
    PARENT = "parent"
    CHILD_GUARDIAN = "child_guardian"
    ADULT_GUARDIAN = "adult_guardian"
    FOSTER_PARENT = "foster_parent"
    MANDATE = "mandate"


class Ability(StrEnum):
    """What a right of representation lets somebody do; a mandate may give some and not others."""

    SEE = "see"
    FILL = "fill"
    SEND = "send"
    NOTICES = "notices"


ALL_ABILITIES: Final = frozenset(Ability)
SELF_SOURCE: Final = "self"
PAASUKE: Final = "paasuke"
OF_AGE: Final = 18
"""Full active legal capacity begins here (TsÜS § 8 (2))."""

# Exactly so: the library forgives spaces and other digits, and a code is compared and sent on as it is.
_ISIKUKOOD: Final = re.compile(r"EE[0-9]{11}")
_REGISTRY_CODE: Final = re.compile(r"EE[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Right:
    """A right of representation: its source, its scope and its end (the first moment at which it is over).

    The scope holds abilities, and where the right is not for everything the services (`service:…`, a journey's
    id) and matters (`matter:…`) that it is for. One's own right needs no scope.
    """

    kind: RightKind
    source: str = SELF_SOURCE
    scope: frozenset[str] = field(default_factory=frozenset)
    valid_until: datetime | None = None

    @property
    def named_end(self) -> datetime | None:
        """The end that the source has named; Pääsuke names none, there `valid_until` is how long its answer is good."""
        return None if self.source == PAASUKE else self.valid_until

    def is_over(self, now: datetime) -> bool:
        """Tell whether the right has ended."""
        return self.valid_until is not None and now >= self.valid_until

    def allows(self, ability: Ability) -> bool:
        """Tell whether the right lets somebody do this."""
        return self.kind is RightKind.SELF or ability in self.scope

    @property
    def is_limited(self) -> bool:
        """Tell whether the right is for some services or matters only."""
        return any(":" in each for each in self.scope)

    def covers(self, matter_id: UUID | None, journey: str | None) -> bool:
        """Tell whether the right reaches a matter, or with `matter_id` None a new one of that journey."""
        if not self.is_limited:
            return True
        return f"service:{journey}" in self.scope or f"matter:{matter_id}" in self.scope


class Assurance(StrEnum):
    """How strongly the person was recognised."""

    GOVSSO = "govsso"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who clicks, for whom, by what right, how strongly signed in."""

    person: Person
    party: Party
    right: Right
    assurance: Assurance

    @property
    def for_self(self) -> bool:
        """Tell whether the person acts in their own matter."""
        return self.person.id == self.party.id


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: the actor, the token its forms must carry, when it ends, and how many matters wait for them.

    `renew_from` is when the browser should ask GovSSO for more time; None for a session that cannot be renewed.
    """

    session_id: UUID
    actor: Actor
    csrf: str
    ends_at: datetime
    renew_from: datetime | None
    waiting: int = 0


def is_registry_code(code: str) -> bool:
    """Tell whether `code` (with `EE`) is the registry code of a legal entity."""
    return bool(_REGISTRY_CODE.fullmatch(code) and registrikood.is_valid(code[2:]))


def is_isikukood(code: str) -> bool:
    """Tell whether `code` (with `EE`) is an Estonian personal code; an eIDAS code is not one."""
    return bool(_ISIKUKOOD.fullmatch(code) and ik.is_valid(code[2:]))


@lru_cache(maxsize=1024)
def birth_date(code: str) -> date | None:
    """Read the birth date out of an isikukood; None for any other code."""
    if not is_isikukood(code):
        return None
    born: date = ik.get_birth_date(code[2:])
    return born


def birthday(born: date, year: int) -> date:
    """Tell the birthday in a year; who was born on 29 February has it on the 28th where there is no 29th.

    A right over a child ends with a birthday, and must not outlive its ground by a day that could be disputed.
    """
    day = 28 if (born.month, born.day) == (2, 29) and not isleap(year) else born.day
    return date(year, born.month, day)


def age_on(born: date, day: date) -> int:
    """Tell the full years; a year is full when its birthday begins."""
    return day.year - born.year - (day < birthday(born, day.year))


def is_child(code: str, day: date) -> bool | None:
    """Tell whether the person of a code is a minor on a day; None when the code does not tell the age."""
    born = birth_date(code)
    return None if born is None else age_on(born, day) < OF_AGE
