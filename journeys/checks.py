"""What must hold between the pieces of a journey, beyond each piece's own shape."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from journeys.behalf import CIRCUMSTANCES
from journeys.conditions import Condition
from journeys.definition import RESERVED_STEPS, SAFE_CONTACT, Journey
from journeys.fields import AskedField, FieldType, Group

Place = tuple[str | int, ...]
Fault = tuple[Place, str]

ITEM_NAMES: Final = frozenset({"item", "index"})
_NOT_ANSWERS: Final = CIRCUMSTANCES | {"period"}
_BOUND: Final = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*([a-z_]\w*)\s*,")


def faults(journey: Journey) -> Iterator[Fault]:
    """Go through what is wrong between the pieces, each with its place in the file."""
    known = _answer_names(journey)
    yield from _repeats(("steps",), [step.id for step in journey.steps], "step")
    yield from _repeats(("documents",), [slot.id for slot in journey.documents], "document")
    yield from _repeats(("steps",), list(_all_names(journey)), "answer")
    for name in sorted(_NOT_ANSWERS.intersection(_all_names(journey))):
        yield ("steps",), f"an answer may not be called {name}"
    if any(field.id == SAFE_CONTACT and field.type is not FieldType.CHOICES for field in journey.fields()):
        yield ("steps",), f"{SAFE_CONTACT} is a box to tick: type choices"
    for n, step in enumerate(journey.steps):
        place: Place = ("steps", n)
        if step.id in RESERVED_STEPS:
            yield (*place, "id"), f"a step may not be called {step.id}"
        if not step.groups and not step.documents:
            yield place, "the step asks nothing"
        yield from _condition(place, step.when, known)
        for m, group in enumerate(step.groups):
            yield from _group((*place, "groups", m), group, known)
    for n, slot in enumerate(journey.documents):
        yield from _condition(("documents", n), slot.when, known)
    if sum(step.documents for step in journey.steps) != bool(journey.documents):
        yield ("steps",), "files are added in exactly one step, if there are documents"
    yield from _law(journey)


def _law(journey: Journey) -> Iterator[Fault]:
    for name, values in journey.law_values.items():
        for n, (earlier, later) in enumerate(pairwise(values)):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                yield ("law_values", name, n + 1), "two values hold on the same day"


def _answer_names(journey: Journey) -> frozenset[str]:
    return frozenset(_all_names(journey)) | _NOT_ANSWERS


def _all_names(journey: Journey) -> Iterator[str]:
    for step in journey.steps:
        if step.scope is not None:
            yield from (field.id for field in step.scope.fields())
            yield from (group.id for group in step.scope.repeated())


def _group(place: Place, group: Group, known: frozenset[str]) -> Iterator[Fault]:
    yield from _condition(place, group.when, known)
    inner = known
    if group.repeat is not None:
        inner = known | ITEM_NAMES
        names = [field.id for field in group.fields()] + [part.id for part in group.repeated()]
        yield from _repeats(place, names, "answer")
        if group.repeat.named_by is not None and group.repeat.named_by not in names:
            yield (*place, "repeat", "named_by"), f"there is no answer {group.repeat.named_by}"
    for n, part in enumerate(group.parts):
        at = (*place, "parts", n)
        if isinstance(part, AskedField):
            yield from _condition(at, part.when, inner)
        else:
            yield from _group(at, part, inner)


def _condition(place: Place, condition: Condition | None, known: frozenset[str]) -> Iterator[Fault]:
    if condition is None:
        return
    bound = frozenset(_BOUND.findall(condition.source))
    if unknown := condition.variables - known - bound:
        yield (*place, "when"), f"the condition asks for an unknown answer: {', '.join(sorted(unknown))}"


def _repeats(place: Place, names: list[str], what: str) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if count > 1:
            yield place, f"{count} {what}s are called {name}"
