"""What the registers know of the demo's people, and the caseworkers of the two cores; all of it invented."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from core_bridge.reference_core.settings import Caseworker
from core_bridge.wire import Fact
from portal.demo.people import AINO, IGOR, JAAK_KRISTJAN, KARL, LIISA, MARI_LIIS, MARY_ANN, SAARA, DemoPerson

POPULATION: Final = "Rahvastikuregister"
TAX: Final = "Maksu- ja Tolliamet"
INSURANCE: Final = "Sotsiaalkindlustusamet"
EDUCATION: Final = "Eesti Hariduse Infosüsteem"
_AS_OF: Final = datetime(2026, 11, 10, 6, tzinfo=UTC)

CASEWORKERS: Final[Mapping[str, Sequence[Caseworker]]] = {
    "STAR": (
        Caseworker("kadri", "Kadri Näidis", authority=None),
        Caseworker("tiit", "Tiit Kask", authority="0663"),
    ),
    "SKAIS": (Caseworker("maret", "Maret Näidis", role="peaspetsialist"),),
}


def facts() -> Mapping[str, Sequence[Fact]]:
    """Give what the registers know, by personal code."""
    return {
        MARI_LIIS.code: (
            _fact("residence", "Pikk tn 14–6, Rakvere linn", POPULATION),
            _fact("phone", "5550 1010", POPULATION),
            _members(
                _member(MARI_LIIS, "self", "unemployed"),
                _member(KARL, "child", "pupil"),
                _member(LIISA, "child", "pupil"),
            ),
            _incomes(INSURANCE, (MARI_LIIS, "family_benefit", "160.00")),
            _incomes(TAX, (MARI_LIIS, "wage", "320.00")),
        ),
        JAAK_KRISTJAN.code: (
            _fact("residence", "Näidise tn 3–12, Tallinn", POPULATION),
            _members(_member(JAAK_KRISTJAN, "self", "employed"), _member(SAARA, "child", "pupil")),
            _incomes(TAX, (JAAK_KRISTJAN, "wage", "1180.00")),
        ),
        SAARA.code: (
            _fact("residence", "Näidise tn 3–12, Tallinn", POPULATION),
            _fact("school", "Näidise Kool, 3. klass", EDUCATION),
        ),
        KARL.code: (
            _fact("residence", "Pikk tn 14–6, Rakvere linn", POPULATION),
            _fact("school", "Näidise Gümnaasium, 10. klass", EDUCATION),
        ),
        LIISA.code: (
            _fact("residence", "Pikk tn 14–6, Rakvere linn", POPULATION),
            _fact("school", "Näidise Kool, 3. klass", EDUCATION),
        ),
        IGOR.code: (
            _fact("residence", "Näidise 8–40, Narva linn", POPULATION),
            _members(_member(IGOR, "self", "unemployed")),
        ),
        AINO.code: (
            _fact("residence", "Lille tn 2–1, Rakvere linn", POPULATION),
            _members(_member(AINO, "self", "pensioner")),
            _incomes(INSURANCE, (AINO, "pension", "412.30")),
        ),
        MARY_ANN.code: (
            _fact("residence", "Näidise 1, Tartu linn", POPULATION),
            _members(_member(MARY_ANN, "self", "student")),
        ),
    }


def _fact(field: str, value: str, source: str) -> Fact:
    return Fact(field=field, value=value, source=source, as_of=_AS_OF)


def _member(person: DemoPerson, relation: str, status: str) -> dict[str, str]:
    return {"code": person.code, "name": person.name, "relation": relation, "status": status}


def _members(*rows: dict[str, str]) -> Fact:
    return Fact(field="members", value=rows, source=POPULATION, as_of=_AS_OF)


def _incomes(source: str, *rows: tuple[DemoPerson, str, str]) -> Fact:
    value = tuple({"code": person.code, "kind": kind, "amount": amount} for person, kind, amount in rows)
    return Fact(field="incomes", value=value, source=source, as_of=_AS_OF)
