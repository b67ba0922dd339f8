"""Answers as typed: raw texts, by the question's id; a repeated group is a list of items with a key each."""

import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

import cel

from journeys.behalf import Behalf
from journeys.conditions import Condition
from journeys.definition import Journey
from journeys.fields import AskedField, FieldType, Group, Repeat

Answers = dict[str, Any]
Item = dict[str, Any]

LONGEST: Final = 20_000
"""No single answer is kept beyond this many characters."""

_LINE_ENDS: Final = re.compile(r"\r\n?")


class Sent(Protocol):
    """What a form sent: a name may come more than once."""

    def __contains__(self, key: object, /) -> bool: ...

    def getlist(self, key: Any, /) -> Sequence[Any]:
        """Return all values of a name."""
        ...


class Scope:
    """The answers as conditions see them; one item of a repeated group at a time stands as `item`."""

    def __init__(self, journey: Journey, answers: Mapping[str, Any], behalf: Behalf) -> None:
        self._journey, self._answers = journey, answers
        self._circumstances = {"period": "", **behalf.values()}
        self._whole = self._of_item = _Seen(self._value)
        self._item: Mapping[str, Any] | None = None

    def holds(
        self, condition: Condition | None, item: Mapping[str, Any] | None = None, index: int = 0
    ) -> bool:
        """Tell whether a condition holds; no condition always does."""
        if condition is None:
            return True
        if item is None:
            return self._whole.holds(condition)
        if item is not self._item:
            there = {"item": item, "index": index}
            self._item, self._of_item = (
                item,
                _Seen(lambda name: there[name] if name in there else self._value(name)),
            )
        return self._of_item.holds(condition)

    def _value(self, name: str) -> Any:
        if name in self._circumstances:
            return self._circumstances[name]
        return _seen(self._journey.parts[name], self._answers)


class _Seen:
    """What conditions have been told, each only what it asks for: to hand over everything costs more than a page."""

    def __init__(self, value: Callable[[str], Any]) -> None:
        self._value, self._there, self._context = value, set[str](), cel.Context({})
        # By identity: the journey keeps its conditions.
        self._held: dict[int, bool] = {}

    def holds(self, condition: Condition) -> bool:
        """Tell whether a condition holds, asking it once."""
        if id(condition) not in self._held:
            for name in condition.variables - self._there:
                self._tell(name, condition)
            self._held[id(condition)] = condition.holds(self._context)
        return self._held[id(condition)]

    def _tell(self, name: str, condition: Condition) -> None:
        # A name that nobody knows stays unknown.
        with suppress(KeyError):
            value = self._value(name)
            if isinstance(value, dict | list):
                value = _only(value, condition.members)
            else:
                self._there.add(name)
            self._context.add_variable(name, value)


def _only(value: Any, members: Collection[str]) -> Any:
    """Leave of items what a condition asks for."""
    if isinstance(value, list):
        return [_only(each, members) for each in value]
    if isinstance(value, dict):
        return {name: _only(each, members) for name, each in value.items() if name in members}
    return value


def items(answers: Mapping[str, Any], group_id: str) -> list[Item]:
    """Return the items of a repeated group as they are kept."""
    found = answers.get(group_id)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def fresh_item(**known: Any) -> Item:
    """Make an item; its key keeps it apart when others come and go."""
    return {"key": secrets.token_hex(4), **known}


def with_least_items(group: Group, answers: Answers) -> Answers:
    """Return the answers of one scope with every repeated group as long as it must be."""
    full = dict(answers)
    for part in group.repeated():
        repeat = _repeat(part)
        inner = [with_least_items(part, item) for item in items(full, part.id)]
        while len(inner) < repeat.minimum:
            # The same key every time, so that a page shown twice sends the same.
            inner.append(with_least_items(part, fresh_item(key="first")))
        full[part.id] = inner
    return full


