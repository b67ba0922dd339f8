"""What an entry is: whose, to what, in which language; every grade of it is made from this."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from portal.authorities import Authority, by_slug
from portal.texts import LANGUAGES, Language

MOST: Final = 20


class Kind(StrEnum):
    """To what the entry leads."""

    SERVICES = "services"
    MATTER = "matter"


class Look(StrEnum):
    """How much room it takes."""

    CARD = "card"
    BUTTON = "button"


class Grade(StrEnum):
    """By which means it stands on the page."""

    LINK = "link"
    FRAME = "frame"
    ELEMENT = "element"
    OEMBED = "oembed"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that can be applied for; `danger` where emergency numbers must stand beside it."""

    id: str
    names: Mapping[Language, str]
    summaries: Mapping[Language, str]
    danger: bool = False


Services = Callable[[str], Sequence[Service]]
"""Finds the services of a municipality by its code."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in; `chosen` is empty when nothing was chosen, and then it leads to everything."""

    place: Authority
    chosen: tuple[Service, ...]
    offered: tuple[Service, ...]
    lang: Language
    kind: Kind = Kind.SERVICES
    look: Look = Look.CARD

    @property
    def services(self) -> tuple[Service, ...]:
        """The services it shows."""
        return self.chosen or self.offered

    @property
    def only(self) -> Service | None:
        """The one service it is about, if it is about one."""
        return self.chosen[0] if self.kind is Kind.SERVICES and len(self.chosen) == 1 else None

    @property
    def counted(self) -> tuple[str, ...]:
        """The ids that its being seen counts for; one empty id for what is about no service."""
        return ("",) if self.kind is Kind.MATTER else tuple(each.id for each in self.services)

    @property
    def height(self) -> int:
        """Return the room it takes at 320 px, which a page keeps for it."""
        if self.look is Look.BUTTON:
            return 8 + 64 * (1 if self.kind is Kind.MATTER else len(self.services))
        if self.kind is Kind.MATTER:
            return 320
        numbers = 140 if any(each.danger for each in self.services) else 0
        return numbers + (390 if self.only else (316 if self.chosen else 272) + 56 * len(self.services))

    def query(self, **more: str) -> str:
        """Write what the addresses of its data and its frame carry."""
        said = {"services": ",".join(each.id for each in self.chosen)} if self.chosen else {}
        if self.kind is Kind.MATTER:
            said = {"kind": self.kind}
        return urlencode({**said, "lang": self.lang, **more}, safe=",")

    def go(self, service: Service | None, grade: Grade, *, matter: bool = False, back: str = "") -> str:
        """Write the path that opens the portal: at a service, at all of them, or at what was applied for."""
        end = f"/{service.id}" if service else ""
        said = {"kind": str(Kind.MATTER)} if matter else {}
        said |= {"lang": self.lang, "via": grade}
        return f"/embed/v1/go/{self.place.slug}{end}?{urlencode(said | ({'back': back} if back else {}))}"


def municipality(slug: str) -> Authority | None:
    """Return the municipality of that name in addresses."""
    found = by_slug(slug)
    return None if found is None or found.kind == "amet" else found


def entry_of(place: Authority, offered: Sequence[Service], chosen: Collection[str], **said: str) -> Entry:
    """Make an entry of what an address says; what is not known counts as not said."""
    lang = next((each for each in LANGUAGES if each == said.get("lang")), LANGUAGES[0])
    kind = Kind.MATTER if said.get("kind") == Kind.MATTER else Kind.SERVICES
    look = Look.BUTTON if said.get("look") == Look.BUTTON else Look.CARD
    # In the order chosen, each once: an entry must not grow by repeating.
    known = {each.id: each for each in offered}
    picked = tuple(known[name] for name in dict.fromkeys(chosen) if name in known)[:MOST]
    return Entry(place, () if kind is Kind.MATTER else picked, tuple(offered), lang, kind, look)
