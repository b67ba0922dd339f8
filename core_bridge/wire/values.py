"""What single values look like on the wire: bounded, printable, times with their zone."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Wire(BaseModel):
    """A message of the contract: frozen, camelCase on the wire, deaf to what a newer side adds."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="ignore",
        allow_inf_nan=False,
    )


def freeze(message: Wire) -> bytes:
    """Return the exact bytes to store when a call is planned and to send at every try."""
    return message.model_dump_json(by_alias=True, exclude_none=True).encode()


def _rfc3339(value: Any) -> Any:
    # pydantic would also take numbers, and numbers written as text, for a time.
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise ValueError("an RFC 3339 time with its zone is needed")


def _iso_day(value: Any) -> Any:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("a day is written YYYY-MM-DD")


Moment = Annotated[AwareDatetime, BeforeValidator(_rfc3339)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$")
]
Money = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MediaType = Annotated[str, StringConstraints(max_length=200, pattern=r"^[\w.+-]+/[\w.+-]+(; ?[\w.=+\"-]+)*$")]

# An id that the core made; it may stand in a URL, hence no slash and no leading dot.
CoreId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
# The name of a field, a slot or a journey.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")]
# "EE38001085718", "EE70006317", or a foreign code; never in a URL.
PartyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Za-z0-9/+-]{1,60}$")]

Scalar = bool | Annotated[int, Field(ge=-(10**15), le=10**15)] | Annotated[str, Field(max_length=20_000)]
Value = Scalar | Annotated[tuple[Scalar, ...], Field(max_length=200)]


class Language(StrEnum):
    """In which language the person wishes to be answered."""

    ET = "et"
    EN = "en"
    RU = "ru"
