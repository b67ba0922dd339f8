"""Pääsuke behind GovSSO: who may act for whom, told as claims of an ID Token (GovSSO Representee 1.0)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

REPRESENTEE: Final = "representee."
LIST: Final = "representee_list"
_SUB: Final = re.compile(r"[A-Z]{2}\S{1,256}")
_SILENT: Final = {"status": "SERVICE_NOT_AVAILABLE"}


@dataclass(frozen=True, slots=True)
class Mandate:
    """A right to act for somebody: a legal person has only a `name`, a natural one a given and a family name."""

    delegate: str
    representee: str
    roles: tuple[str, ...]
    name: str = ""
    given_name: str = ""
    family_name: str = ""

    @property
    def person(self) -> dict[str, str]:
        """Name the representee as the claims do."""
        if self.name:
            return {"sub": self.representee, "type": "LEGAL_PERSON", "name": self.name}
        names = {"given_name": self.given_name, "family_name": self.family_name}
        return {"sub": self.representee, "type": "NATURAL_PERSON", **names}


@dataclass(slots=True)
class Paasuke:
    """The register: its mandates, those withdrawn for now, and whether it answers."""

    mandates: Sequence[Mandate] = ()
    withdrawn: set[Mandate] = field(default_factory=set)
    down: bool = False

    def claims(self, sub: str, scope: Sequence[str]) -> dict[str, Any]:
        """Give what the scope of a token request asks for; without a representation scope nothing."""
        claims: dict[str, Any] = {}
        if LIST in scope:
            claims[LIST] = _SILENT if self.down else self._list(sub)
        for code in named(scope):
            # Who asks about themselves gets no claim: they act for themselves.
            if code not in (sub, "*"):
                claims["representee"] = _SILENT if self.down else self._one(sub, code)
        return claims

    def switch(self, index: int) -> None:
        """Withdraw a mandate, or give it back."""
        if 0 <= index < len(self.mandates):
            self.withdrawn ^= {self.mandates[index]}

    def _list(self, sub: str) -> dict[str, Any]:
        people = [one.person for one in self._held(sub)]
        return {"status": "REPRESENTEE_LIST_CURRENT", "list": people}

    def _one(self, sub: str, code: str) -> dict[str, Any]:
        held = [one for one in self._held(sub) if one.representee == code]
        if not held:
            return {"status": "REQUESTED_REPRESENTEE_NOT_ALLOWED"}
        mandates = [{"role": role} for one in held for role in one.roles]
        return {"status": "REQUESTED_REPRESENTEE_CURRENT", **held[0].person, "mandates": mandates}

    def _held(self, sub: str) -> list[Mandate]:
        return [one for one in self.mandates if one.delegate == sub and one not in self.withdrawn]


def named(scope: Sequence[str]) -> list[str]:
    """List those whom a scope names; `*` stands for the right to name somebody later."""
    return [one.removeprefix(REPRESENTEE) for one in scope if one.startswith(REPRESENTEE)]


def granted(wanted: Sequence[str], at_login: Sequence[str]) -> bool:
    """Tell whether the scope of a renewal was granted at login; one representee at most may be named."""
    codes = named(wanted)
    if len(codes) > 1 or not all(_SUB.fullmatch(code) for code in codes):
        return False
    plain = {one for one in wanted if not one.startswith(REPRESENTEE)}
    return plain <= set(at_login) and (not codes or f"{REPRESENTEE}*" in at_login)
