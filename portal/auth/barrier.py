"""What a person who is signed in meets when something is not theirs to do now, and how they get past it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.responses import Response

from portal.access import Refusal
from portal.access.parties import party
from portal.auth.kept_forms import keep_sent
from portal.auth.paths import login_path
from portal.auth.representation import Acting, Asking
from portal.auth.sessions import Live
from portal.db import Database, Session
from portal.identity import Party, Right
from portal.ui import Visit

OwnerOf = Callable[[Session, UUID, UUID], Awaitable[UUID | None]]
"""Gives the party of a draft, application or matter, if the person of the first id could see it acting for that party."""


async def nobodys(_session: Session, _person_id: UUID, _thing_id: UUID) -> UUID | None:
    """Know of no things at all."""
    return None


_STATUS: Final[Mapping[Refusal, int]] = {
    Refusal.STEP_UP: 403,
    Refusal.RIGHT_ENDED: 403,
    Refusal.NOT_IN_SCOPE: 403,
    Refusal.OTHER_PARTY: 409,
    Refusal.SOURCE_SILENT: 503,
}


@dataclass(frozen=True, slots=True)
class Barrier:
    """Keeps what was typed, says why it went no further, and offers the way on."""

    db: Database
    acting: Acting
    owner_of: OwnerOf

    async def barred(self, visit: Visit, live: Live, why: Refusal, back: str) -> Response:
        """Answer who may not do this now: a weak sign-in, a right that has ended, a form for another party."""
        for_other = why is Refusal.OTHER_PARTY
        kept_at = await keep_sent(
            visit,
            self.db,
            live.signed_in.csrf,
            live.signed_in.session_id,
            live.signed_in.actor.person.id,
            why,
            read=for_other,
        )
        other = await self.for_whom(live, str((await visit.data()).get("party", ""))) if for_other else None
        onward = kept_at or back
        return visit.render(
            "auth/barred.html",
            status=_STATUS[why],
            why=str(why),
            other=other,
            kept=kept_at is not None,
            lost=kept_at is None and visit.request.method == "POST",
            next=onward,
            login=login_path(onward, visit.lang),
        )

    async def elsewhere(self, visit: Visit, live: Live) -> Response | None:
        """Offer "open as …" for a thing of another party for whom the person may act; None for anybody else."""
        named, actor = visit.request.path_params.get("id"), live.signed_in.actor
        if visit.request.method != "GET" or not isinstance(named, UUID):
            return None
        async with self.db.read() as session:
            owner_id = await self.owner_of(session, actor.person.id, named)
            owner = owner_id and await party(session, owner_id)
        if not owner or owner.id == actor.party.id:
            return None
        if owner.id != actor.person.id and not await self._may_act_for(live, owner, named):
            return None
        return visit.render("auth/open_as.html", status=404, other=owner, next=visit.request.url.path)

    async def _may_act_for(self, live: Live, owner: Party, thing: UUID | None = None) -> bool:
        offers = await self.acting.offers(Asking(live.signed_in.actor.person, live.signed_in.session_id))
        found = [one.right for offer in offers for one in offer.representees if one.code == owner.code]
        # A right that is for other matters alone does not let anybody know of this one.
        return any(right is None or thing is None or _may_reach(right, thing) for right in found)

    async def for_whom(self, live: Live, text: str) -> Party | None:
        """Name the party that a form is for, when it is not the one acted for now.

        Only who is that party, or may act for it, is told: anybody can write any id into a form.
        """
        actor = live.signed_in.actor
        if text == str(actor.person.id) and not actor.for_self:
            return Party(actor.person.id, actor.person.code, actor.person.name)
        try:
            party_id = UUID(text)
        except ValueError:
            return None
        if party_id in (actor.party.id, actor.person.id):
            return None
        async with self.db.read() as session:
            found = await party(session, party_id)
        return found if found and await self._may_act_for(live, found) else None


def _may_reach(right: Right, thing: UUID) -> bool:
    """Tell whether a right may reach a thing whose service is not known here."""
    return right.covers(thing, None) or any(each.startswith("service:") for each in right.scope)
