"""The keys tokens are signed with; they rotate without notice, as the real ones may."""

import uuid
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey


class SigningKeys:
    """The signing key in use, and the older ones that still verify."""

    def __init__(self) -> None:
        self._keys: list[RSAKey] = []
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on; the one before it still verifies."""
        fresh = RSAKey.generate_key(2048, {"kid": str(uuid.uuid4()), "use": "sig", "alg": "RS256"})
        self._keys = [fresh, *self._keys[:1]]

    def public(self) -> dict[str, Any]:
        """Give the public half as a JWKS."""
        return dict(KeySet([*self._keys]).as_dict(private=False))

    def sign(self, claims: dict[str, Any]) -> str:
        """Make a JWS of claims."""
        return jwt.encode({"alg": "RS256", "kid": self._keys[0].kid}, claims, self._keys[0])

    def read(self, token: str) -> dict[str, Any] | None:
        """Read a token of our own, expired or not; None for any other text."""
        try:
            return dict(jwt.decode(token, KeySet([*self._keys]), algorithms=["RS256"]).claims)
        except (JoseError, ValueError):
            return None
