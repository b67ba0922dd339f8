"""Conditions over answers, written in CEL: when a step, a field or a document belongs to the path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

import cel
from pydantic_core import CoreSchema, core_schema

_MEMBER: Final = re.compile(r"\.\s*([a-z_]\w*)")
_BY_KEY: Final = re.compile(r"(?<=[\w)\]])(?<!\bin)\s*\[")


class _Program(Protocol):
    def execute(self, context: Any) -> object: ...

    def variables(self) -> list[str]: ...


class BrokenCondition(ValueError):
    """A condition that cannot be read, or does not say yes or no."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One compiled condition; answers are texts (`"yes"`, `""`), repeated groups are lists of maps."""

    source: str
    program: _Program
    variables: frozenset[str]
    """The names the condition asks for."""
    members: frozenset[str]
    """What it asks of items: `item.status`."""

    @classmethod
    def compile(cls, source: object) -> "Condition":
        """Read a condition once, when its journey is loaded."""
        if isinstance(source, cls):
            return source
        if not isinstance(source, str):
            raise BrokenCondition("a condition is a text")
        try:
            program = cast(_Program, cel.compile(source))
        except ValueError as error:
            first = str(error).splitlines()[0]
            raise BrokenCondition(f"the condition cannot be read: {first}") from error
        if _BY_KEY.search(source):
            raise BrokenCondition("ask for an answer of an item by its name: item.status")
        return cls(source, program, frozenset(program.variables()), frozenset(_MEMBER.findall(source)))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.compile)

    def holds(self, scope: Mapping[str, Any] | cel.Context) -> bool:
        """Tell whether the condition is true for these answers."""
        try:
            result = self.program.execute(scope)
        except (RuntimeError, TypeError, ValueError) as error:
            raise BrokenCondition(f"{self.source}: {error}") from error
        if not isinstance(result, bool):
            raise BrokenCondition(f"{self.source}: gives {result!r}, not yes or no")
        return result
