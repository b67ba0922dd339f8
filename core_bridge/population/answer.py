"""Reading the register's answer; pure. What cannot be read breaks the answer, or gives no right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from core_bridge.population.errors import RegisterBroken
from core_bridge.population.record import UNREADABLE, Custody, Record


class _Said(BaseModel):
    # What we did not ask for may be there too, and is not looked at.
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", hide_input_in_errors=True)


class _Coded(_Said):
    elemendi_kood: str | None = None


class _Custody(_Said):
    liik: _Coded | None = None
    staatus: _Coded | None = None
    hooldusoigus_algus: str | None = None
    teine_isik_isikukood: str | None = None
    teine_isik_olek: _Coded | None = None
    teine_isik_eesnimi: str | None = None
    teine_isik_perenimi: str | None = None


class _Person(_Said):
    isikukood: str
    eesnimi: str | None = None
    perekonnanimi: str | None = None
    synni_kuupaev: str | None = None
    isiku_staatus: _Coded | None = None
    hooldusoigused: list[_Custody] | None = None


_PEOPLE: Final = TypeAdapter(list[_Person])


def read(body: bytes, asked: Sequence[str]) -> Mapping[str, Record]:
    """Read the people who were found, by code; raises `RegisterBroken`."""
    try:
        people = _PEOPLE.validate_json(body)
    except ValidationError as error:
        places = sorted({".".join(map(str, each["loc"])) or "the whole" for each in error.errors()})
        raise RegisterBroken(f"an answer that cannot be read: {', '.join(places[:5])}") from None
    found = {each.isikukood: _record(each) for each in people}
    if len(found) != len(people):
        raise RegisterBroken("somebody is in the answer twice")
    if not found.keys() <= set(asked):
        raise RegisterBroken("the answer is about somebody else")
    return found


def _record(said: _Person) -> Record:
    return Record(
        code=said.isikukood,
        status=_code(said.isiku_staatus),
        born=_day(said.synni_kuupaev),
        given_name=said.eesnimi or "",
        family_name=said.perekonnanimi or "",
        custody=tuple(map(_custody, said.hooldusoigused or ())),
    )


def _custody(said: _Custody) -> Custody:
    return Custody(
        kind=_code(said.liik),
        state=_code(said.staatus),
        since=(_day(said.hooldusoigus_algus) or UNREADABLE) if said.hooldusoigus_algus else None,
        other=said.teine_isik_isikukood or "",
        other_status=_code(said.teine_isik_olek),
        other_given_name=said.teine_isik_eesnimi or "",
        other_family_name=said.teine_isik_perenimi or "",
    )


def _code(said: _Coded | None) -> str:
    return (said.elemendi_kood or "") if said else ""


def _day(text: str | None) -> date | None:
    """Read a day written alone or with a time of day, `2016-09-01T00:00:00`; legal days are days in Estonia."""
    try:
        return date.fromisoformat((text or "").partition("T")[0])
    except ValueError:
        return None
