"""What a page of questions is made of: questions, sections, and lists of items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from journeys.fields import FieldType, Group
from journeys.flow import Asked
from journeys.looks import size_of
from journeys.parsing import read_money


@dataclass(frozen=True, slots=True)
class Known:
    """What a register says about a question (SÜS § 24(2)); the person's word stays beside it."""

    value: str
    source: str
    as_of: datetime


@dataclass(slots=True, eq=False)
class Question:
    """One question in the reader's language."""

    sort: ClassVar = "question"
    asked: Asked
    kind: str
    label: str
    hint: str
    is_optional: bool
    """Whether it says that it may be left empty; in a list of costs, its lead says so once."""
    known: Known | None
    differs: bool
    control: Any = None
    """Its WTForms field; none where answers are only read."""

    @property
    def name(self) -> str:
        """Its name in the form, and the id of its control."""
        return self.asked.name

    @property
    def errors(self) -> Sequence[str]:
        """What is to be put right."""
        return list(self.control.errors) if self.control else []

    @property
    def size(self) -> str:
        """How wide its control is."""
        return size_of(self.asked.field, self.kind)

    @property
    def anchor(self) -> str:
        """The id that a link from the error summary goes to."""
        return f"{self.name}-0" if self.kind in ("radio", "checkboxes") else self.name


@dataclass(slots=True)
class Entry:
    """One item of a repeated group."""

    name: str
    title: str
    meta: str
    number: int
    key: str
    parts: list["Part"]
    own: bool
    remove: str
    """The value of its remove button; empty when it may not go."""
    remove_words: str

    def settled(self, others: Mapping[str, str]) -> list[Question]:
        """Return what a register knows of the person and nobody has called wrong."""
        return [
            part
            for part in self.parts
            if isinstance(part, Question)
            and part.known
            and not part.differs
            and not part.errors
            and part.asked.name not in others
        ]


@dataclass(slots=True)
class Repeated:
    """A repeated group; `add` is the value of its add button, empty when no more fit."""

    sort: ClassVar = "repeated"
    group: Group
    name: str
    entries: list[Entry]
    add: str
    add_words: str
    total: str
    amount: Decimal


@dataclass(slots=True)
class Section:
    """A group of questions."""

    sort: ClassVar = "section"
    group: Group
    title: str
    hint: str
    notes_title: str
    notes: list[str]
    total: str
    amount: Decimal
    parts: list["Part"]


Part = Question | Repeated | Section


def questions_in(parts: Iterable["Part"]) -> Iterator[Question]:
    """Go through all questions of some parts of a page, as they stand there."""
    for part in parts:
        if isinstance(part, Question):
            yield part
        elif isinstance(part, Section):
            yield from questions_in(part.parts)
        else:
            for entry in part.entries:
                yield from questions_in(entry.parts)


def money_in(parts: Iterable["Part"]) -> Decimal:
    """Add up the amounts that can be read in some parts of a page."""
    typed = (each.asked.raw for each in questions_in(parts) if each.asked.field.type is FieldType.MONEY)
    read = (read_money(raw.strip()) for raw in typed if isinstance(raw, str))
    return sum((max(amount, Decimal(0)) for amount in read if amount is not None), Decimal(0))


def known_differs(known: Known | None, raw: object) -> bool:
    """Tell whether the person says something else than the register."""
    return known is not None and isinstance(raw, str) and raw.strip() != known.value.strip()
