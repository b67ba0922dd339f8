"""What a question looks like: its kind, its size, the words of a choice."""

from collections.abc import Mapping
from typing import Final

from journeys.fields import AskedField, FieldType, Option
from journeys.words import Text

RADIOS_UP_TO: Final = 5
"""A choice of more options is a drop-down list."""

_SIZES: Final[Mapping[FieldType, str]] = {
    FieldType.PERSON: "medium",
    FieldType.PHONE: "medium",
    FieldType.IBAN: "medium",
    FieldType.EMAIL: "medium",
    FieldType.DATE: "short",
    FieldType.INTEGER: "short",
}


def kind_of(field: AskedField) -> str:
    """Tell what a question looks like: a word of the `field` macro."""
    if field.type is FieldType.CHOICES:
        return "checkboxes"
    if field.type is FieldType.YES_NO:
        return "radio"
    if field.type is FieldType.CHOICE:
        return "radio" if len(field.options) <= RADIOS_UP_TO else "select"
    if field.type is FieldType.MUNICIPALITY:
        return "select"
    if field.type is FieldType.LONG_TEXT:
        return "textarea"
    return "money" if field.type is FieldType.MONEY or field.unit else "text"


def size_of(field: AskedField, kind: str) -> str:
    """Tell how wide its control is; empty for the whole width."""
    return "short" if kind == "money" else _SIZES.get(field.type, "")


def option_label(field: AskedField, value: object) -> Text | None:
    """Return the label of a chosen value, if it is one of the options."""
    chosen: Option | None = next((option for option in field.options if option.value == value), None)
    return chosen.label if chosen else None
