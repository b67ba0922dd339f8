"""Who is calling: nothing of a call is read before its headers have said so (design § 4)."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from starlette.datastructures import Headers

from .clock import Clock
from .problems import Refusal
from .signing import ALGORITHM, LIFETIME, Jwk, digest

_SKEW = 30  # seconds that two computers' clocks may differ
_MAX_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and the digest that their token holds of the body, if they use tokens."""

    name: str
    digest: str | None = None

    def check_body(self, body: bytes) -> None:
        """Refuse a body that is not the one the caller signed."""
        if self.digest is not None and not hmac.compare_digest(self.digest.encode(), digest(body).encode()):
            raise Refusal(401, "digest-mismatch", "The body is not the one that was signed.")


class Vouching(Protocol):
    """Whatever can tell the caller from the headers alone."""

    async def caller(self, headers: Headers) -> Caller:
        """Return who calls, or raise a 401 `Refusal`."""
        ...


class SeenTokens(Protocol):
    """Where used token ids are kept, shared by all processes that answer at one address."""

    async def first_use(self, issuer: str, jti: str, until: datetime) -> bool:
        """Remember the id until then; False when it was there already."""
        ...


class SeenInMemory:
    """Token ids for a system that runs as one process; writes are repeatable, so a restart may forget."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], datetime] = {}

    async def first_use(self, issuer: str, jti: str, until: datetime) -> bool:
        """Remember the id until then; False when it was there already."""
        now = self._clock.now()
        while self._until and next(iter(self._until.values())) < now:
            del self._until[next(iter(self._until))]
        if (issuer, jti) in self._until:
            return False
        self._until[issuer, jti] = until
        return True


@dataclass(frozen=True)
class SignedCallers:
    """Callers by their registered public keys: for each issuer a JWK, or a JWK Set while keys change."""

    audience: str
    keys: Mapping[str, Jwk] = field(repr=False)
    seen: SeenTokens
    clock: Clock

    @cached_property
    def _sets(self) -> Mapping[str, KeySet]:
        return {issuer: _key_set(key) for issuer, key in self.keys.items()}

    async def caller(self, headers: Headers) -> Caller:
        """Return who signed the token, or raise a 401 `Refusal`."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > _MAX_TOKEN:
            raise _unknown("A signed token is needed.")
        claims = self._verified(token)
        self._check_times(claims)
        until = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=2 * _SKEW)
        if not await self.seen.first_use(claims["iss"], claims["jti"], until):
            raise _unknown("The token was used before.")
        return Caller(claims["iss"], claims["digest"])

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            claimed = json.loads(jws.extract_compact(token.encode()).payload)
            keys = self._sets[claimed["iss"]]
            claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            raise _unknown("The token is not signed by a key that is registered here.") from None
        words = all(isinstance(claims.get(name), str) for name in ("iss", "aud", "jti", "digest"))
        numbers = all(type(claims.get(name)) is int for name in ("iat", "exp"))
        if not (words and numbers and 0 < len(claims["jti"]) <= 100):
            raise _unknown("The token lacks a claim.")
        if claims["aud"] != self.audience:
            raise _unknown("The token is meant for somebody else.")
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self.clock.now().timestamp()
        if not 0 < claims["exp"] - claims["iat"] <= LIFETIME:
            raise _unknown("The token claims too long a life.")
        if claims["iat"] > now + _SKEW or claims["exp"] < now - _SKEW:
            raise _unknown("The token is not valid at this time.")


@dataclass(frozen=True, slots=True)
class XteeCallers:
    """Callers by `X-Road-Client`; only behind mutual TLS with our own security server, which sets it."""

    clients: Mapping[str, str]

    async def caller(self, headers: Headers) -> Caller:
        """Return the name of an allowed client, or raise a 401 `Refusal`."""
        # Sent twice, the last one wins in X-Road; we rather refuse what is ambiguous.
        said = headers.getlist("x-road-client")
        if len(said) != 1 or said[0] not in self.clients:
            raise _unknown("The X-tee client is not on the list.")
        return Caller(self.clients[said[0]])


def _key_set(key: Jwk) -> KeySet:
    keys = key.get("keys", [key])
    return KeySet([ECKey.import_key(dict(each)) for each in keys])


def _unknown(title: str) -> Refusal:
    return Refusal(401, "caller-unknown", title, close=True)
