"""WTForms made from a step: a control for each question that the path asks, in the reader's language."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from wtforms import (  # type: ignore[attr-defined]
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.form import BaseForm

from journeys.controls import MunicipalityControl
from journeys.fields import AskedField, FieldType
from journeys.layout import Question
from journeys.parsing import Complaint, read
from journeys.reader import Reader

_INPUTS: Final[Mapping[FieldType, Mapping[str, str]]] = {
    FieldType.DATE: {"autocomplete": "off"},
    FieldType.PERSON: {"autocomplete": "off"},
    FieldType.INTEGER: {"inputmode": "numeric", "autocomplete": "off"},
    FieldType.DECIMAL: {"inputmode": "decimal", "autocomplete": "off"},
    FieldType.IBAN: {"autocomplete": "off", "spellcheck": "false"},
    FieldType.PHONE: {"type": "tel"},
    FieldType.EMAIL: {"inputmode": "email", "spellcheck": "false"},
}


class StepForm(BaseForm):
    """The questions of one step; token, party and revision travel in the envelope around it.

    It holds what was typed as it was typed, whatever it is: answers are read by the journey's own rules.
    """

    def __init__(self, questions: Iterable[Question], reader: Reader) -> None:
        self.questions, self.reader = list(questions), reader
        super().__init__({question.name: _control(question, reader) for question in self.questions})
        self.process(data={question.name: question.asked.raw for question in self.questions})
        for question in self.questions:
            question.control = self[question.name]
            question.control.flags.required = question.asked.field.required

    def check(self, today: date, passed_over: Collection[str] = ()) -> list[tuple[str, str]]:
        """Put complaints at the questions; returns anchors and words for the summary.

        Questions that were not on the page when it was sent are passed over: nobody has seen them yet.
        """
        judges = {
            question.name: [partial(self._judge, question, today)]
            for question in self.questions
            if question.name not in passed_over
        }
        self.validate(judges)
        return [
            (question.anchor, self._about(question, words))
            for question in self.questions
            for words in question.errors
        ]

    def _judge(self, question: Question, today: date, *_: object) -> None:
        reading = read(question.asked.field, question.asked.raw, today)
        if isinstance(reading, Complaint):
            raise ValidationError(self.reader.complaint(reading))

    def _about(self, question: Question, words: str) -> str:
        person = question.asked.person
        return self.reader.about(person.name, words) if person and person.name else words


def _control(question: Question, reader: Reader) -> Any:
    field, kind = question.asked.field, question.kind
    said: dict[str, Any] = {
        "label": question.label,
        "description": question.hint,
        "render_kw": _attributes(field, reader),
    }
    if kind in ("text", "money", "textarea"):
        return (TextAreaField if kind == "textarea" else StringField)(**said, filters=[_typed])
    said |= {"choices": _choices(field, kind, reader), "validate_choice": False}
    if kind == "checkboxes":
        return SelectMultipleField(**said)
    if kind == "radio":
        return RadioField(**said)
    return (MunicipalityControl if field.type is FieldType.MUNICIPALITY else SelectField)(**said)


def _typed(raw: object) -> str:
    """Leave out what an older version of the journey kept there that is no text."""
    return raw if isinstance(raw, str) else ""


def _attributes(field: AskedField, reader: Reader) -> dict[str, str]:
    """Return what a control tells browsers and their keyboards."""
    given = dict(_INPUTS.get(field.type, {}))
    if field.autocomplete:
        # The browser of a representative is not to fill in the representative's own data.
        about_another = field.own_label and not reader.own
        given["autocomplete"] = "off" if about_another else field.autocomplete
    return given


def _choices(field: AskedField, kind: str, reader: Reader) -> list[SelectChoice]:
    yes, no, choose = reader.choice_words()
    if field.type is FieldType.YES_NO:
        return [SelectChoice("no", no), SelectChoice("yes", yes)]
    options = [SelectChoice(option.value, option.label.of(reader.lang)) for option in field.options]
    return [SelectChoice("", choose), *options] if kind == "select" else options
