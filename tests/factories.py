"""People and their roles for tests; the codes are the state's public test identities and invented ones."""

from uuid import UUID

from portal.db import new_id
from portal.identity import ALL_ABILITIES, Actor, Assurance, Party, Person, Right, RightKind, birth_date


def person(
    code: str = "EE38001085718",
    given_name: str = "Jaak-Kristjan",
    family_name: str = "Jõeorg",
    *,
    known_as: UUID | None = None,
) -> Person:
    """Make a person, by default the ID-card test identity; `known_as` gives the id of a party that exists."""
    return Person(known_as or new_id(), code, given_name, family_name, birth_date(code))


def party(someone: Person | None = None) -> Party:
    """Make the party that a person is."""
    someone = someone or person()
    return Party(someone.id, someone.code, someone.name)


def actor(
    someone: Person | None = None,
    *,
    for_party: Party | None = None,
    kind: RightKind = RightKind.PARENT,
    assurance: Assurance = Assurance.GOVSSO,
    scope: frozenset[str] = ALL_ABILITIES,
) -> Actor:
    """Make somebody who acts for themselves, or for `for_party` by the right of `kind`."""
    someone = someone or person()
    if for_party is None:
        return Actor(someone, party(someone), Right(RightKind.SELF), assurance)
    return Actor(someone, for_party, Right(kind, source="population-register", scope=scope), assurance)
