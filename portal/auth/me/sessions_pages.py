"""`/me/sessions`: where the person is signed in, and a way to end it from here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from starlette.responses import Response
from starlette.routing import BaseRoute

from portal import audit
from portal.access import Action
from portal.auth import sessions
from portal.auth.govsso.farewell import Farewell
from portal.auth.me.sessions import sessions_of
from portal.auth.tables import SessionRow
from portal.db import Database
from portal.ui import NotFound, Page, PortalForm, Visit


@dataclass(frozen=True, slots=True)
class MySessionsPages:
    """The list, and three buttons: end one, end the others, end all."""

    db: Database
    idle: timedelta
    farewell: Farewell

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            Page("/me/sessions", self.show, Action.READ_SESSIONS),
            Page("/me/sessions/end-others", self.end_others, Action.END_SESSIONS, methods=["POST"]),
            Page("/me/sessions/end-all", self.end_all, Action.END_SESSIONS, methods=["POST"]),
            Page("/me/sessions/{id:uuid}/end", self.end_one, Action.END_SESSIONS, methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Show all sessions of the person, with this one first."""
        assert visit.signed_in is not None
        here = visit.signed_in.session_id
        async with self.db.read() as session:
            found = await sessions_of(session, visit.actor.person.id, self.idle, visit.now)
        live = sorted((one for one in found if one.over is None), key=lambda one: one.id != here)
        return visit.render(
            "me/sessions.html",
            live=live,
            ended=[one for one in found if one.over is not None],
            current=here,
            form=await visit.form(PortalForm),
            done=visit.request.query_params.get("done"),
        )

    async def end_one(self, visit: Visit) -> Response:
        """End one of the person's sessions; it learns of it at its next click."""
        await visit.form(PortalForm)
        assert visit.signed_in is not None
        if visit.id() == visit.signed_in.session_id:
            return await self._leave(visit)
        person_id = visit.actor.person.id
        async with self.db.write() as tx:
            mine = (SessionRow.id == visit.id()) & (SessionRow.person_id == person_id)
            if await tx.scalar(select(SessionRow.id).where(mine)) is None:
                raise NotFound
            if await sessions.end_by_owner(tx, person_id, visit.now, only=visit.id()):
                await audit.record(tx, visit.actor, "session-ended", about=visit.id(), at=visit.now)
        return visit.redirect("/me/sessions?done=one")

    async def end_others(self, visit: Visit) -> Response:
        """End all of the person's sessions but this one."""
        await visit.form(PortalForm)
        assert visit.signed_in is not None
        await self._end(visit)
        return visit.redirect("/me/sessions?done=others")

    async def end_all(self, visit: Visit) -> Response:
        """End all of the person's sessions, this one as if by logging out."""
        await visit.form(PortalForm)
        await self._end(visit)
        return await self._leave(visit)

    async def _end(self, visit: Visit) -> None:
        assert visit.signed_in is not None
        here, person_id = visit.signed_in.session_id, visit.actor.person.id
        async with self.db.write() as tx:
            count = await sessions.end_by_owner(tx, person_id, visit.now, but=here)
            told = {"count": count}
            await audit.record(tx, visit.actor, "sessions-ended", about=here, at=visit.now, detail=told)

    async def _leave(self, visit: Visit) -> Response:
        assert visit.signed_in is not None
        here = visit.signed_in.session_id
        async with self.db.write() as tx:
            await sessions.end(tx, here, "logout", visit.now)
            await audit.record(tx, visit.actor, "sign-out", about=here, at=visit.now)
        return await self.farewell.leave(replace(visit, signed_in=None), here)
