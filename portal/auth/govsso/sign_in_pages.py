"""Signing in: the way to GovSSO and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from portal import audit
from portal.access import Action
from portal.auth import sessions
from portal.auth.cookies import Cookies, new_secret
from portal.auth.govsso import sign_ins
from portal.auth.govsso.client import GovssoClient, Tokens
from portal.auth.govsso.errors import GovssoRefused, GovssoUnavailable, InvalidToken, SignInError
from portal.auth.govsso.log import Kind
from portal.auth.govsso.sign_ins import Start
from portal.auth.language import speaking
from portal.auth.me.browsers import place_of
from portal.auth.me.known_places import entered
from portal.auth.passkeys.holders import signed_in_by_govsso
from portal.auth.paths import language_of, local_path, login_path
from portal.clock import Clock
from portal.db import Database
from portal.identity import Assurance
from portal.ui import BarePage, Problem, Visit

# What GovSSO calls its own trouble, not the person's (RFC 6749 §4.1.2.1).
_THEIR_TROUBLE: Final = ("server_error", "temporarily_unavailable")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SignInPages:
    """`/auth/login` and `/auth/callback`."""

    db: Database
    clock: Clock
    cookies: Cookies
    govsso: GovssoClient

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            BarePage("/auth/login", self.login, Action.SIGN_IN),
            BarePage("/auth/callback", self.callback, Action.SIGN_IN),
        ]

    async def login(self, visit: Visit) -> Response:
        """Start a sign-in: a GET, since the content policy would stop a form on its way to GovSSO."""
        query = visit.request.query_params
        back = query.get("return_to")
        visit = speaking(visit, query.get("lang") or (back and language_of(back)))
        return_to = local_path(back, visit.path("/inbox"))
        # Who came in by passkey comes here again for what asks for more.
        if visit.signed_in and visit.actor.assurance is Assurance.GOVSSO:
            return RedirectResponse(return_to, 303)
        browser = self.cookies.browser(visit.request.cookies) or new_secret()
        started = await self._start(visit, browser, return_to)
        try:
            url = await self.govsso.authorization_url(
                state=started.state, nonce=started.nonce, verifier=started.verifier, lang=visit.lang
            )
        except GovssoUnavailable as error:
            _log.warning("auth.login.unavailable", reason=str(error))
            return _unavailable(visit, return_to)
        response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
        self.cookies.set_browser(response, browser)
        return response

    async def _start(self, visit: Visit, browser: str, return_to: str) -> Start:
        client = visit.request.client
        async with self.db.write() as tx:
            begun = await sign_ins.count(tx, client.host if client else "", self.clock.now())
            if begun <= sign_ins.MOST:
                return await sign_ins.start(
                    tx, browser=browser, return_to=return_to, lang=visit.lang, now=self.clock.now()
                )
        raise Problem("Liiga palju katseid", "Oodake kümme minutit ja proovige siis uuesti.", status=429)

    async def callback(self, visit: Visit) -> Response:
        """Take the browser back from GovSSO, with a code or with an error."""
        query = visit.request.query_params
        browser = self.cookies.browser(visit.request.cookies)
        start = await self._take(query.get("state", ""), browser)
        if start is None:
            # Another tab may have finished first; whoever is signed in just goes on.
            if visit.signed_in:
                return visit.redirect("/inbox")
            return _failed(visit, "stale", visit.path("/inbox"))
        visit = speaking(visit, start.lang)
        came_by = f"{self.govsso.registration.redirect_uri}?{visit.request.url.query}"
        await self.govsso.log.write(Kind.AUTHENTICATION_REDIRECT, came_by, {})
        # RFC 9207: an answer that names its issuer must name ours.
        if query.get("iss", self.govsso.registration.issuer) != self.govsso.registration.issuer:
            return _failed(visit, "refused", start.return_to)
        if "error" in query or not query.get("code"):
            return self._error(visit, query.get("error", ""), start)
        try:
            tokens = await self.govsso.exchange(query["code"], verifier=start.verifier, nonce=start.nonce)
        except SignInError as error:
            return self._not_in(visit, error, start)
        return await self._enter(visit, tokens, start)

    async def _take(self, state: str, browser: str | None) -> Start | None:
        if not state or not browser:
            return None
        async with self.db.write() as tx:
            return await sign_ins.take(tx, state=state, browser=browser, now=self.clock.now())

    def _error(self, visit: Visit, code: str, start: Start) -> Response:
        _log.info("auth.callback.error", code=code[:40])
        if code == "user_cancel":
            login = login_path(start.return_to, visit.lang)
            return visit.render("auth/cancelled.html", login=login)
        if code in _THEIR_TROUBLE:
            return _unavailable(visit, start.return_to)
        return _failed(visit, "refused", start.return_to)

    def _not_in(self, visit: Visit, error: SignInError, start: Start) -> Response:
        _log.warning("auth.callback.failed", kind=type(error).__name__, reason=str(error))
        if isinstance(error, GovssoUnavailable):
            return _unavailable(visit, start.return_to)
        # A code lives thirty seconds and works once: the commonest cause is a page opened again.
        why = "stale" if isinstance(error, GovssoRefused) else "refused"
        weak = isinstance(error, InvalidToken) and str(error) == "acr"
        return _failed(visit, "weak" if weak else why, start.return_to)

    async def _enter(self, visit: Visit, tokens: Tokens, start: Start) -> Response:
        now = self.clock.now()
        before = visit.request.scope.get("uks.session")
        async with self.db.write() as tx:
            token, actor, session_id = await sessions.start(tx, tokens, start.lang, now, before)
            await signed_in_by_govsso(tx, actor.person, now)
            await entered(tx, session_id, actor.person.id, place_of(visit.request), now)
            await audit.record(
                tx, actor, "sign-in", about=session_id, at=now, detail={"amr": tokens.identity.amr}
            )
        response = RedirectResponse(start.return_to, 303, {"Cache-Control": "no-store"})
        self.cookies.set_session(response, token)
        return response


def _unavailable(visit: Visit, return_to: str) -> Response:
    response = visit.render("auth/unavailable.html", status=503, login=login_path(return_to, visit.lang))
    response.headers["Retry-After"] = "60"
    return response


def _failed(visit: Visit, why: str, return_to: str) -> Response:
    return visit.render("auth/failed.html", status=400, why=why, login=login_path(return_to, visit.lang))
