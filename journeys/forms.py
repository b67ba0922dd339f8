"""WTForms made from a step: a control for each question that the path asks, in the reader's language."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from typing import Any

from wtforms import (
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.form import BaseForm

from journeys.controls import MunicipalityControl
from journeys.fields import FieldType
from journeys.layout import Question
from journeys.looks import attributes, choices
from journeys.parsing import Complaint, read
from journeys.reader import Reader


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
    # The browser of a representative is not to fill in the representative's own data.
    about_another = bool(field.own_label) and not reader.own
    said: dict[str, Any] = {
        "label": question.label,
        "description": question.hint,
        "render_kw": attributes(field, about_another=about_another),
    }
    if kind in ("text", "money", "textarea"):
        return (TextAreaField if kind == "textarea" else StringField)(**said, filters=[_typed])
    said |= {"choices": choices(field, reader.lang, *reader.choice_words()), "validate_choice": False}
    if kind == "checkboxes":
        return SelectMultipleField(**said)
    if kind == "radio":
        return RadioField(**said)
    return (MunicipalityControl if field.type is FieldType.MUNICIPALITY else SelectField)(**said)


def _typed(raw: object) -> str:
    """Leave out what an older version of the journey kept there that is no text."""
    return raw if isinstance(raw, str) else ""
