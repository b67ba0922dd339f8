"""Whose eyes only: what a child files alone, and what one parent keeps from the other."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from portal.identity import OF_AGE, Actor, age_on, birth_date


@dataclass(frozen=True, slots=True)
class Age:
    """An age that counts from one day to another, with its source."""

    valid_from: date
    valid_to: date | None
    years: int
    source: str
    verified: bool


OWN_MATTERS: Final = (
    # No act that we have read says it. Until one is found, the age from which a child alone agrees to services of
    # the information society stands here. It is never told to anybody as the law.
    Age(date(2019, 1, 15), None, 13, "IKS § 8 lg 1 järgi, kontrollimata", verified=False),
)
"""From which age a minor's own filings are not shown to those who act for the child."""


def only_for(actor: Actor, day: date, *, safe_contact: bool) -> UUID | None:
    """Tell which person alone, beside the party itself, may see what the actor files; None is everybody.

    A minor's own filing is the minor's alone. One marked for safe contact is only for who filed it.
    """
    if actor.for_self:
        return actor.person.id if _files_alone(actor, day) else None
    return actor.person.id if safe_contact else None


def may_know(person_id: UUID, *, party_id: UUID, only_for: UUID | None) -> bool:
    """Tell whether somebody who acts for a party, or the party itself, may know of a matter."""
    return only_for is None or person_id in (party_id, only_for)


def _files_alone(actor: Actor, day: date) -> bool:
    born = actor.person.birthdate or birth_date(actor.person.code)
    if born is None:
        return False
    limit = next(
        (
            age.years
            for age in OWN_MATTERS
            if age.valid_from <= day and (age.valid_to is None or day <= age.valid_to)
        ),
        None,
    )
    return limit is not None and limit <= age_on(born, day) < OF_AGE
