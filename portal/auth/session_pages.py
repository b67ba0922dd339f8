"""Keeping a session going, ending it, and getting back what was typed before it ended."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from portal import audit
from portal.access import Action, Refusal
from portal.auth import sessions
from portal.auth.door import SessionDoor
from portal.auth.govsso.farewell import Farewell, read_state
from portal.auth.govsso.renewal import Renewal
from portal.auth.kept_forms import WITHOUT_FILES, kept_form, typed_words
from portal.auth.language import language_before, speaking
from portal.auth.paths import local_path
from portal.auth.sessions import Live
from portal.clock import Clock
from portal.db import Database
from portal.identity import SignedIn
from portal.ui import BarePage, Page, Problem, Visit


@dataclass(frozen=True, slots=True)
class SessionPages:
    """`/auth/renew`, `/auth/logout`, `/auth/logged-out` and `/kept/{id}`."""

    db: Database
    clock: Clock
    door: SessionDoor
    farewell: Farewell

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            BarePage("/auth/renew", self.renew, Action.END_SESSION, methods=("POST",)),
            BarePage("/auth/logout", self.logout, Action.END_SESSION, methods=("POST",)),
            BarePage("/auth/logged-out", self.logged_out, Action.END_SESSION),
            Page("/kept/{id:uuid}", self.kept, Action.CONTINUE_FORM),
        ]

    async def renew(self, visit: Visit) -> Response:
        """Renew the session: for a script in the background, or for a person who presses "Pikenda"."""
        visit = speaking(visit, language_before(visit))
        if visit.signed_in is None:
            return await self.door.closed(visit.request, visit.lang, Refusal.SIGN_IN)
        form = await visit.data()
        check_token(visit.signed_in, str(form.get("csrf_token", "")))
        by_script = "application/json" in visit.request.headers.get("accept", "")
        outcome = await self._renewed(visit.signed_in)
        if outcome is Renewal.DONE and (not by_script or form.get("active")):
            async with self.db.write() as tx:
                await sessions.touch(tx, visit.signed_in.session_id, self.clock.now())
        found = await self.door.look_again(visit.request)
        if not isinstance(found, Live):
            return await self.door.closed(visit.request, visit.lang, Refusal.SIGN_IN)
        if outcome is Renewal.DONE and _is_at_its_longest(found):
            return _no_longer(found.signed_in, by_script=by_script)
        if by_script:
            return _times(found.signed_in, outcome)
        if outcome is Renewal.NOT_NOW:
            raise Problem(
                "Seanssi ei saanud praegu pikendada",
                "Riigi autentimisteenus ei vasta. Olete veel sisse logitud. Minge tagasi ja proovige uuesti.",
                status=503,
            )
        return RedirectResponse(local_path(str(form.get("next", "")), visit.path("/inbox")), 303)

    async def _renewed(self, signed_in: SignedIn) -> Renewal:
        # Behind a sign-in by passkey there is nobody to ask: it goes on while its person is there.
        if signed_in.renew_from is None:
            return Renewal.DONE
        return await self.door.renewals.renew(signed_in.session_id)

    async def logout(self, visit: Visit) -> Response:
        """End the portal's own session first, then lead to GovSSO's log-out."""
        if visit.signed_in is None:
            visit = speaking(visit, language_before(visit))
            return self.farewell.left(visit, "logout", "")
        found: Live = visit.request.scope["uks.session"]
        visit = speaking(visit, language_before(visit) or found.lang)
        signed_in = visit.signed_in
        assert signed_in is not None
        check_token(signed_in, str((await visit.data()).get("csrf_token", "")))
        now = self.clock.now()
        async with self.db.write() as tx:
            await sessions.end(tx, signed_in.session_id, "logout", now)
            await audit.record(tx, signed_in.actor, "sign-out", about=signed_in.session_id, at=now)
        return await self.farewell.leave(replace(visit, signed_in=None), signed_in.session_id)

    async def logged_out(self, visit: Visit) -> Response:
        """Show what GovSSO leads back to."""
        await self.farewell.note_return(visit)
        lang, reason, back = read_state(visit.request.query_params.get("state", ""))
        return self.farewell.left(speaking(visit, lang), reason, back)

    async def kept(self, visit: Visit) -> Response:
        """Give the person back what they had typed, with one button to send it on."""
        async with self.db.read() as session:
            form = await kept_form(session, visit.actor.person.id, visit.id(), self.clock.now())
        if form is None:
            raise Problem(
                "Seda teksti ei ole",
                "Hoiame pooleli jäänud vormi 24 tundi ja anname selle ainult inimesele, kes selle kirjutas.",
                status=404,
            )
        fields = [(name, value) for name, value in form.fields if name != WITHOUT_FILES]
        live: Live = visit.request.scope["uks.session"]
        return visit.render(
            "auth/kept.html",
            why=form.why,
            form_path=form.path,
            fields=fields,
            typed=typed_words(fields),
            without_files=len(fields) < len(form.fields),
            other=await self.door.barrier.for_whom(live, dict(fields).get("party", "")),
        )


def check_token(signed_in: SignedIn, token: str) -> None:
    """Raise `Problem` when a plain form's token is not this session's."""
    if not hmac.compare_digest(token.encode(), signed_in.csrf.encode()):
        raise Problem(
            "Vorm ei kehti enam",
            "Minge brauseris tagasi, laadige leht uuesti ja saatke vorm siis. Midagi ei saadetud.",
            status=403,
        )


def _is_at_its_longest(live: Live) -> bool:
    return live.signed_in.renew_from is None and live.signed_in.ends_at == live.expires_at


def _no_longer(signed_in: SignedIn, *, by_script: bool) -> Response:
    if by_script:
        return JSONResponse({"reason": "longest", "endsAt": signed_in.ends_at.isoformat()}, 409)
    raise Problem(
        "Seanssi ei saa enam pikendada",
        "Pääsuvõtmega saab korraga sees olla kuni 8 tundi. Salvestage pooleliolev ja logige siis uuesti sisse.",
    )


def _times(signed_in: SignedIn, outcome: Renewal) -> Response:
    told = {"endsAt": signed_in.ends_at.isoformat()}
    if signed_in.renew_from is not None:
        told["renewFrom"] = signed_in.renew_from.isoformat()
    if outcome is Renewal.NOT_NOW:
        # The network may come back before the token ends: the script tries again in ten seconds.
        return JSONResponse({"reason": "unavailable", **told}, 503, {"Retry-After": "10"})
    return JSONResponse(told)
