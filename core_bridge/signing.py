"""A call vouches for itself: a short JWT by the caller's registered key (design § 4, "Who is calling")."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from .clock import Clock

Jwk = Mapping[str, Any]

ALGORITHM = "ES256"
LIFETIME = 60  # seconds; a token that claims a longer life is refused


def generate_key() -> dict[str, Any]:
    """Make a private key (P-256) as a JWK whose `kid` is its thumbprint."""
    key = ECKey.generate_key("P-256")
    return {**key.as_dict(private=True), "kid": key.thumbprint()}


def public(key: Jwk) -> dict[str, Any]:
    """Return what others may know of a key."""
    return {name: value for name, value in key.items() if name != "d"}


def digest(body: bytes) -> str:
    """Return the body's SHA-256 as the claim `digest` carries it."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def content_digest(body: bytes) -> str:
    """Return the body's `Content-Digest` (RFC 9530)."""
    return f"sha-256=:{digest(body)}:"


@dataclass(frozen=True)
class Signer:
    """One who calls: its name and its private key."""

    issuer: str
    key: Jwk = field(repr=False)
    clock: Clock

    @cached_property
    def _key(self) -> ECKey:
        return ECKey.import_key(dict(self.key))

    def token(self, audience: str, body: bytes) -> str:
        """Vouch for one call with this body to this audience, for a minute and once."""
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": str(uuid4()),
            "digest": digest(body),
        }
        kid = self.key.get("kid") or self._key.thumbprint()
        return jwt.encode({"alg": ALGORITHM, "kid": kid}, claims, self._key)
