"""WTForms made from a step: one class a step, built once; what is typed stays text, whatever it is."""

from collections.abc import Mapping
from typing import Any, Final

from wtforms import Field as FormControl
from wtforms import (  # type: ignore[attr-defined]
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
)

from journeys.controls import LongTextControl, MunicipalityControl, SelectControl, TextControl
from journeys.definition import Step
from journeys.fields import AskedField, FieldType, Group, Option
from journeys.words import Text
from portal.texts import Language

RADIOS_UP_TO: Final = 5
"""A choice of more options is a drop-down list."""

_INPUTS: Final[Mapping[FieldType, Mapping[str, str]]] = {
    FieldType.MONEY: {"inputmode": "decimal", "autocomplete": "off"},
    FieldType.DECIMAL: {"inputmode": "decimal", "autocomplete": "off"},
    FieldType.INTEGER: {"inputmode": "numeric", "autocomplete": "off"},
    FieldType.DATE: {"autocomplete": "off"},
    FieldType.PERSON: {"autocomplete": "off"},
    FieldType.IBAN: {"autocomplete": "off", "spellcheck": "false"},
    FieldType.PHONE: {"type": "tel"},
    FieldType.EMAIL: {"inputmode": "email", "spellcheck": "false"},
}


class ItemForm(Form):
    """The questions of one item of a repeated group."""

    key = HiddenField()


class StepForm(Form):
    """The questions of one step; token, party and revision travel in the envelope around it."""


def step_form(step: Step) -> type[StepForm]:
    """Return the form class of a step; it holds every question, visible or not."""
    scope = step.scope
    if scope is None:
        return StepForm
    if id(scope) not in _CLASSES:
        _CLASSES[id(scope)] = scope, type(f"StepForm_{step.id}", (StepForm,), _controls(scope))
    return _CLASSES[id(scope)][1]


# By identity: to hash a group is to hash every word in it. The group is kept, so that its id stays its own.
_CLASSES: Final[dict[int, tuple[Group, type[StepForm]]]] = {}


def _controls(group: Group) -> dict[str, Any]:
    controls: dict[str, Any] = {field.id: control(field) for field in group.fields()}
    for part in group.repeated():
        item = type(f"ItemForm_{part.id}", (ItemForm,), _controls(part))
        controls[part.id] = FieldList(FormField(item))
    return controls


def control(field: AskedField) -> Any:
    """Make the control of a question, not yet bound; its words come when the language is known."""
    attributes = dict(_INPUTS.get(field.type, {}))
    if field.autocomplete:
        attributes["autocomplete"] = field.autocomplete
    kind = kind_of(field)
    if kind == "radio":
        return RadioField(validate_choice=False)
    if kind == "select":
        municipality = field.type is FieldType.MUNICIPALITY
        made = MunicipalityControl if municipality else SelectControl
        return made(validate_choice=False, render_kw=attributes)
    if kind == "checkboxes":
        return SelectMultipleField(validate_choice=False)
    if kind == "textarea":
        return LongTextControl(render_kw=attributes | {"rows": 5})
    return TextControl(render_kw=attributes)


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


def choices(field: AskedField, lang: Language, yes: str, no: str, choose: str) -> list[SelectChoice]:
    """Return what may be chosen, in one language."""
    if field.type is FieldType.YES_NO:
        return [SelectChoice("no", no), SelectChoice("yes", yes)]
    if field.type is FieldType.MUNICIPALITY:
        return [SelectChoice("", choose)]
    options = [SelectChoice(option.value, option.label.of(lang)) for option in field.options]
    return [SelectChoice("", choose), *options] if kind_of(field) == "select" else options


def option_label(field: AskedField, value: object) -> Text | None:
    """Return the label of a chosen value, if it is one of the options."""
    chosen: Option | None = next((option for option in field.options if option.value == value), None)
    return chosen.label if chosen else None


__all__ = [
    "FormControl",
    "ItemForm",
    "StepForm",
    "choices",
    "control",
    "kind_of",
    "option_label",
    "step_form",
]
