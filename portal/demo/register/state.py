"""What the simulated register knows: the demo's people, and who may represent whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from portal.demo.people import PEOPLE, DemoPerson, person
from portal.demo.register.faults import Faults

ALIVE: Final = "E"
DEAD: Final = "X0"
VALID: Final = "H1"
ENDED: Final = "X2"
PARENT: Final = ("H10", "H20")
CHILD_GUARDIAN: Final = ("X30",)
FOSTER_PARENT: Final = ("X50",)
ADULT_GUARDIAN: Final = ("X40",)
WARD: Final = ("X41",)

INVENTED_CODES: Final[Mapping[str, Sequence[str]]] = {
    "dead": [DEAD],
    "child_guardian": CHILD_GUARDIAN,
    "foster_parent": FOSTER_PARENT,
    "adult_guardian": ADULT_GUARDIAN,
    "ward": WARD,
}
"""What an installation that asks this register must be told of its codes."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody has, or had, a right over somebody; codes have their country."""

    holder: str
    ward: str
    kinds: Sequence[str]
    since: date
    state: str = VALID

    @property
    def mirrored(self) -> Sequence[str]:
        """The kinds as they stand on the ward's own record."""
        return WARD if self.kinds == ADULT_GUARDIAN else self.kinds


def family() -> list[Link]:
    """Read children and wards out of the demo's people; custody begins at birth."""
    parents = [
        Link(one.code, child, PARENT, person(child).birthdate) for one in PEOPLE for child in one.children
    ]
    guardians = [
        Link(one.code, ward, ADULT_GUARDIAN, date(2019, 4, 2)) for one in PEOPLE for ward in one.wards
    ]
    return parents + guardians


@dataclass(slots=True)
class Register:
    """The register's memory and its faults; `asked` keeps the headers and bodies of what was asked."""

    people: dict[str, DemoPerson] = field(default_factory=lambda: {one.code: one for one in PEOPLE})
    links: list[Link] = field(default_factory=family)
    dead: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    asked: list[tuple[Mapping[str, str], Mapping[str, object]]] = field(default_factory=list)

    def status(self, code: str) -> str:
        """Tell whether somebody lives."""
        return DEAD if code in self.dead else ALIVE

    def end(self, holder: str, ward: str) -> None:
        """End whatever right the one has over the other, or give it back."""
        for number, link in enumerate(self.links):
            if (link.holder, link.ward) == (holder, ward):
                self.links[number] = replace(link, state=ENDED if link.state == VALID else VALID)

    def bury(self, code: str) -> None:
        """Let somebody be dead, or alive again."""
        self.dead ^= {code}

    def begin_anew(self) -> None:
        """Forget everything that was changed by hand."""
        fresh = Register()
        self.people, self.links, self.dead = fresh.people, fresh.links, fresh.dead
        self.faults.clear()
