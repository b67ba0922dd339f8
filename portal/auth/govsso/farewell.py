"""The pages on the way out: leaving by one's own will, or finding the session over."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from portal.auth.cookies import Cookies
from portal.auth.govsso import sign_ins
from portal.auth.govsso.client import GovssoClient
from portal.auth.govsso.errors import GovssoUnavailable
from portal.auth.govsso.log import Kind
from portal.auth.paths import local_path, login_path
from portal.auth.sessions import Ended, id_token_of
from portal.db import Database
from portal.texts import LANGUAGES
from portal.ui import Visit
from portal.ui.headers import content_policy

_REASONS: Final = ("logout", "idle", "expired", "ended-by-you")
# Where the session of GovSSO may still be on in the same browser.
_ONWARD: Final = ("idle", "expired", "ended-by-you")


@dataclass(frozen=True, slots=True)
class Farewell:
    """Sends the browser on to GovSSO's own log-out where that session may still be on."""

    db: Database
    govsso: GovssoClient
    cookies: Cookies

    async def session_over(
        self, visit: Visit, ended: Ended, back: str, *, kept: bool, lost: bool = False
    ) -> Response:
        """Say that the session is over, and why, and whether what was typed is kept or could not be."""
        words = {"reason": ended.reason, "kept": kept, "lost": lost, "login": login_path(back, visit.lang)}
        if ended.reason in _ONWARD:
            # A session that ran out here is logged out of GovSSO too (its specification, §4.2); else whoever sits
            # there would be let in again with one click.
            onward = await self._onward(visit.lang, ended.session_id, ended.reason, back)
            if onward:
                return self._posting(visit, "auth/over.html", 401, onward=onward, **words)
        return visit.render("auth/over.html", status=401, onward=None, **words)

    async def leave(self, visit: Visit, session_id: UUID) -> Response:
        """Answer somebody who has just logged out here with the form that logs them out of GovSSO."""
        onward = await self._onward(visit.lang, session_id, "logout", "")
        if onward:
            response = self._posting(visit, "auth/leaving.html", 200, onward=onward)
        else:
            response = self.left(visit, "logout", "", alone=await self._is_of_govsso(session_id))
        self.cookies.forget_session(response)
        return response

    def left(self, visit: Visit, reason: str, back: str, *, alone: bool = False) -> Response:
        """Show the page that GovSSO leads back to; `alone` when GovSSO could not be told."""
        kept = f"/{visit.lang}/kept/" in back
        login = login_path(back, visit.lang)
        return visit.render("auth/left.html", reason=reason, kept=kept, login=login, alone=alone)

    async def _is_of_govsso(self, session_id: UUID) -> bool:
        async with self.db.read() as session:
            return await id_token_of(session, session_id) is not None

    async def note_return(self, visit: Visit) -> None:
        """Write down that GovSSO led back; not without end, since this address is open to all."""
        client = visit.request.client
        async with self.db.write() as tx:
            seen = await sign_ins.count(tx, f"logged-out {client.host if client else ''}", visit.now)
        if seen <= sign_ins.MOST:
            came_by = f"{self.govsso.registration.post_logout_redirect_uri}?{visit.request.url.query}"
            await self.govsso.log.write(Kind.LOGOUT_REDIRECT, came_by, {})

    async def _onward(self, lang: str, session_id: UUID, reason: str, back: str) -> Mapping[str, Any] | None:
        async with self.db.read() as session:
            id_token = await id_token_of(session, session_id)
        if not id_token:
            return None
        try:
            action, fields = await self.govsso.leave(id_token, state=state(lang, reason, back), lang=lang)
        except GovssoUnavailable:
            return None
        return {"action": action, "fields": fields}

    def _posting(self, visit: Visit, template: str, status: int, **context: Any) -> Response:
        response = visit.render(template, status=status, **context)
        # Only here may a form leave the portal, and only for GovSSO (design rule 7).
        policy = content_policy(form_action=f"'self' {self.govsso.registration.origin}")
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = "no-store"
        return response


def state(lang: str, reason: str, back: str) -> str:
    """Write down what the page after GovSSO's log-out must know; it comes back as it was sent."""
    return f"{lang}.{reason}.{base64.urlsafe_b64encode(back.encode()).decode()}"


def read_state(text: str) -> tuple[str | None, str, str]:
    """Read it back: the language, the reason, the way back; anything odd counts as a plain log-out."""
    lang, _, rest = text.partition(".")
    reason, _, coded = rest.partition(".")
    try:
        back = base64.urlsafe_b64decode(coded).decode()
    except ValueError:
        back = ""
    return (
        lang if lang in LANGUAGES else None,
        reason if reason in _REASONS else "logout",
        local_path(back, ""),
    )
