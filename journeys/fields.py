"""What a journey may ask: fields, and groups of fields that may repeat."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from journeys.conditions import Condition
from journeys.words import Text

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Strict(BaseModel):
    """A piece of a definition: unchangeable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class FieldType(StrEnum):
    """The kinds of answers."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    MONEY = "money"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    PERSON = "person"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    MUNICIPALITY = "municipality"


class Option(Strict):
    """One answer to choose."""

    value: Identifier
    label: Text
    hint: Text | None = None


class AskedField(Strict):
    """One question."""

    type: FieldType
    id: Identifier
    label: Text
    own_label: Text | None = None
    """The question put to the applicant about themselves."""
    hint: Text | None = None
    required: bool = True
    when: Condition | None = None
    options: tuple[Option, ...] = ()
    missing: Text | None = None
    """What to do when the answer is missing, in this question's own words."""
    max_length: int = Field(default=200, ge=1, le=5000)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str | None = None
    autocomplete: str | None = None
    fact: Identifier | None = None
    """What registers call this answer, when they may know it (SÜS § 24(2))."""
    basis: str | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> "AskedField":
        chooses = self.type in (FieldType.CHOICE, FieldType.CHOICES)
        if chooses != bool(self.options):
            raise ValueError("a choice needs options, and only a choice has them")
        if len({option.value for option in self.options}) != len(self.options):
            raise ValueError("two options have the same value")
        return self


class Repeat(Strict):
    """How a group repeats; `minimum` items are always there."""

    minimum: int = Field(default=0, ge=0, le=1)
    maximum: int = Field(ge=1, le=50)
    add: Text
    remove: Text
    """The label of the button; `{name}` is the item's own name."""
    item: Text
    """What one item is called when it has no name yet."""
    named_by: Identifier | None = None
    from_facts: bool = False
    """Whether the items come from registers alone: the person corrects, but adds and removes none."""
    person: bool = False
    """Whether the first item is the applicant, whose name and code are not asked."""


def _which(part: object) -> str:
    kind = part.get("type") if isinstance(part, dict) else getattr(part, "type", None)
    return "group" if kind == "group" else "field"


class Group(Strict):
    """Questions that belong together; with `repeat`, a list of such."""

    type: Literal["group"] = "group"
    id: Identifier
    title: Text | None = None
    hint: Text | None = None
    notes: tuple[Text, ...] = ()
    """Folded explanations, a line each."""
    notes_title: Text | None = None
    layout: Literal["plain", "costs", "person", "line"] = "plain"
    sum: Text | None = None
    """The label of the sum of the group's amounts, when it is shown."""
    when: Condition | None = None
    repeat: Repeat | None = None
    parts: tuple["Part", ...] = Field(min_length=1)

    @cached_property
    def flat(self) -> tuple["AskedField | Group", ...]:
        """The questions and repeated groups of one scope; in the place of any other inner group stand its own."""
        found: list[AskedField | Group] = []
        for part in self.parts:
            found += part.flat if isinstance(part, Group) and part.repeat is None else (part,)
        return tuple(found)

    @cached_property
    def ways(self) -> tuple[tuple["AskedField | Group", tuple[Condition, ...]], ...]:
        """What `flat` holds, each with the conditions that stand on the way to it."""
        found: list[tuple[AskedField | Group, tuple[Condition, ...]]] = []
        for part in self.parts:
            here = (part.when,) if part.when else ()
            if isinstance(part, Group) and part.repeat is None:
                found += [(inner, (*here, *conditions)) for inner, conditions in part.ways]
            else:
                found.append((part, here))
        return tuple(found)

    def fields(self) -> Iterator[AskedField]:
        """Go through the questions of one scope: inner groups that do not repeat included."""
        return (part for part in self.flat if isinstance(part, AskedField))

    def repeated(self) -> Iterator["Group"]:
        """Go through the repeated groups directly inside this scope."""
        return (part for part in self.flat if isinstance(part, Group))

    @cached_property
    def has_sums(self) -> bool:
        """Tell whether a sum of amounts is shown anywhere in it."""
        inner = (part for part in self.parts if isinstance(part, Group))
        return self.sum is not None or any(part.has_sums for part in inner)


Part = Annotated[Annotated[AskedField, Tag("field")] | Annotated[Group, Tag("group")], Discriminator(_which)]
