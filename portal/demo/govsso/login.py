"""Signing in as the browser sees it: GovSSO's own pages, and TARA's behind them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.demo.govsso.authorize import Refused, SentBack, checked, language
from portal.demo.govsso.control import Govsso, new_browser
from portal.demo.govsso.render import page
from portal.demo.govsso.settings import LANGUAGES, rank
from portal.demo.govsso.state import Authorization, SsoSession
from portal.demo.people import EIDAS, ID_CARD, MOBILE_ID, SMART_ID

COOKIE = "uks_demo_govsso"
# The Estonian means are always of the high level; lower ones come only by eIDAS.
METHODS = {
    "idcard": (ID_CARD, "high"),
    "mID": (MOBILE_ID, "high"),
    "smartid": (SMART_ID, "high"),
    "eidas_high": (EIDAS, "high"),
    "eidas_substantial": (EIDAS, "substantial"),
    "eidas_low": (EIDAS, "low"),
}


@dataclass(frozen=True, slots=True)
class LoginPages:
    """From the authorization request to the code."""

    govsso: Govsso

    def routes(self) -> list[BaseRoute]:
        """List the addresses; `/tara/…` stands for another service."""
        return [
            Route("/oauth2/auth", self.auth),
            Route("/login/init", self.init),
            Route("/login/choice", self.choice, methods=["POST"]),
            Route("/tara/authorize", self.tara),
            Route("/tara/authorize", self.chosen, methods=["POST"]),
        ]

    async def auth(self, request: Request) -> Response:
        """Take an authorization request."""
        query, now = request.query_params, self.govsso.now()
        try:
            asked = checked(query, self.govsso.settings, now)
            self._check_prompt(request, asked)
        except SentBack as error:
            return send_back(error)
        except Refused as refused:
            return error_page(refused, language(query.get("ui_locales", "")))
        challenge = self.govsso.state.challenge(asked, now)
        return _redirect("/login/init", login_challenge=challenge)

    def _check_prompt(self, request: Request, asked: Authorization) -> None:
        # A silent renewal by prompt=none was taken out of the protocol in version 2.0.
        if request.query_params.get("prompt") == "none":
            if self._session(request):
                raise Refused("USER_INPUT", "prompt=none is not supported.")
            raise SentBack(asked.redirect_uri, asked.state, "login_required", "There is no session.")

    async def init(self, request: Request) -> Response:
        """Offer to continue a session, or pass the browser on to TARA."""
        challenge, asked = self._asked(request.query_params.get("login_challenge", ""))
        if asked is None:
            return error_page(Refused("USER_INPUT", "The login challenge is unknown or expired."), "et")
        session = self._session(request)
        if session is None:
            return _redirect("/tara/authorize", login_challenge=challenge)
        enough = rank(session.acr) >= rank(asked.acr)
        if enough and not asked.client.asks_to_continue:
            return self._code(asked, session)
        lang = _lang(request, asked)
        return page(
            "continue.html", lang, asked=asked, session=session, enough=enough, challenge=challenge
        )  # fmt: skip

    async def choice(self, request: Request) -> Response:
        """Take what the person pressed on the continue page."""
        form = await request.form()
        challenge, asked = self._asked(str(form.get("login_challenge", "")))
        if asked is None:
            return error_page(Refused("USER_INPUT", "The login challenge is unknown or expired."), "et")
        if form.get("choice") == "cancel":
            return _cancelled(asked)
        session = self._session(request)
        if form.get("choice") == "continue" and session and rank(session.acr) >= rank(asked.acr):
            return self._code(asked, session)
        if session:
            await self.govsso.replace_session(session)
        return _redirect("/tara/authorize", login_challenge=challenge)

    async def tara(self, request: Request) -> Response:
        """Show the people to sign in as."""
        challenge, asked = self._asked(request.query_params.get("login_challenge", ""))
        if asked is None:
            return error_page(Refused("USER_INPUT", "The login challenge is unknown or expired."), "et")
        return self._chooser(request, asked, challenge)

    async def chosen(self, request: Request) -> Response:
        """Sign the chosen person in."""
        form = await request.form()
        challenge, asked = self._asked(str(form.get("login_challenge", "")))
        if asked is None:
            return error_page(Refused("USER_INPUT", "The login challenge is unknown or expired."), "et")
        if "cancel" in form:
            return _cancelled(asked)
        people = {one.code: one for one in self.govsso.settings.people}
        person, method = people.get(str(form.get("person", ""))), str(form.get("method", ""))
        if person is None or method not in METHODS:
            return self._chooser(request, asked, challenge, "nobody")
        amr, acr = METHODS[method]
        if rank(acr) < rank(asked.acr):
            return self._chooser(request, asked, challenge, "too_weak")
        browser = request.cookies.get(COOKIE) or new_browser()
        response = self._code(asked, self.govsso.start_session(browser, person, amr, acr))
        response.set_cookie(COOKIE, browser, httponly=True, samesite="lax")
        return response

    def _chooser(self, request: Request, asked: Authorization, challenge: str, error: str = "") -> Response:
        people = [one for one in self.govsso.settings.people if one.methods]
        return page(
            "tara.html", _lang(request, asked), 422 if error else 200,
            asked=asked, challenge=challenge, people=people, methods=METHODS, error=error,
        )  # fmt: skip

    def _code(self, asked: Authorization, session: SsoSession) -> Response:
        now = self.govsso.now()
        session.prolong(asked.client, now)
        answer = {"code": self.govsso.state.new_code(asked, session, now), "state": asked.state}
        if self.govsso.faults.callback_iss:
            answer["iss"] = self.govsso.faults.callback_iss
        return _redirect(asked.redirect_uri, **answer)

    def _session(self, request: Request) -> SsoSession | None:
        return self.govsso.session_of(request.cookies.get(COOKIE, ""))

    def _asked(self, challenge: str) -> tuple[str, Authorization | None]:
        return challenge, self.govsso.state.asked(challenge, self.govsso.now())


def error_page(refused: Refused, lang: str) -> Response:
    """Show GovSSO's own error page; the browser does not come back from it."""
    return page("error.html", lang, refused.status, refused=refused, incident=new_browser()[:16])


def send_back(error: SentBack) -> Response:
    """Send the browser back with an error."""
    answer = {"error": error.error, "error_description": error.description}
    return _redirect(error.redirect_uri, **answer, **({"state": error.state} if error.state else {}))


def _cancelled(asked: Authorization) -> Response:
    description = "User canceled the authentication process."
    return send_back(SentBack(asked.redirect_uri, asked.state, "user_cancel", description))


def _lang(request: Request, asked: Authorization) -> str:
    lang = request.query_params.get("lang", "")
    return lang if lang in LANGUAGES else asked.lang


def _redirect(to: str, **query: str) -> Response:
    return RedirectResponse(f"{to}{'&' if '?' in to else '?'}{urlencode(query)}", 303)
