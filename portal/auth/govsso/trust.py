"""What GovSSO says of itself: its addresses and its keys, fetched when needed and kept for a while."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.auth.govsso.errors import GovssoUnavailable, InvalidToken
from portal.clock import Clock

Fetch = Callable[[str], Awaitable[Any]]

_KEPT_FOR: Final = timedelta(hours=1)
_REFETCH_EVERY: Final = timedelta(seconds=30)
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")


@dataclass(slots=True)
class Trust:
    """GovSSO's metadata and keys; one for a process."""

    issuer: str
    clock: Clock
    fetch: Fetch
    _metadata: Mapping[str, str] = field(default_factory=dict)
    _metadata_at: datetime | None = None
    _keys: KeySet | None = None
    _keys_at: datetime | None = None
    _refetched_at: datetime | None = None

    async def metadata(self, max_age: timedelta = _KEPT_FOR) -> Mapping[str, str]:
        """Give the addresses, asked for within `max_age`; raises `GovssoUnavailable`."""
        if self._metadata_at is None or self.clock.now() - self._metadata_at > max_age:
            document = await self.fetch(f"{self.issuer}.well-known/openid-configuration")
            self._metadata = self._checked(document)
            self._metadata_at = self.clock.now()
        return self._metadata

    def _checked(self, document: Any) -> Mapping[str, str]:
        # The closing slash of the issuer counts (OpenID Connect Discovery 1.0 §4.3: exactly the same).
        if not isinstance(document, dict) or document.get("issuer") != self.issuer:
            raise GovssoUnavailable("the discovery document is not this issuer's")
        scheme = urlsplit(self.issuer).scheme
        found = {name: str(document.get(name, "")) for name in _ENDPOINTS}
        if any(urlsplit(url).scheme != scheme for url in found.values()):
            raise GovssoUnavailable("the discovery document lacks an address")
        return found

    async def read(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Check a token's signature and give its header and claims; raises `SignInError`."""
        kid = _kid(token)
        keys = await self._keys_with(kid)
        try:
            read = jwt.decode(token, keys, algorithms=["RS256"])
        except (JoseError, ValueError) as error:
            raise InvalidToken("signature") from error
        return dict(read.header), dict(read.claims)

    async def _keys_with(self, kid: str) -> KeySet:
        now = self.clock.now()
        if self._keys is None or self._keys_at is None or now - self._keys_at > _KEPT_FOR:
            return await self._fetch_keys()
        known = any(key.kid == kid for key in self._keys.keys)
        # A key may change without notice, but a stranger's token must not make us ask again and again.
        if known or (self._refetched_at and now - self._refetched_at < _REFETCH_EVERY):
            return self._keys
        self._refetched_at = now
        return await self._fetch_keys()

    async def _fetch_keys(self) -> KeySet:
        document = await self.fetch((await self.metadata())["jwks_uri"])
        try:
            self._keys = KeySet.import_key_set(document)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise GovssoUnavailable("the keys cannot be read") from error
        self._keys_at = self.clock.now()
        return self._keys


def _kid(token: str) -> str:
    try:
        head = token.split(".", 1)[0]
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        kid = header["kid"]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidToken("kid") from error
    if not isinstance(kid, str):
        raise InvalidToken("kid")
    return kid
