"""What the state already knows, asked through the core (SÜS § 24(2))."""

from typing import Annotated

from pydantic import Field

from .people import PartyRef, SubmittedBy
from .values import Line, Moment, Name, Value, Wire

Row = Annotated[dict[Name, Value], Field(max_length=50)]


class PrefillRequest(Wire):
    """`POST /v1/prefill`: codes travel in the body, never in a URL."""

    journey: Name
    party: PartyRef
    asked_by: SubmittedBy
    fields: Annotated[tuple[Name, ...], Field(max_length=200)]


class Fact(Wire):
    """What one register says about one field; a repeated group comes as rows."""

    field: Name
    value: Value | Annotated[tuple[Row, ...], Field(max_length=200)]
    source: Line
    as_of: Moment


class PrefillAnswer(Wire):
    """The facts, and the registers that did not answer: their silence is not an empty answer."""

    facts: Annotated[tuple[Fact, ...], Field(max_length=500)] = ()
    unreachable: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
