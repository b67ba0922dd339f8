"""What the register says of a person, as we read it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

UNREADABLE: Final = date.max
"""Stands for a beginning that cannot be read: it has not come."""


@dataclass(frozen=True, slots=True)
class Custody:
    """A line of somebody's custody rights: its kind and state in the register's codes, and the other person.

    `since` is None where the register gives no beginning, and `UNREADABLE` where it cannot be read.
    """

    kind: str
    state: str
    since: date | None
    other: str
    other_status: str = ""
    other_given_name: str = ""
    other_family_name: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A person: code without country, status in the register's codes, birth date if it can be read."""

    code: str
    status: str
    born: date | None
    given_name: str = ""
    family_name: str = ""
    custody: tuple[Custody, ...] = ()
