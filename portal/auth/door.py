"""The door every request comes through: whose session it carries, and what somebody outside is answered."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal.access import Refusal
from portal.auth import sessions
from portal.auth.barrier import Barrier
from portal.auth.cookies import Cookies
from portal.auth.govsso.farewell import Farewell
from portal.auth.govsso.renewal import Renewals
from portal.auth.kept_forms import keep_sent
from portal.auth.paths import local_path, login_path
from portal.auth.representation import Choice
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
    barrier: Barrier

    async def recognise(self, request: Request) -> SignedIn | None:
        """Tell whose live session the request carries, if any."""
        found = await self._found(request)
        if isinstance(found, Live) and self._renews(request, found):
            await self.renewals.renew(found.signed_in.session_id)
            found = await self._found(request)
        # A script that renews in the background is no sign of a person (GovSSO testing rules 3.2.1).
        if isinstance(found, Live) and request.scope["path"] != _RENEW:
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
        late = live.expires_at - self.clock.now() <= RENEWED_BY_FORMS
        renewable = live.signed_in.renew_from is not None
        return renewable and late and request.method == "POST" and not request.url.path.startswith("/auth/")

    async def _noticed(self, live: Live) -> Live:
        now = self.clock.now()
        if abs(now - live.last_activity_at) >= sessions.TOUCH_EVERY:
            async with self.db.write() as tx:
                await sessions.touch(tx, live.signed_in.session_id, now)
        return self.sessions.active(live, now)

    async def closed(self, request: Request, language: Language, why: Refusal) -> Response:
        """Answer somebody who may not do this now; what they sent is kept for them."""
        found: Live | Ended | None = request.scope.get("uks.session")
        if "application/json" in request.headers.get("accept", ""):
            reason, status = ("ended", 401) if why is Refusal.SIGN_IN else (str(why), 403)
            return JSONResponse({"reason": reason}, status, {"Cache-Control": "no-store"})
        back = _back(request, language)
        if isinstance(found, Live):
            visit = Visit(request, request.scope["uks.frame"], language, found.signed_in)
            return await self.barrier.barred(visit, found, why, back)
        if not isinstance(found, Ended):
            # Nobody was signed in: the person wants in, so they are taken there.
            return RedirectResponse(login_path(back, language), 303)
        visit = Visit(request, request.scope["uks.frame"], language, None)
        csrf = self.sessions.csrf(found.family)
        kept_at = await keep_sent(visit, self.db, csrf, found.session_id, found.person_id, why)
        if not found.noted:
            async with self.db.write() as tx:
                await sessions.end(tx, found.session_id, found.reason, self.clock.now())
        lost = kept_at is None and request.method == "POST" and not request.url.path.startswith("/auth/")
        kept = kept_at is not None
        return await self.farewell.session_over(visit, found, kept_at or back, kept=kept, lost=lost)

    async def reassured(self, request: Request, language: Language) -> SignedIn | Response:
        """Ask for the right again at its source, before a binding act for another party."""
        live: Live = request.scope["uks.session"]
        outcome = await self.barrier.acting.confirm(live.signed_in)
        found = await self.look_again(request)
        if outcome is Choice.HELD and isinstance(found, Live):
            return found.signed_in
        why = Refusal.SOURCE_SILENT if outcome is Choice.SILENT else Refusal.RIGHT_ENDED
        return await self.closed(request, language, why)

    async def elsewhere(self, request: Request, language: Language) -> Response | None:
        """Offer to open a thing of another party for whom the person may act (design §3); None for anybody else."""
        live: Live = request.scope["uks.session"]
        return await self.barrier.elsewhere(
            Visit(request, request.scope["uks.frame"], language, live.signed_in), live
        )


def _back(request: Request, language: Language) -> str:
    home = f"/{language}/inbox"
    if request.method not in ("GET", "HEAD"):
        return home
    query = f"?{request.url.query}" if request.url.query else ""
    return local_path(request.url.path + query, home)
