"""What an ID Token says of those whom its person may represent; pure (GovSSO Representee 1.0).

The claims are signed, and still every shape is looked at: what does not fit gives no right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from portal.identity import is_isikukood, is_registry_code

LIST: Final = "representee_list"
ONE: Final = "representee"
_MOST: Final = 2000
_LONGEST: Final = 256


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who may be represented: a natural person or a legal entity."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedList:
    """Those whom GovSSO named at a moment; `people` is None when Pääsuke did not answer, or not in sense."""

    at: datetime
    people: Sequence[Named] | None

    def written(self) -> dict[str, Any]:
        """Give what the session's row keeps."""
        people = None if self.people is None else [[one.code, one.name] for one in self.people]
        return {"at": self.at.isoformat(), "people": people}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "NamedList":
        """Read it back."""
        people = None if kept["people"] is None else [Named(*one) for one in kept["people"]]
        return cls(datetime.fromisoformat(kept["at"]), people)

    def without(self, code: str) -> "NamedList":
        """Leave out somebody whom the person may no longer represent."""
        return NamedList(self.at, self.people and [one for one in self.people if one.code != code])


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whom the person may represent now, and by which roles."""

    who: Named
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Denied:
    """The person may not represent the one asked about."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Pääsuke did not answer, or what it said makes no sense."""


Answer = Confirmed | Denied | Unanswered


def named_list(claims: Mapping[str, Any]) -> NamedList | None:
    """Read the list, if the token holds one; an entry that does not fit is left out."""
    if LIST not in claims:
        return None
    said, at = claims[LIST], datetime.fromtimestamp(int(claims["iat"]), UTC)
    entries = said.get("list") if isinstance(said, dict) else None
    if not isinstance(entries, list) or said.get("status") != "REPRESENTEE_LIST_CURRENT":
        return NamedList(at, None)
    found = {one.code: one for entry in entries[:_MOST] if (one := _named(entry))}
    found.pop(str(claims.get("sub")), None)
    return NamedList(at, list(found.values()))


def answer_about(claims: Mapping[str, Any], code: str) -> Answer:
    """Read what the token says about the one who was asked about; silence about them is no answer."""
    said = claims.get(ONE)
    if not isinstance(said, dict):
        return Unanswered()
    status = said.get("status")
    if status == "REQUESTED_REPRESENTEE_NOT_ALLOWED":
        return Denied()
    who = _named(said)
    if status != "REQUESTED_REPRESENTEE_CURRENT" or who is None or who.code != code:
        return Unanswered()
    mandates = said.get("mandates")
    roles = (
        [one.get("role") for one in mandates if isinstance(one, dict)] if isinstance(mandates, list) else []
    )
    return Confirmed(who, frozenset(role for role in roles if isinstance(role, str)))


def is_representable(code: str) -> bool:
    """Tell whether a code may be asked about: it goes into a scope, so it must be a code and nothing besides."""
    return is_isikukood(code) or is_registry_code(code)


def is_text(value: object) -> bool:
    """Tell whether a value is a text that can be written down: JSON also knows halves of letters."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _named(entry: object) -> Named | None:
    if not isinstance(entry, dict):
        return None
    code = entry.get("sub")
    if not isinstance(code, str):
        return None
    match entry.get("type"):
        case "NATURAL_PERSON" if is_isikukood(code):
            name = _words(entry, "given_name", "family_name")
        case "LEGAL_PERSON" if is_registry_code(code):
            name = _words(entry, "name")
        case _:
            return None
    return Named(code, name) if name else None


def _words(entry: Mapping[str, Any], *names: str) -> str | None:
    words = [entry.get(name, "") for name in names]
    if not all(is_text(word) and len(word) <= _LONGEST for word in words):
        return None
    return " ".join(" ".join(words).split()) or None
