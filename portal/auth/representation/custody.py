"""What rights and what standing follow from the register's records; pure. Unknown or contradictory gives no right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final

from core_bridge.population.codes import Block, Codes, Meaning
from core_bridge.population.record import UNREADABLE, Custody, Record
from portal.calendar import TALLINN, tallinn_day
from portal.identity import ALL_ABILITIES, OF_AGE, Right, RightKind, birth_date, birthday

SOURCE: Final = "population-register"
# Anything else, an unknown kind among them too, is no right.
_KINDS: Final[Mapping[frozenset[Meaning | None], RightKind]] = {
    frozenset({Meaning.PERSONAL, Meaning.PROPERTY}): RightKind.PARENT,
    frozenset({Meaning.CHILD_GUARDIAN}): RightKind.CHILD_GUARDIAN,
    frozenset({Meaning.FOSTER_PARENT}): RightKind.FOSTER_PARENT,
    frozenset({Meaning.ADULT_GUARDIAN}): RightKind.ADULT_GUARDIAN,
}
_THE_OTHER_SIDE: Final[Mapping[Meaning | None, Meaning]] = {Meaning.ADULT_GUARDIAN: Meaning.WARD}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of a person: `alive` and `dead` are both False when its code is unknown.

    `restricted` is an adult of restricted legal capacity: under somebody's guardianship, or perhaps so.
    """

    code: str
    alive: bool
    dead: bool
    minor: bool
    restricted: bool


def comes_of_age(born: date) -> datetime:
    """Return the moment at which somebody's coming of age begins: midnight in Tallinn."""
    return datetime.combine(birthday(born, born.year + OF_AGE), time(), TALLINN).astimezone(UTC)


def right_over(holder: Record, ward: Record, now: datetime, codes: Codes) -> Right | None:
    """Tell by what right the one may represent the other now, by the records of both; None when by none.

    A parent needs full custody of person and of property: with one of them alone they may not do everything.
    """
    standing = standing_of(holder, now, codes)
    if not standing.alive or standing.minor or standing.restricted or not _alive(ward.status, codes):
        return None
    born = _born(ward)
    kind = _kind(holder, ward, tallinn_day(now), codes) if born and holder.code != ward.code else None
    if born is None or kind is None:
        return None
    of_age = comes_of_age(born)
    if (kind is RightKind.ADULT_GUARDIAN) != (now >= of_age):
        return None
    until = None if kind is RightKind.ADULT_GUARDIAN else of_age
    return Right(kind, SOURCE, ALL_ABILITIES, until)


def wards(holder: Record, now: datetime, codes: Codes) -> Sequence[tuple[Record, Right]]:
    """List for whom somebody may act by their own record alone; the ward's own is looked at when chosen."""
    others = {line.other: line for line in holder.custody if line.other}
    seen = [_as_seen(line) for line in others.values()]
    return [(ward, right) for ward in seen if (right := right_over(holder, ward, now, codes))]


def standing_of(record: Record, now: datetime, codes: Codes) -> Standing:
    """Tell whether somebody lives and may act for themselves."""
    life = codes.meaning(Block.PERSON, record.status)
    born = _born(record)
    # Whose age is unknown is not of age.
    minor = born is None or now < comes_of_age(born)
    restricted = not minor and any(_restricts(line, now, codes) for line in record.custody)
    return Standing(record.code, life is Meaning.ALIVE, life is Meaning.DEAD, minor, restricted)


def deaths(records: Iterable[Record], codes: Codes) -> frozenset[str]:
    """List who is dead, by what the records say of the people themselves and of the others on them."""
    said = {record.code: record.status for record in records}
    for record in records:
        said |= {line.other: line.other_status for line in record.custody if line.other not in said}
    return frozenset(c for c, status in said.items() if codes.meaning(Block.PERSON, status) is Meaning.DEAD)


def _restricts(line: Custody, now: datetime, codes: Codes) -> bool:
    """Tell whether a line says that this adult has a guardian.

    A line of unknown kind between two adults is a guardianship, and nothing says which of them is the guardian.
    """
    if codes.meaning(Block.STATE, line.state) is not Meaning.VALID:
        return False
    meaning = _meaning(line, codes)
    if meaning is None:
        born = birth_date(f"EE{line.other}")
        return born is None or now >= comes_of_age(born)
    return meaning is Meaning.WARD


def _kind(holder: Record, ward: Record, today: date, codes: Codes) -> RightKind | None:
    ours = [line for line in holder.custody if line.other == ward.code]
    theirs = [line for line in ward.custody if line.other == holder.code]
    if any(_doubtful(line, codes) for line in (*ours, *theirs)):
        return None
    said = {_meaning(line, codes) for line in ours if _holds(line.kind, ours, today, codes)} - {
        Meaning.HARMLESS
    }
    denied = {_meaning(line, codes) for line in theirs if not _holds(line.kind, theirs, today, codes)}
    # What one record says and the other takes back is no right; a guardian here is a ward there.
    if denied & {meaning for each in said for meaning in (each, _THE_OTHER_SIDE.get(each))} - {None}:
        return None
    return _KINDS.get(frozenset(said))


def _doubtful(line: Custody, codes: Codes) -> bool:
    return line.since == UNREADABLE or bool(line.other_status and not _alive(line.other_status, codes))


def _holds(kind: str, lines: Iterable[Custody], today: date, codes: Codes) -> bool:
    """Tell whether a kind holds today: its latest line that has begun decides, and two of one day must agree."""
    begun = [line for line in lines if line.kind == kind and (line.since or date.min) <= today]
    latest = max((line.since or date.min for line in begun), default=None)
    states = {line.state for line in begun if (line.since or date.min) == latest}
    return bool(states) and all(codes.meaning(Block.STATE, state) is Meaning.VALID for state in states)


def _meaning(line: Custody, codes: Codes) -> Meaning | None:
    return codes.meaning(Block.KIND, line.kind)


def _as_seen(line: Custody) -> Record:
    born = birth_date(f"EE{line.other}")
    seen = Record(line.other, line.other_status, born)
    return replace(seen, given_name=line.other_given_name, family_name=line.other_family_name)


def _born(record: Record) -> date | None:
    """Give the birth date if the register and the code agree on it."""
    return record.born if record.born == birth_date(f"EE{record.code}") else None


def _alive(status: str, codes: Codes) -> bool:
    return codes.meaning(Block.PERSON, status) is Meaning.ALIVE
