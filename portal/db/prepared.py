"""Statements that many requests wait for: composed once, and said to the driver itself.

Measured: an asynchronous connection of SQLAlchemy takes 0.2 ms for each statement around the 0.03 of the driver.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

E = TypeVar("E", bound=Executable)
Heard = Callable[[str], None]

_PREPARED: Final[set[Executable]] = set()


def prepared(statement: E) -> E:
    """Mark a statement that is built once for the life of the process, and run with a dict of parameters."""
    _PREPARED.add(statement)
    return statement


def is_prepared(statement: Executable) -> bool:
    """Tell whether a statement has been marked."""
    return statement in _PREPARED


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a prepared statement: its rows (named tuples), and how many rows it touched."""

    rows: Sequence[Any]
    rowcount: int

    def __iter__(self) -> Iterator[Any]:
        """Go through the rows."""
        return iter(self.rows)

    def all(self) -> Sequence[Any]:
        """Give every row."""
        return self.rows

    def first(self) -> Any:
        """Give the first row; None when there is no row."""
        return self.rows[0] if self.rows else None

    def one(self) -> Any:
        """Give the only row."""
        found = self.one_or_none()
        if found is None:
            raise NoResultFound
        return found

    def one_or_none(self) -> Any:
        """Give the only row; None when there is no row."""
        if len(self.rows) > 1:
            raise MultipleResultsFound
        return self.first()

    def scalar(self) -> Any:
        """Give the first column of the first row; None when there is no row."""
        return self.rows[0][0] if self.rows else None


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement as the driver takes it, and what becomes of the values on their way there and back."""

    sql: str
    known: Mapping[str, Any]
    there: Sequence[tuple[str, Callable[[Any], Any] | None]]
    row: Any
    """Makes a row of the values of its columns; None for a statement that gives none."""
    back: Sequence[tuple[int, Callable[[Any], Any]]]

    @classmethod
    def of(cls, statement: Any, names: Sequence[str], dialect: Dialect) -> "Plan":
        """Compose a statement for parameters of these names."""
        made = statement.compile(dialect=dialect, column_keys=list(names))
        assert not made.prefetch, "values are given, not made by the column"
        assert not made.post_compile_params, "a list has a place for each of its values"
        binds = [(name, made.binds[name]) for name in made.positiontup]
        columns = list(statement.exported_columns)
        readers = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
        return cls(
            made.string,
            {name: bind.effective_value for name, bind in binds if not bind.required},
            [(name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in binds],
            _maker([str(each.key) for each in columns]) if columns else None,
            [(place, reader) for place, reader in enumerate(readers) if reader],
        )

    def sent(self, given: Mapping[str, Any]) -> list[Any]:
        """Give the values as the driver takes them, in their order."""
        values = {**self.known, **given}
        return [process(values[name]) if process else values[name] for name, process in self.there]

    def rows(self, records: Sequence[Any]) -> list[Any]:
        """Make rows of what the driver gives: an attribute of one costs a tenth of that of SQLAlchemy's rows."""
        return [self.row(self._read(record)) for record in records]

    def _read(self, record: Any) -> list[Any]:
        values = list(record)
        for place, read in self.back:
            values[place] = read(values[place])
        return values


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of one database, as they are first needed; and who wants to hear what is said."""

    dialect: Dialect
    made: dict[tuple[Executable, tuple[str, ...]], Plan] = field(default_factory=dict)
    heard_by: list[Heard] = field(default_factory=list)

    def plan(self, statement: Executable, given: Mapping[str, Any]) -> Plan:
        """Give the plan of a prepared statement."""
        key = statement, tuple(given)
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = Plan.of(statement, key[1], self.dialect)
        for tell in self.heard_by:
            tell(found.sql)
        return found


def _maker(names: Sequence[str]) -> Any:
    # A column without a name, as a count has none, is found by its place.
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    return row._make