def with_items_of(group: Group, answers: Answers, kept: Mapping[str, Any]) -> Answers:
    """Return the answers of one scope with the items that another tab has added meanwhile."""
    full = dict(answers)
    for part in group.repeated():
        before = {item.get("key"): item for item in items(kept, part.id)}
        here = [with_items_of(part, item, before.get(item.get("key"), {})) for item in items(full, part.id)]
        missing = before.keys() - {item.get("key") for item in here}
        here += [item for key, item in before.items() if key in missing]
        full[part.id] = here[: _repeat(part).maximum]
    return full


def collect(
    group: Group, sent: Sent, kept: Mapping[str, Any], prefix: str = "", shown: bool = True
) -> Answers:
    """Return the answers of one scope as sent, over those kept; what was not sent stays as it was.

    `shown` says that the whole scope was on the page, so that a list of choices that is missing is empty.
    """
    answers = dict(kept)
    for field in group.fields():
        name = prefix + field.id
        if field.type is FieldType.CHOICES:
            if shown and (name in sent or f"{name}-shown" in sent):
                answers[field.id] = [clean(value) for value in sent.getlist(name)][: len(field.options)]
        elif name in sent:
            answers[field.id] = clean(sent.getlist(name)[0])
    for part in group.repeated():
        came = list(_items_sent(part, sent, kept, f"{prefix}{part.id}"))
        if came:
            answers[part.id] = came
    return answers


def clean(value: object) -> str:
    """Return a value as it may be kept: text that can be stored, of bounded length, one kind of line end."""
    text = value if isinstance(value, str) else ""
    text = _LINE_ENDS.sub("\n", text[: LONGEST + 1])
    # A lone surrogate (possible in JSON) could never be written down.
    return text.encode("utf-8", "replace").decode("utf-8")


def add_item(group: Group, answers: Answers, path: str) -> Answers:
    """Return the answers with one more item where the path says (`members-0-incomes`); else as they are."""
    return _change(group, answers, path.split("-"), adding=True)


def remove_item(group: Group, answers: Answers, path: str) -> Answers:
    """Return the answers without the item of the path (`members-1`); else as they are."""
    return _change(group, answers, path.split("-"), adding=False)


def count_at(answers: Mapping[str, Any], path: str) -> int:
    """Count the items of the list a path leads to."""
    *outer, last = path.split("-")
    here = answers
    for name, index in zip(outer[::2], outer[1::2], strict=False):
        here = items(here, name)[_index(index) or 0]
    return len(items(here, last))


def _change(group: Group, answers: Answers, path: list[str], *, adding: bool) -> Answers:
    part = next((part for part in group.repeated() if part.id == path[0]), None)
    if part is None:
        return answers
    repeat, here = _repeat(part), items(answers, part.id)
    if len(path) == 1:
        if adding and len(here) < repeat.maximum and not repeat.from_facts:
            here.append(with_least_items(part, fresh_item()))
    else:
        index = _index(path[1])
        if index is None or index >= len(here):
            return answers
        if len(path) > 2:
            here[index] = _change(part, here[index], path[2:], adding=adding)
        elif not adding and not repeat.from_facts and not (repeat.person and index == 0):
            del here[index]
    return {**answers, part.id: here}


def _items_sent(group: Group, sent: Sent, kept: Mapping[str, Any], name: str) -> Iterator[Item]:
    before = {item.get("key"): item for item in items(kept, group.id)}
    repeat = _repeat(group)
    for index in range(repeat.maximum):
        if f"{name}-{index}-key" not in sent:
            return
        key = clean(sent.getlist(f"{name}-{index}-key")[0])[:16]
        if key not in before and repeat.from_facts:
            continue
        earlier = before.get(key) or (fresh_item(key=key) if key.isalnum() else fresh_item())
        yield collect(group, sent, earlier, f"{name}-{index}-")


def filled(group: Group, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return one item as conditions see it: every question answered, if only with an empty text."""
    return {part.id: _seen(part, item) for part in group.flat}


def _seen(part: AskedField | Group, answers: Mapping[str, Any]) -> Any:
    if isinstance(part, AskedField):
        raw = answers.get(part.id)
        return raw if isinstance(raw, str | list) else ""
    return [filled(part, item) for item in items(answers, part.id)]


def _index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _repeat(group: Group) -> Repeat:
    assert group.repeat is not None, "only repeated groups have items"
    return group.repeat
