"""What is asked of the register: only the fields that are needed, and the headers that it demands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core_bridge.ways import Outgoing, Xtee

PATH: Final = "/v1/isikud"
AT_MOST: Final = 20
"""The register takes so many codes in one question."""

_BLOCKS: Final = (
    *("isikuandmed", "muudPerenimedDetail", "kodakondsused", "isikuAadressid", "isikuKontaktid"),
    *("dokumendid", "suhted", "hooldusoigused"),
)


class Wanted(StrEnum):
    """The kinds of question."""

    CUSTODY = "custody"
    CAPACITY = "capacity"


_FIELDS: Final[dict[Wanted, dict[str, list[str]]]] = {
    Wanted.CUSTODY: {
        "isikuandmed": ["Isikukood", "Eesnimi", "Perekonnanimi", "SynniKuupaev", "IsikuStaatus"],
        "hooldusoigused": [
            *("Liik", "Staatus", "HooldusoigusAlgus", "TeineIsikIsikukood", "TeineIsikOlek"),
            *("TeineIsikEesnimi", "TeineIsikPerenimi"),
        ],
    },
    # Whether somebody may act for themselves needs no names.
    Wanted.CAPACITY: {
        "isikuandmed": ["Isikukood", "SynniKuupaev", "IsikuStaatus"],
        "hooldusoigused": ["Liik", "Staatus", "HooldusoigusAlgus", "TeineIsikIsikukood", "TeineIsikOlek"],
    },
}


def body(codes: Sequence[str], wanted: Wanted) -> bytes:
    """Write a question; a block without fields is left out of the answer."""
    if not 0 < len(codes) <= AT_MOST:
        raise ValueError(f"a question is about 1 to {AT_MOST} people")
    fields = {block: _FIELDS[wanted].get(block, []) for block in _BLOCKS}
    return json.dumps({"isikukoodid": list(codes), "andmevaljad": fields}).encode()


@dataclass(frozen=True, slots=True)
class RegisterWay:
    """Through X-tee, with the reason that the register wants to hear."""

    xtee: Xtee
    reason: str

    def url(self, call: Outgoing) -> str:
        """Return the full address."""
        return self.xtee.url(call)

    def headers(self, call: Outgoing) -> dict[str, str]:
        """Return the headers of X-tee, and `RR-Request-Reason`."""
        return {**self.xtee.headers(call), "RR-Request-Reason": self.reason}
