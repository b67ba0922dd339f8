"""Reading journeys from YAML; whatever is wrong is told with file and line."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from journeys.checks import faults
from journeys.definition import Journey

CATALOGUE: Final = Path(__file__).parent / "catalogue"


class BrokenJourney(Exception):
    """A journey file that cannot be used; each complaint names file and line."""

    def __init__(self, complaints: Sequence[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = tuple(complaints)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All journeys that exist, by id."""

    journeys: Mapping[str, Journey]

    def __getitem__(self, journey_id: str) -> Journey:
        return self.journeys[journey_id]

    def __iter__(self) -> Iterator[Journey]:
        return iter(self.journeys.values())

    def get(self, journey_id: str) -> Journey | None:
        """Return the journey of that id, if there is one."""
        return self.journeys.get(journey_id)


class _Loader(yaml.CSafeLoader):
    """YAML where a repeated key is an error instead of a silent loss."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", key_node.start_mark)
        seen.add(key)
    # Built at once, so that anchors and merges keep working.
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_catalogue(folder: Path = CATALOGUE) -> Catalogue:
    """Read every journey of a folder; `BrokenJourney` tells all that is wrong at once."""
    journeys: dict[str, Journey] = {}
    complaints: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            journey = load_journey(path)
        except BrokenJourney as error:
            complaints += error.complaints
            continue
        if journey.id in journeys:
            complaints.append(f"{path.name}:1: another file already defines {journey.id}")
        journeys[journey.id] = journey
    if complaints:
        raise BrokenJourney(complaints)
    return Catalogue(journeys)


def load_journey(path: Path) -> Journey:
    """Read one journey; `BrokenJourney` tells what is wrong, by file and line."""
    text = path.read_text(encoding="utf-8")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BrokenJourney([f"{path.name}:{line}: {error.problem}"]) from error
    try:
        journey = Journey.model_validate(data)
    except ValidationError as error:
        found = [(_line(node, e["loc"]), _where(e["loc"]), e["msg"]) for e in error.errors(include_url=False)]
        raise BrokenJourney([f"{path.name}:{line}: {where}{what}" for line, where, what in found]) from error
    if wrong := [
        f"{path.name}:{_line(node, place)}: {_where(place)}{what}" for place, what in faults(journey)
    ]:
        raise BrokenJourney(wrong)
    return journey


def _where(place: Sequence[str | int]) -> str:
    return f"{'.'.join(map(str, place))}: " if place else ""


def _line(node: yaml.Node | None, place: Sequence[str | int]) -> int:
    """Follow a place into the file as far as it goes; a missing key is told at its parent."""
    line = 1
    for part in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if pair is not None:
                line, node = pair[0].start_mark.line + 1, pair[1]
    return line
