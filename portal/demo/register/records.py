"""Writing records as the register writes them: only the fields that were asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from portal.demo.register.state import ALIVE, ENDED, VALID, Link, Register

_NAMES: Final = {
    ALIVE: "ELUS",
    "X0": "SURNUD",
    VALID: "kehtiv",
    ENDED: "lõppenud",
    "H10": "täielik isikuhooldusõigus",
    "H20": "täielik varahooldusõigus",
    "X30": "lapse eestkostja (näidis)",
    "X40": "täisealise eestkostja (näidis)",
    "X41": "eestkostetav (näidis)",
    "X50": "hoolduspere vanem (näidis)",
}
PERSON_FIELDS: Final = frozenset({"Isikukood", "Eesnimi", "Perekonnanimi", "SynniKuupaev", "IsikuStaatus"})
CUSTODY_FIELDS: Final = frozenset(
    {
        *("Liik", "Staatus", "HooldusoigusAlgus", "TeineIsikIsikukood", "TeineIsikOlek"),
        *("TeineIsikEesnimi", "TeineIsikPerenimi"),
    }
)
BLOCKS: Final[Mapping[str, frozenset[str]]] = {
    "isikuandmed": PERSON_FIELDS,
    "hooldusoigused": CUSTODY_FIELDS,
    **dict.fromkeys(
        ("muudPerenimedDetail", "kodakondsused", "isikuAadressid", "isikuKontaktid", "dokumendid", "suhted"),
        frozenset[str](),
    ),
}


def record(register: Register, code: str, fields: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """Write the record of a code without country; None when nobody has it."""
    person = register.people.get(f"EE{code}")
    if person is None:
        return None
    known = {
        "Isikukood": code,
        "Eesnimi": person.given_name.upper(),
        "Perekonnanimi": person.family_name.upper(),
        "SynniKuupaev": person.birthdate.isoformat(),
        "IsikuStaatus": _coded("ISIKU_STAATUS", register.status(person.code)),
    }
    said = _only(known, fields.get("isikuandmed", ()))
    wanted = fields.get("hooldusoigused", ())
    if wanted:
        said["hooldusoigused"] = [_only(line, wanted) for line in _lines(register, person.code)]
    return said


def _lines(register: Register, code: str) -> Iterator[dict[str, Any]]:
    for link in register.links:
        if link.holder == code:
            yield from (_line(register, link, kind, link.ward, link.state) for kind in link.kinds)
        elif link.ward == code:
            # The two records of one right disagree.
            state = ENDED if register.faults.contradictory else link.state
            yield from (_line(register, link, kind, link.holder, state) for kind in link.mirrored)


def _line(register: Register, link: Link, kind: str, other: str, state: str) -> dict[str, Any]:
    person = register.people[other]
    return {
        "Liik": _coded("HOOLDUSE_LIIK", kind),
        "Staatus": _coded("HOOLDUS_STAATUS", state),
        "HooldusoigusAlgus": f"{link.since.isoformat()}T00:00:00",
        "TeineIsikIsikukood": other.removeprefix("EE"),
        "TeineIsikOlek": {"elemendiKood": register.status(other)},
        "TeineIsikEesnimi": person.given_name.upper(),
        "TeineIsikPerenimi": person.family_name.upper(),
    }


def _coded(classifier: str, code: str) -> dict[str, str]:
    return {"kood": classifier, "elemendiKood": code, "nimetus": _NAMES[code]}


def _only(known: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    return {name[0].lower() + name[1:]: value for name, value in known.items() if name in wanted}
