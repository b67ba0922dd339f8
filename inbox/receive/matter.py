"""Which matter an event is about; one that a core opened by itself becomes a line of its own."""

from typing import Any, Protocol

from sqlalchemy import insert

from core_bridge.wire import AuthorityRef, PartyRef
from inbox.model.states import State, turn_of
from inbox.receive.news import News, Waits, party_code
from inbox.tables import InteractionRow
from inbox.turns import Matter, held
from portal.access.parties import party_id_of, party_of
from portal.db import Transaction, new_id


class OfProceeding(Protocol):
    """An event that names its proceeding."""

    @property
    def proceeding_id(self) -> str:
        """The core's id of the proceeding."""
        ...


async def matter_of(tx: Transaction, news: News, data: OfProceeding) -> Matter:
    """Find and hold the matter of a proceeding; raises `Waits`."""
    matter = await of_proceeding(tx, news.core, data.proceeding_id)
    if matter is None:
        raise Waits("an unknown proceeding")
    return matter


async def of_proceeding(tx: Transaction, core: str, proceeding_id: str | None) -> Matter | None:
    """Find and hold the matter of a proceeding, if it is known."""
    if proceeding_id is None:
        return None
    return await held(tx, InteractionRow.core == core, InteractionRow.core_proceeding_id == proceeding_id)


async def same_party(tx: Transaction, matter: Matter, party: PartyRef | None) -> None:
    """Refuse news that names another party than the matter's: nobody sees what is not theirs."""
    if party is not None and await party_id_of(tx, party.code) != matter.party_id:
        raise Waits("the matter belongs to another party")


async def of_application(tx: Transaction, core: str, application_id: Any) -> Matter | None:
    """Find and hold the matter of an application that was sent to this core."""
    if application_id is None:
        return None
    return await held(
        tx,
        InteractionRow.id == application_id,
        InteractionRow.core == core,
        InteractionRow.kind == "application",
    )


async def open_matter(
    tx: Transaction,
    news: News,
    *,
    kind: str,
    party: PartyRef | None,
    authority: AuthorityRef | None,
    state: State,
    title: str | None,
    **columns: Any,
) -> Matter:
    """Make a line for what a core began by itself; the party need never have been here."""
    named = party_code(party)
    if authority is None:
        raise Waits("no authority is named")
    made = new_id()
    words = {"base": state, "title": title or authority.name, "authority": authority.name}
    await tx.execute(
        insert(InteractionRow).values(
            id=made,
            party_id=await party_of(tx, named.code, named.name),
            kind=kind,
            authority_code=authority.code[:20],
            core=news.core,
            state=state,
            whose_turn=turn_of(state),
            closed=False,
            words=words,
            unread=0,
            updated_at=news.at,
            heard_at=news.at,
            **columns,
        )
    )
    found = await held(tx, InteractionRow.id == made)
    assert found is not None
    return found


async def sibling(tx: Transaction, news: News, matter: Matter, proceeding_id: str) -> Matter:
    """Make a line for a further proceeding of the same application: it may open several."""
    made = new_id()
    same = (
        *("party_id", "filed_by", "only_for", "journey", "period"),
        *("authority_code", "core", "sent_at", "handed_over_at"),
    )
    await tx.execute(
        insert(InteractionRow).values(
            id=made,
            kind="proceeding",
            core_proceeding_id=proceeding_id,
            state=State.SUBMITTED,
            whose_turn=turn_of(State.SUBMITTED),
            closed=False,
            words={"base": State.SUBMITTED},
            unread=0,
            updated_at=news.at,
            **{name: getattr(matter, name) for name in same},
        )
    )
    found = await held(tx, InteractionRow.id == made)
    assert found is not None
    return found
