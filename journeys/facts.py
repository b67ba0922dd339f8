"""What registers know (SÜS § 24(2)), laid into a draft: values to start from, and their sources beside.

Asked of the core by name: the `fact` of each question; and, where a journey asks about a family, `members`
(rows of `code`, `name`, `relation`, `status`) and `incomes` (rows of `code`, `kind`, `amount`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core_bridge.wire import Fact, PrefillAnswer
from journeys.answers import Answers, Item, clean, fresh_item, items
from journeys.definition import Journey
from journeys.fields import AskedField, FieldType, Group
from journeys.layout import Known

MEMBERS: Final = "members"
INCOMES: Final = "incomes"
_PLAIN_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")

Facts = dict[str, Any]


def wanted(journey: Journey) -> tuple[str, ...]:
    """Return the names of what a journey would like to know from registers."""
    names = [field.fact for field in journey.fields() if field.fact]
    return (*names, MEMBERS, INCOMES) if _family(journey) else tuple(names)


def nothing_known(at: datetime) -> Facts:
    """Return the facts of a draft whose core did not answer."""
    return {"at": at.isoformat(), "down": True, "silent": [], "known": {}}


def not_asked(at: datetime) -> Facts:
    """Return the facts of a draft for which nobody was asked."""
    return nothing_known(at) | {"down": False, "asked": False}


def known_facts(facts: Mapping[str, Any]) -> dict[str, Known]:
    """Return the facts by the paths of the questions they answer."""
    return {
        path: Known(fact["value"], fact["source"], datetime.fromisoformat(fact["at"]))
        for path, fact in facts.get("known", {}).items()
    }


def lay_in(
    journey: Journey, answers: Answers, answer: PrefillAnswer, code: str, at: datetime
) -> tuple[Answers, Facts]:
    """Return the answers with what registers know where the person has said nothing, and the facts beside."""
    draft = _Draft(journey, dict(answers), {}, code.removeprefix("EE"))
    for fact in answer.facts:
        if fact.field == MEMBERS:
            draft.members(fact)
        elif fact.field != INCOMES:
            draft.single(fact)
    for fact in answer.facts:
        if fact.field == INCOMES:
            draft.incomes(fact)
    return draft.answers, {
        "at": at.isoformat(),
        "down": False,
        "silent": list(answer.unreachable),
        "known": draft.known,
    }


@dataclass(slots=True)
class _Draft:
    journey: Journey
    answers: Answers
    known: dict[str, Any]
    code: str

    def single(self, fact: Fact) -> None:
        for field in self.journey.fields():
            if field.fact == fact.field and not isinstance(fact.value, tuple):
                self._put(self.answers, field, field.id, fact.value, fact)

    def members(self, fact: Fact) -> None:
        group = _family(self.journey)
        if group is None:
            return
        people = items(self.answers, group.id)
        for n, row in enumerate(_rows(fact)):
            code = str(row.get("code", "")).removeprefix("EE")
            person = self._person(people, code)
            if person is None:
                person = fresh_item(key=f"r{n}")
                people.append(person)
            for field in group.fields():
                if field.id in row and (
                    field.id not in ("name", "code", "relation") or person is not people[0]
                ):
                    value = code if field.id == "code" else row[field.id]
                    self._put(person, field, f"{group.id}/{person['key']}/{field.id}", value, fact)
        assert group.repeat is not None
        self.answers[group.id] = people[: group.repeat.maximum]

    def incomes(self, fact: Fact) -> None:
        group = _family(self.journey)
        inner = group and next(
            (part for part in group.repeated() if part.repeat and part.repeat.from_facts), None
        )
        if group is None or inner is None:
            return
        people = items(self.answers, group.id)
        for row in _rows(fact):
            person = self._person(people, str(row.get("code", "")).removeprefix("EE"))
            if person is None:
                continue
            listed = items(person, inner.id)
            income = self._income(listed, row)
            path = f"{group.id}/{person['key']}/{inner.id}/{income['key']}/"
            for field in inner.fields():
                if field.id in row:
                    self._put(income, field, path + field.id, row[field.id], fact)
            person[inner.id] = listed
        self.answers[group.id] = people

    def _income(self, listed: list[Item], row: Mapping[str, Any]) -> Item:
        used = {path.split("/")[-2] for path in self.known if "/" in path}
        kind = str(row.get("kind", ""))
        # Asked again, the same income is the same item: a correction stays where it was made.
        for item in listed:
            if item.get("kind") == kind and item["key"] not in used:
                return item
        item = fresh_item()
        listed.append(item)
        return item

    def _person(self, people: list[Item], code: str) -> Item | None:
        for n, person in enumerate(people):
            own = self.code if n == 0 else str(person.get("code", "")).strip()
            if code and own == code:
                return person
        return None

    def _put(self, where: Item, field: AskedField, path: str, value: object, fact: Fact) -> None:
        text = _typed(field, value)
        if text is None:
            return
        if not where.get(field.id):
            where[field.id] = text
        self.known[path] = {"value": text, "source": fact.source, "at": fact.as_of.isoformat()}


def _typed(field: AskedField, value: object) -> str | None:
    """Return a register's value as a person would type it; None when the question has no such answer."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = clean(str(value)).strip()[: field.max_length]
    if field.type is FieldType.CHOICE and all(option.value != text for option in field.options):
        return None
    if field.type in (FieldType.MONEY, FieldType.DECIMAL) and _PLAIN_AMOUNT.fullmatch(text):
        whole, _, cents = text.partition(".")
        return f"{whole},{cents:0<2}" if field.type is FieldType.MONEY else text.replace(".", ",")
    return text or None


def _rows(fact: Fact) -> Iterator[Mapping[str, Any]]:
    value = fact.value
    for row in value if isinstance(value, tuple) else ():
        if isinstance(row, dict):
            yield row


def _family(journey: Journey) -> Group | None:
    return next((group for group in journey.repeated() if group.repeat and group.repeat.person), None)
