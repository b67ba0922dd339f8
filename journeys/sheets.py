"""A step as a page shows it: the questions in their groups, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from journeys.answers import Item, filled, items, with_least_items
from journeys.definition import Step
from journeys.fields import AskedField, Group
from journeys.flow import Asked, ItemPlace, Path, item_name, name_of
from journeys.forms import StepForm
from journeys.layout import (
    Entry,
    Known,
    Part,
    Question,
    Repeated,
    Section,
    known_differs,
    money_in,
    questions_in,
)
from journeys.looks import kind_of, option_label
from journeys.reader import Reader


@dataclass(slots=True)
class Sheet:
    """One step, ready to be filled in and checked."""

    parts: list[Part]
    form: StepForm

    @property
    def has_known(self) -> bool:
        """Tell whether a register said anything about this page."""
        return any(question.known for question in self.form.questions)


def sheet(path: Path, step: Step, reader: Reader, known: Mapping[str, Known]) -> Sheet:
    """Lay out one step for the answers, in the reader's language, with a form to fill in."""
    parts = outline(path, step, reader, known)
    return Sheet(parts, StepForm(questions_in(parts), reader))


def outline(path: Path, step: Step, reader: Reader, known: Mapping[str, Known]) -> list[Part]:
    """Lay out one step to be read."""
    if step.scope is None:
        return []
    maker = _Maker(path, reader, known)
    return list(maker.parts(step.scope, with_least_items(step.scope, path.answers), ()))


@dataclass(frozen=True, slots=True)
class _Maker:
    path: Path
    reader: Reader
    known: Mapping[str, Known]

    def parts(self, group: Group, answers: Item, places: tuple[ItemPlace, ...]) -> Iterator[Part]:
        item = filled(places[-1].group, answers) if places else None
        index = places[-1].index if places else 0
        for part in group.parts:
            if not self.path.shows(part, item, index):
                continue
            if isinstance(part, AskedField):
                yield self.question(part, answers, places, group.layout)
            elif part.repeat is not None:
                yield self.repeated(part, answers, places)
            else:
                yield self.section(part, answers, places)

    def section(self, group: Group, answers: Item, places: tuple[ItemPlace, ...]) -> Section:
        say = self.reader.of
        parts = list(self.parts(group, answers, places))
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

    def repeated(self, group: Group, answers: Item, places: tuple[ItemPlace, ...]) -> Repeated:
        repeat = group.repeat
        assert repeat is not None
        name = name_of(group.id, places)
        here = items(answers, group.id)
        entries = [
            self.entry(group, item, n, name, places, len(here) <= repeat.minimum)
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
        parts = list(self.parts(group, item, (*places, place)))
        return Entry(
            name=called,
            title=title,
            meta=" · ".join(([self.reader.applicant()] if applicant else []) + self._traits(parts)),
            number=n,
            key=place.key,
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
        self, asked: AskedField, answers: Item, places: tuple[ItemPlace, ...], layout: str
    ) -> Question:
        path = "".join(f"{place.group.id}/{place.key}/" for place in places) + asked.id
        put = Asked(name_of(asked.id, places), path, asked, answers.get(asked.id, ""), places)
        kind, known = kind_of(asked), self.known.get(path)
        return Question(
            asked=put,
            kind=kind,
            label=self.reader.label(put),
            hint=self.reader.of(asked.hint, name=places[-1].name if places else ""),
            is_optional=not asked.required and layout != "costs",
            known=known,
            differs=known_differs(known, put.raw),
        )
