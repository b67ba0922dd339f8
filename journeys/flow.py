"""The path through a journey; pure: which steps, which questions, and what is still to do."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from journeys.answers import Answers, Scope, filled, items
from journeys.behalf import Behalf
from journeys.definition import DocumentSlot, Journey, Step
from journeys.fields import AskedField, Group
from journeys.parsing import Complaint, Reading, read


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where in a repeated group a question stands; `name` is empty while the item has none."""

    group: Group
    index: int
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is put: its name in the form, its path by keys, and what was typed."""

    name: str
    path: str
    field: AskedField
    raw: object
    places: tuple[ItemPlace, ...] = ()

    @property
    def person(self) -> ItemPlace | None:
        """The person a question is about, if it is about one."""
        return next(
            (place for place in self.places if place.group.repeat and place.group.repeat.person), None
        )


@dataclass(frozen=True, slots=True)
class Path:
    """The way through one journey for given answers."""

    journey: Journey
    answers: Answers
    scope: Scope
    today: date
    behalf: Behalf
    _questions: dict[str, list[Asked]] = field(default_factory=dict, compare=False, repr=False)
    _read: dict[str, Reading] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, journey: Journey, answers: Answers, today: date, behalf: Behalf) -> "Path":
        """Lay out the path for the answers of somebody who applies on some behalf."""
        return cls(journey, answers, Scope(journey, answers, behalf), today, behalf)

    def saying(self, answers: Answers) -> "Path":
        """Lay out the path of the same person for other answers."""
        return Path.of(self.journey, answers, self.today, self.behalf)

    def route(self) -> tuple[Step, ...]:
        """Return the steps that belong to the path."""
        return tuple(step for step in self.journey.steps if self.scope.holds(step.when))

    def asked(self, step: Step) -> list[Asked]:
        """List the questions of a step that belong to the path, worked out once."""
        if step.id not in self._questions:
            asked = self._asked(step.scope, self.answers, "", "", ()) if step.scope else ()
            self._questions[step.id] = list(asked)
        return self._questions[step.id]

    def read(self, asked: Asked) -> Reading:
        """Read the answer to a question of the path, once."""
        if asked.name not in self._read:
            self._read[asked.name] = read(asked.field, asked.raw, self.today)
        return self._read[asked.name]

    def readings(self, step: Step) -> Iterator[tuple[Asked, Reading]]:
        """Go through the questions of a step with what was understood of their answers."""
        return ((asked, self.read(asked)) for asked in self.asked(step))

    def complaints(self, step: Step) -> list[tuple[Asked, Complaint]]:
        """List what must be put right in a step."""
        return [(asked, reading) for asked, reading in self.readings(step) if isinstance(reading, Complaint)]

    def is_finished(self, step: Step, done: Collection[str]) -> bool:
        """Tell whether a step was gone through and nothing in it must be put right."""
        return step.id in done and not any(
            isinstance(self.read(asked), Complaint) for asked in self.asked(step)
        )

    def first_unfinished(self, done: Collection[str]) -> Step | None:
        """Return the first step still to do, or None when all is ready for the review."""
        return next((step for step in self.route() if not self.is_finished(step, done)), None)

    def may_visit(self, step_id: str, done: Collection[str]) -> bool:
        """Tell whether the person has got this far; `review` asks for every step."""
        for step in self.route():
            if step.id == step_id:
                return True
            if not self.is_finished(step, done):
                return False
        return step_id == "review"

    def documents(self) -> tuple[DocumentSlot, ...]:
        """Return the documents that belong to the path."""
        return tuple(slot for slot in self.journey.documents if self.scope.holds(slot.when))

    def shows(self, part: AskedField | Group, item: Mapping[str, Any] | None = None, index: int = 0) -> bool:
        """Tell whether a question or group belongs to the path; inside an item, for that item."""
        return self.scope.holds(part.when, item, index)

    def _asked(
        self, group: Group, answers: Answers, prefix: str, path: str, places: tuple[ItemPlace, ...]
    ) -> Iterator[Asked]:
        item = filled(places[-1].group, answers) if places else None
        index = places[-1].index if places else 0
        for part, conditions in group.ways:
            if conditions and not all(self.scope.holds(each, item, index) for each in conditions):
                continue
            if isinstance(part, AskedField):
                yield Asked(prefix + part.id, path + part.id, part, answers.get(part.id, ""), places)
                continue
            for n, inner in enumerate(items(answers, part.id)):
                place = ItemPlace(part, n, str(inner.get("key", "")), item_name(part, inner))
                yield from self._asked(
                    part, inner, f"{prefix}{part.id}-{n}-", f"{path}{part.id}/{place.key}/", (*places, place)
                )


def name_of(field_id: str, places: Iterable[ItemPlace]) -> str:
    """Return the name of a question in a form: `members-0-status`."""
    return "".join(f"{place.group.id}-{place.index}-" for place in places) + field_id


def item_name(group: Group, item: Mapping[str, Any]) -> str:
    """Return what an item is called by its own answers, if it has a name yet."""
    named_by = group.repeat.named_by if group.repeat else None
    name = item.get(named_by, "") if named_by else ""
    return " ".join(name.split())[:80] if isinstance(name, str) else ""
