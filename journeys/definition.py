"""A journey as data: one kind of application, its steps, documents, terms and law."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from journeys.conditions import Condition
from journeys.fields import AskedField, Group, Identifier, Strict
from journeys.words import Text, Words
from portal.identity import RightKind

StepId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
SAFE_CONTACT: Final = "safe_contact"
"""The answer by which one parent keeps a matter from the other; the engine knows it by this name."""
RESERVED_STEPS = frozenset({"review", "delete", "send", "period", "facts", "files", "receipt"})


class Step(Strict):
    """One page of questions."""

    id: StepId
    title: Text
    lead: Text | None = None
    when: Condition | None = None
    for_whom: Text | None = None
    """What those who act for themselves are told here about acting for another, with the way to it."""
    prefilled: bool = False
    """Whether register facts land on this page, so that their absence is said here."""
    documents: bool = False
    """Whether this is the page where files are added."""
    groups: tuple[Group, ...] = ()

    @cached_property
    def scope(self) -> Group | None:
        """The step's questions as one group, if it asks any."""
        return Group(id=self.id.replace("-", "_"), parts=self.groups) if self.groups else None


class DocumentSlot(Strict):
    """A document the authority needs; several files may stand for it."""

    id: Identifier
    title: Text
    hint: Text | None = None
    when: Condition | None = None
    needed: bool = True
    announced: bool = False
    """Whether the service page names it, though not everybody needs it."""
    maximum: int = Field(default=10, ge=1, le=20)
    basis: str | None = None
    icon: str = "description"


class TermStart(StrEnum):
    """What sets a term running."""

    MONTH = "month"
    COMPLETE = "complete"
    DECISION = "decision"


class Term(Strict):
    """A term set by law; one that nobody has verified is never shown."""

    id: Identifier
    what: Text
    runs_from: TermStart
    explanation: Text
    working_days: int | None = Field(default=None, ge=1, le=260)
    calendar_days: int | None = Field(default=None, ge=1, le=730)
    last_working_day_of_month: bool = False
    basis: str
    verified: bool

    @model_validator(mode="after")
    def _has_one_length(self) -> "Term":
        given = (
            self.working_days is not None,
            self.calendar_days is not None,
            self.last_working_day_of_month,
        )
        if sum(given) != 1:
            raise ValueError("a term has exactly one length")
        return self


class LawValue(Strict):
    """Amounts of the law that hold from one day to another, with their source."""

    valid_from: date
    valid_to: date | None
    source: str
    verified: bool
    amounts: Mapping[Identifier, Decimal]


class LegalBasis(Strict):
    """One act or paragraph a journey rests on."""

    reference: str
    what: Text


class Journey(Strict):
    """One kind of application or notice; a changed one gets a new version."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    version: int = Field(ge=1)
    service: Identifier
    authority: Literal["KOV", "SKA"]
    core: Literal["STAR", "SKAIS"]
    minutes: int = Field(ge=1, le=120)
    period: Literal["month"] | None = None
    names: Text
    summary: Text
    keywords: Words
    life_events: tuple[Identifier, ...] = ()
    who_can_apply: tuple[Text, ...]
    how_much: tuple[Text, ...] = ()
    how_much_title: Text | None = None
    good_to_know: tuple[Text, ...] = ()
    cannot_apply: Text
    on_behalf_of: tuple[RightKind, ...] = Field(min_length=1)
    legal_entities: bool = False
    """Whether a legal entity may apply; most services are for natural persons."""
    legal_basis: tuple[LegalBasis, ...] = Field(min_length=1)
    law_values: Mapping[Identifier, tuple[LawValue, ...]] = Field(default_factory=dict)
    estimate: Literal["subsistence"] | None = None
    terms: tuple[Term, ...]
    documents: tuple[DocumentSlot, ...] = ()
    confirmation: Text
    registers: Text
    steps: tuple[Step, ...] = Field(min_length=1)

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, if there is one."""
        return next((step for step in self.steps if step.id == step_id), None)

    def document(self, slot_id: str) -> DocumentSlot | None:
        """Return the document slot of that id, if there is one."""
        return next((slot for slot in self.documents if slot.id == slot_id), None)

    def term(self, term_id: str) -> Term | None:
        """Return the verified term of that id; an unverified one is as good as unknown."""
        return next((term for term in self.terms if term.id == term_id and term.verified), None)

    @cached_property
    def safe_step(self) -> Step | None:
        """The step that asks whether a matter is to be kept from the other parent, if one does."""
        return next(
            (
                step
                for step in self.steps
                if step.scope and any(field.id == SAFE_CONTACT for field in step.scope.fields())
            ),
            None,
        )

    @cached_property
    def parts(self) -> Mapping[str, AskedField | Group]:
        """All questions and repeated groups that are not inside another, by their ids."""
        return {part.id: part for step in self.steps if step.scope for part in step.scope.flat}

    def fields(self) -> Iterator[AskedField]:
        """Go through all questions outside repeated groups."""
        for step in self.steps:
            for group in step.groups:
                if group.repeat is None:
                    yield from group.fields()

    def repeated(self) -> Iterator[Group]:
        """Go through all repeated groups that are not inside another."""
        for step in self.steps:
            if step.scope is not None:
                yield from step.scope.repeated()
