"""From whom a draft is hidden while it is written, and stays hidden when it is sent."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from journeys.answers import Answers
from journeys.behalf import Behalf
from journeys.definition import SAFE_CONTACT, Journey
from journeys.flow import Path
from journeys.queries import Found
from portal.access.privacy import only_for
from portal.identity import Actor


def hidden_at_first(journey: Journey, answers: Answers, actor: Actor, day: date) -> UUID | None:
    """Tell which person alone may see a draft that has just begun."""
    path = Path.of(journey, answers, day, Behalf.of(actor, day))
    return only_for(actor, day, safe_contact=is_kept_apart(path, ()))


def hidden_for(path: Path, draft: Found, actor: Actor, done: Collection[str]) -> UUID | None:
    """Tell which person alone may see a draft from now on; only who began it decides that."""
    if draft.person_id != actor.person.id:
        hidden: UUID | None = draft.only_for
        return hidden
    return only_for(actor, path.today, safe_contact=is_kept_apart(path, done))


def is_kept_apart(path: Path, done: Collection[str]) -> bool:
    """Tell whether the matter is to be kept from the other parent; until that has been asked, it is."""
    step = path.journey.safe_step
    if step is None:
        return False
    asked = next((each for each in path.asked(step) if each.field.id == SAFE_CONTACT), None)
    return asked is not None and (step.id not in done or bool(asked.raw))
