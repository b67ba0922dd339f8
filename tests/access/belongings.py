"""The owner's things: one of everything that an address can name."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from inbox.matters import draft_saved
from journeys.definition import Journey
from journeys.drafts import Start, start_draft
from journeys.facts import nothing_known
from journeys.loading import load_catalogue
from journeys.tables import AttachmentRow
from portal import notify
from portal.access import Refusal
from portal.auth.kept_forms import keep
from portal.auth.passkeys.tables import PasskeyHolderRow, PasskeyRow
from portal.auth.representation.mandates.acts import Act, begin
from portal.auth.representation.mandates.rules import Side, Terms
from portal.auth.tables import SessionRow
from portal.db import new_id
from portal.identity import is_isikukood
from portal.outbox import OutboxRow
from tests.access.examples import JOURNEY
from tests.hostile.world import PDF, Person, World, invented_code
from tests.journeys.answering import family_of_three


@cache
def _journey() -> Journey:
    found = load_catalogue().get(JOURNEY)
    assert found is not None
    return found


@dataclass(slots=True)
class Belongings:
    """What the owner has, by the names that examples use; what is used up is had anew."""

    world: World
    owner: Person
    ids: dict[str, str] = field(default_factory=dict)
    others: int = 0

    async def gather(self) -> None:
        """Have one of everything."""
        matter, page = await self.world.decided(self.owner)
        await self.owner.send(page)
        asked, task = await self.world.asked(self.owner)
        self.ids |= {"matter": matter, "decision": page.rpartition("/")[2]}
        self.ids |= {"document": await self.world.entry(matter, "document")}
        self.ids |= {"asked": asked, "task": task.rpartition("/")[2]}
        for name in ("draft", "file", "passkey", "right"):
            await self.renew(name)
        await self._own_affairs()

    async def renew(self, name: str) -> None:
        """Have a new one of what was used up."""
        self.ids[name] = await getattr(self, f"_{name}")()

    async def _draft(self) -> str:
        draft_id, now, actor = new_id(), self.world.clock.now(), self.owner.actor
        begun = Start(_journey(), "0663", family_of_three(), nothing_known(now))
        async with self.world.db.write() as tx:
            await start_draft(tx, actor, draft_id, begun, at=now, on_draft=draft_saved)
        return str(draft_id)

    async def _file(self) -> str:
        await self.owner.attach(self.ids["draft"], ("arve.pdf", PDF))
        mine = select(AttachmentRow.id).filter_by(draft_id=UUID(self.ids["draft"]))
        async with self.world.db.read() as session:
            return str(await session.scalar(mine.order_by(AttachmentRow.id.desc())))

    async def _passkey(self) -> str:
        person, now, made = self.owner.actor.person, self.world.clock.now(), new_id()
        holder = {"person_id": person.id, "handle": b"h", "who": [], "govsso_at": now}
        row: dict[str, Any] = {
            "id": made, "person_id": person.id, "credential_id": made.bytes, "public_key": b"k", "counter": 0,
            "transports": "", "backed_up": False, "name": "Telefon", "created_at": now,
        }  # fmt: skip
        async with self.world.db.write() as tx:
            if not (await tx.execute(select(PasskeyHolderRow.person_id))).first():
                await tx.execute(insert(PasskeyHolderRow).values(holder))
            await tx.execute(insert(PasskeyRow).values(row))
        return str(made)

    async def _right(self) -> str:
        act = Act(self.owner.actor, self.world.clock.now())
        # Of the same two there is one mandate at a time.
        self.others += 1
        while not is_isikukood(f"EE{invented_code(9000 + self.others)}"):
            self.others += 1
        other = (f"EE{invented_code(9000 + self.others)}", "Uus Inimene")
        terms = Terms(frozenset({"see"}), self.world.clock.today())
        async with self.world.db.write() as tx:
            return str(await begin(tx, act, new_id(), Side.GRANTOR, other, terms, checked=True))

    async def _own_affairs(self) -> None:
        someone, now = self.owner.actor, self.world.clock.now()
        async with self.world.db.write() as tx:
            fields = [("text", "Tere"), ("party", str(someone.party.id))]
            session_id = await tx.scalar(select(SessionRow.id).filter_by(person_id=someone.person.id))
            assert session_id is not None
            kept = await keep(tx, session_id, someone.person.id, Refusal.SIGN_IN, "/et/me", fields, now)
            await notify.ask(
                tx, someone, address="mari@post.example", language="et", form_id=new_id(), at=now
            )
            asked = select(OutboxRow.payload).where(OutboxRow.topic == "notify.confirm")
            token = (await tx.scalars(asked)).one()["token"]
        self.ids |= {"kept": str(kept), "token": token, "session": str(session_id)}
