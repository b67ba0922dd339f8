"""How the actor of a session is written in its row, and read back at every request."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from portal.identity import Actor, Assurance, Party, Person, Right, RightKind


def written(actor: Actor) -> dict[str, Any]:
    """Give what the row keeps encrypted: codes, names, and the source and scope of the right."""
    person, party, right = actor.person, actor.party, actor.right
    return {
        "person": [
            person.code,
            person.given_name,
            person.family_name,
            person.birthdate and person.birthdate.isoformat(),
        ],
        "party": [party.code, party.name],
        "right": [right.source, sorted(right.scope)],
    }


def actor_of(row: Row[Any]) -> Actor:
    """Give the actor of a row."""
    code, given_name, family_name, born = row.who["person"]
    source, scope = row.who["right"]
    return Actor(
        Person(row.person_id, code, given_name, family_name, born and date.fromisoformat(born)),
        Party(row.party_id, *row.who["party"]),
        Right(RightKind(row.right), source, frozenset(scope), row.right_until),
        Assurance(row.assurance),
    )
