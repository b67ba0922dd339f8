"""On whose behalf somebody applies: their own, a child's, another adult's; and whose draft it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from portal.identity import Actor, RightKind, is_child

ActingFor = Literal["self", "child", "adult"]
Applicant = Literal["child", "adult"]

CIRCUMSTANCES: Final = frozenset({"acting_for", "applicant", "own_draft"})
"""What conditions may ask beside the answers."""

_FOR_CHILDREN: Final = frozenset({RightKind.PARENT, RightKind.CHILD_GUARDIAN, RightKind.FOSTER_PARENT})


@dataclass(frozen=True, slots=True)
class Behalf:
    """Who applies for whom; `own_draft` says that the actor began the draft."""

    acting_for: ActingFor
    applicant: Applicant
    own_draft: bool = True

    @classmethod
    def of(cls, actor: Actor, day: date, begun_by: UUID | None = None) -> "Behalf":
        """Tell it of an actor on a day; where the party's code does not tell the age, the right does."""
        child = is_child(actor.party.code, day)
        if child is None:
            child = actor.right.kind in _FOR_CHILDREN
        applicant: Applicant = "child" if child else "adult"
        acting_for: ActingFor = "self" if actor.for_self else applicant
        return cls(acting_for, applicant, begun_by in (None, actor.person.id))

    def values(self) -> Mapping[str, str | bool]:
        """Give what conditions see of it."""
        return {"acting_for": self.acting_for, "applicant": self.applicant, "own_draft": self.own_draft}


ONESELF: Final = Behalf("self", "adult")
"""An adult who applies for themselves."""
