"""Who a person is, for whom they act, and how surely we know it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from stdnum.ee import ik


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


class RightKind(StrEnum):
    """By what right somebody acts (HMS §§ 12-13)."""

    SELF = "self"
    PARENT = "parent"
    CHILD_GUARDIAN = "child_guardian"
    ADULT_GUARDIAN = "adult_guardian"
    FOSTER_PARENT = "foster_parent"
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True)
class Right:
    """A right of representation, its source, its scope and its end."""

    kind: RightKind
    source: str = "self"
    scope: frozenset[str] = field(default_factory=frozenset)
    valid_until: datetime | None = None


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
    """A live session: the actor, the token its forms must carry, when it ends, and how many matters wait for them."""

    session_id: UUID
    actor: Actor
    csrf: str
    ends_at: datetime
    renew_from: datetime
    waiting: int = 0


def is_isikukood(code: str) -> bool:
    """Tell whether `code` (with `EE`) is an Estonian personal code; an eIDAS code is not one."""
    return code.startswith("EE") and bool(ik.is_valid(code[2:]))


def birth_date(code: str) -> date | None:
    """Read the birth date out of an isikukood; None for any other code."""
    if not is_isikukood(code):
        return None
    born: date = ik.get_birth_date(code[2:])
    return born
