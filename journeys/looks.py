"""What a question looks like: its kind, its size, its attributes, its choices."""

from collections.abc import Mapping
from typing import Final

from wtforms import SelectChoice  # type: ignore[attr-defined]

from journeys.fields import AskedField, FieldType, Option
from journeys.words import Text
from portal.texts import Language

RADIOS_UP_TO: Final = 5
"""A choice of more options is a drop-down list."""

_INPUTS: Final[Mapping[FieldType, Mapping[str, str]]] = {
    FieldType.DATE: {"autocomplete": "off"},
    FieldType.PERSON: {"autocomplete": "off"},
    FieldType.INTEGER: {"inputmode": "numeric", "autocomplete": "off"},
    FieldType.DECIMAL: {"inputmode": "decimal", "autocomplete": "off"},
    FieldType.IBAN: {"autocomplete": "off", "spellcheck": "false"},
    FieldType.PHONE: {"type": "tel"},
    FieldType.EMAIL: {"inputmode": "email", "spellcheck": "false"},
}
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


def attributes(field: AskedField, *, about_another: bool) -> dict[str, str]:
    """Return what its control tells browsers and their keyboards; about another person nothing is filled in."""
    given = dict(_INPUTS.get(field.type, {}))
    if field.autocomplete:
        given["autocomplete"] = "off" if about_another else field.autocomplete
    return given


def choices(field: AskedField, lang: Language, yes: str, no: str, choose: str) -> list[SelectChoice]:
    """Return what may be chosen, in one language."""
    if field.type is FieldType.YES_NO:
        return [SelectChoice("no", no), SelectChoice("yes", yes)]
    options = [SelectChoice(option.value, option.label.of(lang)) for option in field.options]
    return [SelectChoice("", choose), *options] if kind_of(field) == "select" else options


def option_label(field: AskedField, value: object) -> Text | None:
    """Return the label of a chosen value, if it is one of the options."""
    chosen: Option | None = next((option for option in field.options if option.value == value), None)
    return chosen.label if chosen else None
