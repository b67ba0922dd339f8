"""How often entries are seen and used, by day, municipality, service and grade; nobody is told apart."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Executable, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import SQLAlchemyError

from embeds.entry import Entry, Grade
from embeds.tables import EmbedCountRow
from portal.authorities import authority
from portal.calendar import tallinn_day
from portal.clock import Clock
from portal.db import Database, Session

SEEN: Final = "seen"
USED: Final = "used"
# Seeing is counted in memory first: a page that many people open must not write for each of them.
_KEEP_WAITING: Final = timedelta(seconds=10)

_log = structlog.get_logger()
_Counted = tuple[date, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the figures."""

    day: date
    authority_code: str
    service: str
    grade: str
    seen: int
    used: int


@dataclass(slots=True)
class Figures:
    """Counts; what a process that dies had not written yet is not counted."""

    db: Database
    clock: Clock
    _waiting: Counter[_Counted] = field(default_factory=Counter)
    _written_at: datetime | None = None

    async def seen(self, entry: Entry, grade: Grade) -> None:
        """Count that an entry was asked for; a copy kept by a browser asks for nothing."""
        for service in entry.counted:
            self._count(entry.place.code, service, grade, SEEN)
        if self._written_at is None:
            self._written_at = self.clock.now()
        if self.clock.now() - self._written_at >= _KEEP_WAITING:
            await self.write()

    async def used(self, code: str, service: str, grade: Grade) -> None:
        """Count that somebody came by an entry."""
        self._count(code, service, grade, USED)
        await self.write()

    async def write(self) -> None:
        """Write down what was counted; a database that does not answer stops nobody on their way."""
        if not self._waiting:
            return
        taken, self._waiting, self._written_at = self._waiting, Counter(), self.clock.now()
        try:
            async with self.db.write() as tx:
                await tx.execute(
                    _UPSERT[tx.dialect.name],
                    # In one order, so that two processes never wait for each other.
                    [dict(zip(_COLUMNS, (*key, count), strict=True)) for key, count in sorted(taken.items())],
                )
        except (SQLAlchemyError, OSError) as error:
            self._waiting.update(taken)
            _log.warning("embeds.figures.not-written", kind=type(error).__name__)

    def _count(self, code: str, service: str, grade: Grade, act: str) -> None:
        self._waiting[tallinn_day(self.clock.now()), code, service, str(grade), act] += 1


async def figures(session: Session, since: date, until: date) -> Sequence[Line]:
    """List what was counted from day to day, both included."""
    row = EmbedCountRow
    rows = await session.execute(
        select(row.day, row.authority_code, row.service, row.grade, _sum_of(SEEN), _sum_of(USED))
        .where(row.day >= since, row.day <= until)
        .group_by(row.day, row.authority_code, row.service, row.grade)
        .order_by(row.day, row.authority_code, row.service, row.grade)
    )
    return [Line(*each) for each in rows]


def table(lines: Sequence[Line]) -> list[str]:
    """Write the figures in columns, tabs between; "seen" is about: a copy kept by a browser is not counted."""
    rows = ["day\tmunicipality\tservice\tgrade\tseen (about)\tused"]
    for line in lines:
        about = line.service or "-"
        place = authority(line.authority_code).slug
        rows.append(f"{line.day}\t{place}\t{about}\t{line.grade}\t{line.seen}\t{line.used}")
    return rows


_COLUMNS: Final = ("day", "authority_code", "service", "grade", "act", "count")


def _sum_of(act: str) -> ColumnElement[int]:
    return func.sum(case((EmbedCountRow.act == act, EmbedCountRow.count), else_=0))


def _upsert(insert: Callable[..., Any]) -> Executable:
    statement = insert(EmbedCountRow).values({name: bindparam(name) for name in _COLUMNS})
    added = EmbedCountRow.count + statement.excluded.count
    upsert: Executable = statement.on_conflict_do_update(index_elements=_COLUMNS[:-1], set_={"count": added})
    return upsert


_UPSERT: Final = {"sqlite": _upsert(insert_sqlite), "postgresql": _upsert(insert_postgresql)}
