"""A step as a page shows it: its form in one language, and the questions in their groups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Form

from journeys.answers import Item, filled, items, with_least_items
from journeys.definition import Step
from journeys.fields import AskedField, Group
from journeys.flow import Asked, ItemPlace, Path, item_name
from journeys.forms import StepForm, choices, kind_of, option_label, step_form
from journeys.layout import Entry, Known, Part, Question, Repeated, Section, known_differs, money_in
from journeys.outline import Outline
from journeys.parsing import Complaint, read
from journeys.reader import Reader


@dataclass(slots=True)
class Sheet:
    """One step, ready to be shown or checked."""

    step: Step
    form: StepForm
    parts: list["Part"]
    questions: list[Question] = field(default_factory=list)

    @property
    def has_known(self) -> bool:
        """Tell whether a register said anything about this page."""
        return any(question.known for question in self.questions)

    def check(
        self, reader: Reader, today: date, passed_over: frozenset[str] = frozenset()
    ) -> list[tuple[str, str]]:
        """Put complaints at the questions; returns anchors and words for the summary.

        Questions that were not on the page when it was sent are passed over: nobody has seen them yet.
        """
        found = []
        for question in self.questions:
            reading = read(question.asked.field, question.asked.raw, today)
            if not isinstance(reading, Complaint) or question.asked.name in passed_over:
                continue
            words = reader.complaint(reading)
            question.control.errors = [words]
            person = question.asked.person
            found.append(
                (question.anchor, reader.about(person.name, words) if person and person.name else words)
            )
        return found


def sheet(path: Path, step: Step, reader: Reader, known: Mapping[str, Known]) -> Sheet:
    """Lay out one step for the answers, in the reader's language."""
    if step.scope is None:
        return Sheet(step, StepForm(), [])
    answers = with_least_items(step.scope, path.answers)
    form = step_form(step)(data=answers)
    made = Sheet(step, form, [])
    maker = _Maker(path, reader, known, made.questions)
    made.parts = list(maker.parts(step.scope, form, answers, ()))
    return made


def outline(path: Path, step: Step, reader: Reader, known: Mapping[str, Known]) -> list["Part"]:
    """Lay out one step to be read only: the same parts, with no form behind them."""
    if step.scope is None:
        return []
    maker = _Maker(path, reader, known, [])
    return list(maker.parts(step.scope, Outline(), with_least_items(step.scope, path.answers), ()))


@dataclass(frozen=True, slots=True)
class _Maker:
    path: Path
    reader: Reader
    known: Mapping[str, Known]
    questions: list[Question]

    def parts(
        self, group: Group, form: Form | Outline, answers: Item, places: tuple[ItemPlace, ...]
    ) -> Iterator[Part]:
        item = filled(places[-1].group, answers) if places else None
        index = places[-1].index if places else 0
        for part in group.parts:
            if not self.path.shows(part, item, index):
                continue
            if isinstance(part, AskedField):
                yield self.question(part, form, answers, places, group.layout)
            elif part.repeat is not None:
                yield self.repeated(part, form, answers, places)
            else:
                yield self.section(part, form, answers, places)

    def section(
        self, group: Group, form: Form | Outline, answers: Item, places: tuple[ItemPlace, ...]
    ) -> Section:
        say = self.reader.of
        parts = list(self.parts(group, form, answers, places))
        return Section(
            group=group,
            title=say(group.title),
            hint=say(group.hint),
            notes_title=say(group.notes_title),
            notes=[say(note) for note in group.notes],
            total=say(group.sum),
            amount=money_in(parts) if group.sum else Decimal(0),
            parts=parts,
        )

    def repeated(
        self, group: Group, form: Form | Outline, answers: Item, places: tuple[ItemPlace, ...]
    ) -> Repeated:
        repeat = group.repeat
        assert repeat is not None
        name = _prefix(places) + group.id
        controls: Any = form[group.id]
        here = items(answers, group.id)
        entries = [
            self.entry(group, controls.entries[n].form, item, n, name, places, len(here) <= repeat.minimum)
            for n, item in enumerate(here)
        ]
        may_add = len(here) < repeat.maximum and not repeat.from_facts
        total = self.reader.of(group.sum)
        amount = money_in([part for entry in entries for part in entry.parts]) if group.sum else Decimal(0)
        return Repeated(
            group, name, entries, name if may_add else "", self.reader.of(repeat.add), total, amount
        )

    def entry(
        self,
        group: Group,
        form: Form | Outline,
        item: Item,
        n: int,
        name: str,
        places: tuple[ItemPlace, ...],
        least: bool,
    ) -> Entry:
        repeat = group.repeat
        assert repeat is not None
        called = item_name(group, item)
        title = called or f"{self.reader.of(repeat.item)} {n + 1}"
        applicant = repeat.person and n == 0
        fixed = least or applicant or repeat.from_facts
        place = ItemPlace(group, n, str(item.get("key", "")), called)
        parts = list(self.parts(group, form, item, (*places, place)))
        return Entry(
            name=called,
            title=title,
            meta=" · ".join(([self.reader.applicant()] if applicant else []) + self._traits(parts)),
            number=n,
            key=form["key"],
            parts=parts,
            own=applicant,
            remove="" if fixed else f"{name}-{n}",
            remove_words=self.reader.of(repeat.remove, name=title),
        )

    def _traits(self, parts: list["Part"]) -> list[str]:
        """Say in short who somebody is: what was chosen about them."""
        questions = [part.asked for part in parts if isinstance(part, Question)]
        labels = [option_label(asked.field, asked.raw) for asked in questions if asked.field.options]
        return [self.reader.of(label) for label in labels if label]

    def question(
        self,
        asked: AskedField,
        form: Form | Outline,
        answers: Item,
        places: tuple[ItemPlace, ...],
        layout: str,
    ) -> Question:
        control = form[asked.id]
        path = "".join(f"{place.group.id}/{place.key}/" for place in places) + asked.id
        put = Asked(_prefix(places) + asked.id, path, asked, answers.get(asked.id, ""), places)
        kind = kind_of(asked)
        control.label.text = self.reader.label(put)
        control.description = self.reader.of(asked.hint, name=places[-1].name if places else "")
        control.errors = []
        # In a list of costs every one may be left empty: its lead says so once, not each line.
        control.flags.quiet = layout == "costs" and not asked.required
        control.flags.required = asked.required or control.flags.quiet
        if not isinstance(form, Outline):
            self.fit(control, asked, kind)
        known = self.known.get(path)
        question = Question(put, control, kind, known, bool(known) and known_differs(known, put.raw))
        self.questions.append(question)
        return question

    def fit(self, control: Any, asked: AskedField, kind: str) -> None:
        """Give a control its choices, and keep the browser from filling in the representative's own data."""
        if kind in ("radio", "select", "checkboxes"):
            control.choices = choices(asked, self.reader.lang, *self.reader.choice_words())
        elif asked.autocomplete and asked.own_label and not self.reader.own:
            control.render_kw = {**control.render_kw, "autocomplete": "off"}


def _prefix(places: tuple[ItemPlace, ...]) -> str:
    return "".join(f"{place.group.id}-{place.index}-" for place in places)
