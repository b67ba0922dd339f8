"""An application as the citizen sent it, with what the registers said beside what the person said."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from .files import Files
from .people import Applicant, AuthorityRef, SubmittedBy
from .values import Language, Line, Moment, Name, Sha256, Text, Value, Wire


class WishedDelivery(StrEnum):
    """How the decision is to be made known (SÜS § 27(1))."""

    PORTAL = "portal"
    EMAIL = "email"
    IN_PERSON = "in_person"
    LETTER = "letter"
    OTHER = "other"


class JourneyRef(Wire):
    """The form that was filled in."""

    id: Name
    version: Annotated[int, Field(ge=1)]
    title: Line | None = None


class RegisterValue(Wire):
    """What a register said about a field (once only, SÜS § 24(2))."""

    value: Value
    source: Line
    as_of: Moment


class Answer(Wire):
    """One answer; a repeated group has `rows` and no `value`."""

    id: Name
    label_et: Line
    value: Value | None = None
    text_et: Text | None = None
    """The value in Estonian words where it is a code, such as the label of a choice."""
    register_value: Annotated[RegisterValue | None, Field(alias="register")] = None
    rows: Annotated[tuple["Answers", ...], Field(max_length=200)] | None = None


Answers = Annotated[tuple[Answer, ...], Field(max_length=500)]


class Application(Wire):
    """`PUT /v1/applications/{applicationId}`."""

    application_id: UUID
    journey: JourneyRef
    authority: AuthorityRef
    applicant: Applicant
    submitted_by: SubmittedBy
    answers: Answers
    files: Files = ()
    delivery: WishedDelivery = WishedDelivery.PORTAL
    language: Language = Language.ET
    sent_at: Moment
    content_hash: Sha256


class ApplicationReceived(Wire):
    """The core's answer; the proceeding comes later, by event."""

    application_id: UUID
    received_at: Moment
