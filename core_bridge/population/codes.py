"""What the register's codes mean to us: one table, and what an installation adds to it.

No public list of the codes was found. Those marked verified were read in a working client of the service; the
others were never seen, so they stand empty: until an installation names them, they give nobody any right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class BadCodes(ValueError):
    """The codes of an installation cannot be used; the text says why."""


class Block(StrEnum):
    """The classifier a code belongs to."""

    PERSON = "isikuStaatus"
    STATE = "hooldusoigused.staatus"
    KIND = "hooldusoigused.liik"


class Meaning(StrEnum):
    """What a code means to us; anything else is unknown, and what is unknown gives no right."""

    ALIVE = "alive"
    DEAD = "dead"
    VALID = "valid"
    PERSONAL = "personal_custody"
    PROPERTY = "property_custody"
    CHILD_GUARDIAN = "child_guardian"
    FOSTER_PARENT = "foster_parent"
    ADULT_GUARDIAN = "adult_guardian"
    WARD = "ward"
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table."""

    block: Block
    meaning: Meaning
    codes: frozenset[str]
    verified: bool


TABLE: Final = (
    Entry(Block.PERSON, Meaning.ALIVE, frozenset({"E"}), verified=True),
    Entry(Block.PERSON, Meaning.DEAD, frozenset(), verified=False),  # never seen
    Entry(Block.STATE, Meaning.VALID, frozenset({"H1"}), verified=True),
    Entry(Block.KIND, Meaning.PERSONAL, frozenset({"H10"}), verified=True),  # full custody of the person
    Entry(Block.KIND, Meaning.PROPERTY, frozenset({"H20"}), verified=True),  # full custody of property
    Entry(Block.KIND, Meaning.CHILD_GUARDIAN, frozenset(), verified=False),  # guardian of a minor: never seen
    Entry(
        Block.KIND, Meaning.FOSTER_PARENT, frozenset(), verified=False
    ),  # may not be in this register at all
    Entry(
        Block.KIND, Meaning.ADULT_GUARDIAN, frozenset(), verified=False
    ),  # on the guardian's record: never seen
    Entry(
        Block.KIND, Meaning.WARD, frozenset(), verified=False
    ),  # on the record of who is under guardianship
    Entry(
        Block.KIND, Meaning.HARMLESS, frozenset(), verified=False
    ),  # kinds that neither give nor take a right
)


@dataclass(frozen=True, slots=True)
class Codes:
    """The table as an installation has completed it."""

    table: tuple[Entry, ...] = TABLE

    @classmethod
    def completed(cls, given: Mapping[str, Iterable[str]]) -> Self:
        """Put an installation's codes in the place of the table's; raises `BadCodes`."""
        strange = set(given) - set(Meaning)
        if strange:
            raise BadCodes(f"'{min(strange)}' is none of {', '.join(Meaning)}")
        table = tuple(
            Entry(each.block, each.meaning, frozenset(given[each.meaning]), each.verified)
            if each.meaning in given
            else each
            for each in TABLE
        )
        for block in Block:
            _told_apart(block, table)
        return cls(table)

    def meaning(self, block: Block, code: str) -> Meaning | None:
        """Tell what a code means; None when it is unknown."""
        return next((each.meaning for each in self.table if each.block is block and code in each.codes), None)

    def knows(self, meaning: Meaning) -> bool:
        """Tell whether any code has this meaning here."""
        return any(each.codes for each in self.table if each.meaning is meaning)

    def unverified(self) -> list[Meaning]:
        """List the meanings that have no code yet and none that was ever verified."""
        return [each.meaning for each in self.table if not each.verified and not each.codes]


def _told_apart(block: Block, table: tuple[Entry, ...]) -> None:
    codes = [code for each in table if each.block is block for code in each.codes]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise BadCodes(f"'{min(twice)}' would mean two things")
    if "" in codes:
        raise BadCodes("a code is empty")
