"""The envelope of an event (CloudEvents 1.0) and the pages of the change feed."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    SerializeAsAny,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from .values import Line, Moment, Wire

PAGE_LIMIT = 500
MEDIA_TYPE = "application/cloudevents-batch+json"
_MAX_SEQUENCE = 2**53


class EventData(Wire):
    """What any event may tell: the core's own word for the state, in Estonian."""

    TYPE: ClassVar[str] = ""
    core_state: Line | None = None


class Unrecognised(EventData):
    """Data of a type we do not know, or that breaks its model: kept, so that its stream can wait for it."""

    raw: Any = None
    problem: str


# Filled by wire.events from the models themselves.
DATA_BY_TYPE: dict[str, type[EventData]] = {}


def _sequence(value: Any) -> Any:
    # CloudEvents writes the extension `sequence` as a string; we count with it.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("sequence is a whole number written as a string")


Sequence = Annotated[
    int,
    BeforeValidator(_sequence),
    Field(ge=1, le=_MAX_SEQUENCE),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,16}$"}),
]
Subject = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]


class Event(Wire):
    """One thing that a core said; `subject` names the stream and `sequence` counts within it from 1."""

    specversion: Literal["1.0"] = "1.0"
    id: EventId
    source: Line
    type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,100}$")]
    subject: Subject
    sequence: Sequence
    time: Moment
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Line | None = None
    data: SerializeAsAny[EventData]

    @field_validator("data", mode="wrap")
    @classmethod
    def _typed(cls, raw: Any, handler: Any, info: ValidationInfo) -> EventData:
        """Read the data by the model of its type."""
        del handler
        if isinstance(raw, EventData):
            return raw
        lenient = isinstance(info.context, Mapping) and bool(info.context.get("lenient"))
        model = DATA_BY_TYPE.get(info.data.get("type", ""))
        if model is None:
            return Unrecognised(raw=raw, problem="an unknown type")
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            if not lenient:
                raise
            places = sorted({".".join(map(str, each["loc"])) for each in error.errors()})
            return Unrecognised(raw=raw, problem=f"not as its type demands: {', '.join(places)}")


Events = Annotated[tuple[Event, ...], Field(max_length=PAGE_LIMIT)]
BATCH: TypeAdapter[tuple[Event, ...]] = TypeAdapter(Events)


class ChangesPage(Wire):
    """`GET /v1/changes?after={cursor}&limit=500`: everything the core has said, in order, for good."""

    events: Events
    next: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
    more: bool


def changes_page(body: bytes) -> ChangesPage:
    """Read a page; an event whose data is broken stays as `Unrecognised`, so the others go on."""
    return ChangesPage.model_validate_json(body, context={"lenient": True})


def batch(body: bytes) -> tuple[Event, ...]:
    """Read a pushed batch strictly: who pushes broken data is told so."""
    return BATCH.validate_json(body)


def freeze_batch(events: tuple[Event, ...]) -> bytes:
    """Return the bytes of a push."""
    return BATCH.dump_json(events, by_alias=True, exclude_none=True)
