"""Logging out: the checks, and the question when other services share the session."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.demo.govsso.authorize import Refused, language
from portal.demo.govsso.control import Govsso
from portal.demo.govsso.login import COOKIE, error_page
from portal.demo.govsso.render import page
from portal.demo.govsso.settings import LANGUAGES
from portal.demo.govsso.state import LogoutRequest, SsoSession


@dataclass(frozen=True, slots=True)
class LogoutPages:
    """`/oauth2/sessions/logout` and what follows it."""

    govsso: Govsso

    def routes(self) -> list[BaseRoute]:
        """List the addresses."""
        return [
            Route("/oauth2/sessions/logout", self.logout, methods=["GET", "POST"]),
            Route("/logout/init", self.init),
            Route("/logout/choice", self.choice, methods=["POST"]),
        ]

    async def logout(self, request: Request) -> Response:
        """Take a log-out request by GET or POST."""
        try:
            fields = await _fields(request)
            asked = self._checked(fields, by_get=request.method == "GET")
        except Refused as refused:
            return error_page(refused, language(request.query_params.get("ui_locales", "")))
        # The redirect is not decoration: the cookie comes with a GET, not with another site's POST.
        key = secrets.token_urlsafe(24)
        self.govsso.state.logouts[key] = asked
        return RedirectResponse(f"/logout/init?{urlencode({'logout_challenge': key})}", 303)

    def _checked(self, fields: ImmutableMultiDict[str, str], *, by_get: bool) -> LogoutRequest:
        claims = self.govsso.keys.read(fields.get("id_token_hint", ""))
        if claims is None:
            raise Refused("invalid_request", "The id_token_hint is missing or not ours.")
        if by_get and "representee_list" in claims:
            raise Refused("invalid_request", "A token with a representee list must come by POST.")
        client = self.govsso.settings.client(str(claims["aud"][0]))
        return_to = fields.get("post_logout_redirect_uri", "")
        if client is None or return_to not in client.post_logout_redirect_uris:
            raise Refused("invalid_request", "The post_logout_redirect_uri is missing or not registered.")
        state = fields.get("state", "")
        if state and len(state) < 8:
            raise Refused("invalid_state", "The state is shorter than 8 characters.")
        if state:
            return_to += ("&" if "?" in return_to else "?") + urlencode({"state": state})
        return LogoutRequest(
            client, str(claims.get("sid")), return_to, language(fields.get("ui_locales", ""))
        )

    async def init(self, request: Request) -> Response:
        """End the session at once when nobody else shares it; ask otherwise."""
        key = request.query_params.get("logout_challenge", "")
        asked = self.govsso.state.logouts.get(key)
        if asked is None:
            return error_page(Refused("USER_INPUT", "The logout challenge is unknown."), "et")
        session = self._session(request, asked)
        if session is None:
            return RedirectResponse(asked.return_to, 303)
        others = [one for one in session.clients if one != asked.client]
        if others:
            lang = request.query_params.get("lang", asked.lang)
            lang = lang if lang in LANGUAGES else asked.lang
            return page("logout.html", lang, asked=asked, others=others, challenge=key)
        await self.govsso.end_session(session)
        return self._done(key, asked)

    async def choice(self, request: Request) -> Response:
        """Log out of all, or only of the one that asked."""
        form = await request.form()
        key = str(form.get("logout_challenge", ""))
        asked = self.govsso.state.logouts.get(key)
        if asked is None:
            return error_page(Refused("USER_INPUT", "The logout challenge is unknown."), "et")
        session = self._session(request, asked)
        if session and form.get("choice") == "all":
            await self.govsso.end_session(session)
        elif session:
            session.unlink(asked.client.client_id)
            await self.govsso.tell([asked.client], sid=session.sid)
        return self._done(key, asked)

    def _session(self, request: Request, asked: LogoutRequest) -> SsoSession | None:
        session = self.govsso.session_of(request.cookies.get(COOKIE, ""))
        return session if session and session.sid == asked.sid else None

    def _done(self, key: str, asked: LogoutRequest) -> Response:
        self.govsso.state.logouts.pop(key, None)
        return RedirectResponse(asked.return_to, 303)


async def _fields(request: Request) -> ImmutableMultiDict[str, str]:
    if request.method == "GET":
        return request.query_params
    if "id_token_hint" in request.query_params:
        raise Refused("invalid_request", "With POST the id_token_hint must be a form field.")
    form = await request.form()
    return ImmutableMultiDict({name: str(value) for name, value in form.items()})
