"""The door every request comes through: whose session it carries, and what somebody outside is answered."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal.auth import kept_forms, sessions
from portal.auth.cookies import Cookies
from portal.auth.farewell import Farewell
from portal.auth.paths import local_path, login_path
from portal.auth.renewal import Renewals
from portal.auth.sessions import Ended, Live, Sessions
from portal.clock import Clock
from portal.db import Database
from portal.identity import SignedIn
from portal.texts import Language
from portal.ui import Visit

# A person without scripts keeps the session going by the forms they send (design §5.5).
RENEWED_BY_FORMS: Final = timedelta(minutes=7)
_RENEW: Final = "/auth/renew"


@dataclass(frozen=True, slots=True)
class SessionDoor:
    """Recognises who comes in; implements `portal.ui.Door`."""

    db: Database
    clock: Clock
    cookies: Cookies
    sessions: Sessions
    renewals: Renewals
    farewell: Farewell

    async def recognise(self, request: Request) -> SignedIn | None:
        """Tell whose live session the request carries, if any."""
        found = await self._found(request)
        if isinstance(found, Live) and self._renews(request, found):
            await self.renewals.renew(found.signed_in.session_id)
            found = await self._found(request)
        # A script that renews in the background is no sign of a person (GovSSO testing rules 3.2.1).
        if isinstance(found, Live) and request.url.path != _RENEW:
            found = await self._noticed(found)
        request.scope["uks.session"] = found
        return found.signed_in if isinstance(found, Live) else None

    async def look_again(self, request: Request) -> Live | Ended | None:
        """Find the request's session as it is now, after something has happened to it."""
        found = await self._found(request)
        request.scope["uks.session"] = found
        return found

    async def _found(self, request: Request) -> Live | Ended | None:
        token = self.cookies.session(request.cookies)
        if token is None:
            return None
        async with self.db.read() as session:
            return await self.sessions.find(session, token, self.clock.now())

    def _renews(self, request: Request, live: Live) -> bool:
        late = live.id_expires_at - self.clock.now() <= RENEWED_BY_FORMS
        return late and request.method == "POST" and not request.url.path.startswith("/auth/")

    async def _noticed(self, live: Live) -> Live:
        now = self.clock.now()
        if abs(now - live.last_activity_at) >= sessions.TOUCH_EVERY:
            async with self.db.write() as tx:
                await sessions.touch(tx, live.signed_in.session_id, now)
        return self.sessions.active(live, now)

    async def closed(self, request: Request, language: Language) -> Response:
        """Answer somebody who must sign in first; what they sent is kept for them."""
        found: Live | Ended | None = request.scope.get("uks.session")
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"reason": "ended"}, 401, {"Cache-Control": "no-store"})
        back = self._back(request, language)
        visit = Visit(request, request.scope["uks.frame"], language, None)
        if not isinstance(found, Ended):
            # Nobody was signed in: the person wants in, so they are taken there.
            return RedirectResponse(login_path(back, language), 303)
        kept_at = await self._keep(visit, found)
        if not found.noted:
            async with self.db.write() as tx:
                await sessions.end(tx, found.session_id, found.reason, self.clock.now())
        lost = kept_at is None and request.method == "POST" and not request.url.path.startswith("/auth/")
        kept = kept_at is not None
        return await self.farewell.session_over(visit, found, kept_at or back, kept=kept, lost=lost)

    async def _keep(self, visit: Visit, ended: Ended) -> str | None:
        path = visit.request.url.path
        if path.startswith("/auth/"):
            return None
        fields = await kept_forms.fields_of(visit, self.sessions.csrf(ended.family))
        if fields is None:
            return None
        async with self.db.write() as tx:
            kept = await kept_forms.keep(tx, ended, path, fields, self.clock.now())
        return visit.path(f"/kept/{kept}") if kept else None

    def _back(self, request: Request, language: Language) -> str:
        home = f"/{language}/inbox"
        if request.method not in ("GET", "HEAD"):
            return home
        query = f"?{request.url.query}" if request.url.query else ""
        return local_path(request.url.path + query, home)
