"""Which rows of a party an actor may see: those that are not for somebody else alone, within the right's reach."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, false, or_

from portal.identity import Actor, Right


def seen_by_actor(row: Any) -> ColumnElement[bool]:
    """Give the condition for a table with `party_id` and `only_for`; its parameters are those of `known`.

    What is only for one person is seen by that person, and by the party itself.
    """
    own: ColumnElement[bool] = row.party_id == bindparam("party_id")
    return own & shared_or_of(row, bindparam("person_id", type_=Uuid()))


def shared_or_of(row: Any, person: Any) -> ColumnElement[bool]:
    """Give the condition that a row is for everybody who acts for its party, or for this person."""
    return or_(row.only_for.is_(None), row.only_for == person, row.party_id == person)


def known(actor: Actor) -> dict[str, UUID]:
    """Give the parameters of `seen_by_actor`."""
    return {"party_id": actor.party.id, "person_id": actor.person.id}


def reached_by(right: Right, row: Any) -> ColumnElement[bool]:
    """Give the condition that a limited right covers a row, as `Right.covers` tells it of one."""
    services = [each.removeprefix("service:") for each in right.scope if each.startswith("service:")]
    matters = [UUID(each.removeprefix("matter:")) for each in right.scope if each.startswith("matter:")]
    return or_(
        row.journey.in_(services) if services else false(), row.id.in_(matters) if matters else false()
    )
