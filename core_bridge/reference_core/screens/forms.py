"""What an official may fill in, and what is wrong with it in plain words."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ValidationError
from starlette.datastructures import FormData

from core_bridge.wire import CalculationLine, Outcome, Per
from core_bridge.wire.values import Line, Money, Text


def _lines(value: Any) -> Any:
    return (
        tuple(line.strip() for line in value.splitlines() if line.strip())
        if isinstance(value, str)
        else value
    )


def _amount(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.replace("€", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")


def _calculation(value: Any) -> Any:
    found = []
    for line in _lines(value) or ():
        label, _, amount = line.rpartition(":")
        try:
            found.append(CalculationLine(label=label.strip(), amount=Decimal(_amount(amount))))
        except (InvalidOperation, ValidationError):
            raise ValueError("calculation") from None
    return tuple(found)


Lines = Annotated[tuple[Line, ...], BeforeValidator(_lines)]
Amount = Annotated[Money, BeforeValidator(_amount)]


class Register(BaseModel):
    """Is everything there."""

    complete: Literal["yes", "no"]


class Ask(BaseModel):
    """What is missing, and by when."""

    title: Line
    text: Text
    due_on: date
    wanted: Lines = ()


class Cancel(BaseModel):
    """Which task is taken back."""

    task_id: str


class Letter(BaseModel):
    """A message to the citizen."""

    title: Line | None = None
    text: Text


class Third(BaseModel):
    """Whose data is awaited."""

    waiting_for: Line
    until: date | None = None


class Extend(BaseModel):
    """Until when, and why."""

    until: date
    reason: Text


class Hearing(BaseModel):
    """About what an opinion may be given."""

    title: Line
    text: Text
    due_on: date


class Reason(BaseModel):
    """Why."""

    reason: Text


class Empty(BaseModel):
    """Nothing to fill in."""


class Decide(BaseModel):
    """The decision (SÜS § 26)."""

    outcome: Outcome
    amount: Amount | None = None
    per: Per | None = None
    calculation: Annotated[tuple[CalculationLine, ...], BeforeValidator(_calculation)] = ()
    first: date | None = None
    last: date | None = None
    condition: Text | None = None
    reasons: Text
    legal_basis: Lines = ()


class Settle(BaseModel):
    """The decision on a vaie."""

    challenge_id: UUID
    satisfied: Literal["yes", "no"]
    text: Text


_M = TypeVar("_M", bound=BaseModel)


LABELS = {
    "title": "Pealkiri",
    "text": "Tekst",
    "due_on": "Hiljemalt",
    "waiting_for": "Kellelt andmeid oodatakse",
    "until": "Uus tähtaeg",
    "reason": "Põhjus",
    "outcome": "Otsus",
    "amount": "Summa",
    "per": "Kui tihti makstakse",
    "calculation": "Arvutuskäik",
    "first": "Kehtib alates",
    "last": "Kehtib kuni",
    "condition": "Kõrvaltingimus",
    "reasons": "Põhjendus",
    "legal_basis": "Õiguslik alus",
    "satisfied": "Vaideotsus",
    "seconds": "Kestus",
    "delay": "Viide",
}


def bind(form: type[_M], typed: FormData) -> tuple[_M | None, dict[str, str]]:
    """Read what was typed, or tell for each field what is wrong."""
    given = {
        name: str(typed[name]).replace("\r\n", "\n").strip()
        for name in form.model_fields
        if name in typed and str(typed[name]).strip()
    }
    try:
        return form.model_validate(given), {}
    except ValidationError as error:
        return None, {
            str(each["loc"][0]): _words(each["type"], str(each["loc"][0])) for each in error.errors()
        }


def _words(kind: str, field: str) -> str:
    if kind == "missing":
        return "Täitke see väli."
    if kind.startswith("date"):
        return "Kirjutage kuupäev."
    if kind.startswith("decimal"):
        return "Kirjutage summa, näiteks 299,00."
    if field == "calculation":
        return "Kirjutage igale reale nimetus, koolon ja summa, näiteks Toimetulekupiir: 924,00."
    if kind == "string_too_long":
        return "Tekst on liiga pikk."
    return "Seda väärtust ei saa kasutada."
