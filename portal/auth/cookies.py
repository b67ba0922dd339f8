"""The two cookies of the portal, both for the session only, both unreadable to scripts."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads, writes and deletes them; outside the demo they are `Secure` and named `__Host-…`."""

    secure: bool

    def session(self, cookies: Mapping[str, str]) -> str | None:
        """Give the session's token."""
        return _good(cookies.get(self._name("uks_session")))

    def browser(self, cookies: Mapping[str, str]) -> str | None:
        """Give the value that binds a sign-in to the browser it started in."""
        return _good(cookies.get(self._name("uks_signin")))

    def set_session(self, response: Response, token: str) -> None:
        """Let the browser carry a session; Lax, since Strict would not come along back from GovSSO."""
        self._set(response, "uks_session", token)

    def set_browser(self, response: Response, value: str) -> None:
        """Bind the sign-ins that start now to this browser."""
        self._set(response, "uks_signin", value)

    def forget_session(self, response: Response) -> None:
        """Delete the session's cookie."""
        response.delete_cookie(
            self._name("uks_session"), path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(
            self._name(name), value, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name


def new_secret() -> str:
    """Make 256 random bits as text."""
    return secrets.token_urlsafe(32)


def _good(value: str | None) -> str | None:
    return value if value and _WELL_FORMED.fullmatch(value) else None
