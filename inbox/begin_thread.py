"""Writing to an authority about nothing that is going on: the letter begins a thread, whose home is the portal."""

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.acts import Act, Repeated, own_matter
from inbox.entries import open_line
from inbox.model.states import State, Turn
from inbox.recipients import core_of
from inbox.uploads import Upload, keep
from inbox.write_message import send_letter
from portal import audit, notify
from portal.access.privacy import only_for
from portal.authorities import Authority
from portal.calendar import tallinn_day
from portal.db import Transaction
from portal.files import Files
from portal.identity import Ability, Actor


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter that begins a thread."""

    to: Authority
    subject: str
    text: str
    uploads: Sequence[Upload]


def may_begin(actor: Actor) -> bool:
    """Tell whether the actor may write about anything at all: a right for some matters or services is not enough."""
    return actor.for_self or (actor.right.allows(Ability.SEND) and actor.right.covers(None, None))


async def begin_thread(tx: Transaction, act: Act, files: Files, letter: NewLetter) -> None:
    """Begin a thread, known by the id of its first letter; it is in the list at once. Raises `Repeated`."""
    first = await open_line(
        tx,
        {
            "id": act.id,
            "party_id": act.actor.party.id,
            "filed_by": act.actor.person.id,
            "only_for": only_for(act.actor, tallinn_day(act.at), safe_contact=False),
            "kind": "thread",
            "authority_code": letter.to.code,
            "core": core_of(letter.to),
            "state": State.MESSAGE,
            "whose_turn": Turn.AUTHORITY,
            "words": {"base": State.MESSAGE, "title": letter.subject},
            "sent_at": act.at,
            "updated_at": act.at,
        },
    )
    if not first:
        raise Repeated
    matter = await own_matter(tx, act.actor, act.id)
    kept = await keep(tx, files, act.actor, letter.uploads, act.at)
    await send_letter(tx, act, matter, letter.text, kept, title=letter.subject)
    await audit.record(tx, act.actor, "message-written", about=act.id, at=act.at)
    await notify.plan_acted(tx, act.actor, about=act.id, at=act.at)
