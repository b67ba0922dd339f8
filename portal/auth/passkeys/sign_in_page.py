"""The page that signs in by passkey; the script between the two requests only carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from portal.access import Action
from portal.auth.cookies import Cookies, new_secret
from portal.auth.govsso import sign_ins
from portal.auth.me.browsers import place_of
from portal.auth.passkeys.ceremony import read
from portal.auth.passkeys.entering import Came, Entering
from portal.auth.passkeys.errors import Refused, Why
from portal.auth.paths import local_path, login_path
from portal.ui import BarePage, Page, Problem, Visit

_STATUS: Final = {Why.ASLEEP: HTTPStatus.FORBIDDEN, Why.COUNTER: HTTPStatus.FORBIDDEN}


@dataclass(frozen=True, slots=True)
class PasskeySignInPage:
    """`/passkey`, and the challenge that its script fetches."""

    cookies: Cookies
    entering: Entering

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            Page("/passkey", self.show, Action.SIGN_IN),
            Page("/passkey", self.enter, Action.SIGN_IN, methods=("POST",)),
            BarePage("/passkeys/challenge", self.challenge, Action.SIGN_IN, methods=("POST",)),
        ]

    async def show(self, visit: Visit) -> Response:
        """Offer to sign in by passkey."""
        return_to = _return_to(visit, visit.request.query_params.get("return_to"))
        if visit.signed_in:
            return RedirectResponse(return_to, 303)
        return self._page(visit, return_to)

    async def challenge(self, visit: Visit) -> Response:
        """Give what the browser is to ask its authenticator, and bind it to this browser."""
        if await self._flooded(visit):
            return JSONResponse({"reason": "too-many"}, HTTPStatus.TOO_MANY_REQUESTS)
        browser = self.cookies.browser(visit.request.cookies) or new_secret()
        options = await self.entering.ask(browser)
        response = JSONResponse(options, headers={"Cache-Control": "no-store"})
        self.cookies.set_browser(response, browser)
        return response

    async def enter(self, visit: Visit) -> Response:
        """Take what the authenticator answered."""
        sent = await visit.data()
        return_to = _return_to(visit, str(sent.get("return_to", "")))
        if await self._flooded(visit):
            raise Problem("Liiga palju katseid", "Oodake kümme minutit ja proovige siis uuesti.", status=429)
        browser = self.cookies.browser(visit.request.cookies) or ""
        before = visit.request.scope.get("uks.session")
        came = Came(browser, place_of(visit.request), visit.lang, before)
        try:
            token = await self.entering.enter(read(str(sent.get("credential", ""))), came)
        except Refused as refused:
            return self._page(visit, return_to, refused.why)
        response = RedirectResponse(return_to, 303, {"Cache-Control": "no-store"})
        if token:
            self.cookies.set_session(response, token)
        return response

    async def _flooded(self, visit: Visit) -> bool:
        client = visit.request.client
        # Counted apart from GovSSO's: a flood at one way in does not close the other.
        address = f"passkey {client.host if client else ''}"
        async with self.entering.db.write() as tx:
            counted = await sign_ins.count(tx, address, visit.now)
        # An attempt is two requests.
        return counted > 2 * sign_ins.MOST

    def _page(self, visit: Visit, return_to: str, why: Why | None = None) -> Response:
        status = _STATUS.get(why, HTTPStatus.BAD_REQUEST) if why else HTTPStatus.OK
        return visit.render(
            "auth/passkey.html",
            status=status,
            why=why and str(why),
            days=self.entering.life.days,
            return_to=return_to,
            login=login_path(return_to, visit.lang),
        )


def _return_to(visit: Visit, path: str | None) -> str:
    return local_path(path, visit.path("/inbox"))
