"""Encryption at rest: a ring of AES-256-GCM keys, and keyed indexes to look things up by."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Unreadable(Exception):
    """The bytes were not sealed by a key of this ring for this purpose, or were changed."""


class BadKeys(ValueError):
    """The text of `UKS_KEYS` is not a key ring."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id: the current one seals, every one opens; the index key stands apart.

    A sealed value is `id length · id · nonce · ciphertext`, so a rotated ring still reads old rows.
    """

    current: str
    keys: Mapping[str, AESGCM]
    index_key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read `index:<base64>,<id>:<base64>[,…]`; the first key after the index is the current one.

        Raises `BadKeys` with a sentence for the operator.
        """
        raw = dict(_pairs(text))
        index = raw.pop("index", None)
        if index is None or not raw:
            raise BadKeys("UKS_KEYS needs an entry 'index:<base64>' and at least one '<id>:<base64>'")
        return cls(next(iter(raw)), {name: AESGCM(key) for name, key in raw.items()}, index)

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Encrypt for one purpose; what was sealed for another purpose does not open."""
        name = self.current.encode()
        nonce = os.urandom(_NONCE)
        cipher = self.keys[self.current].encrypt(nonce, plain, purpose.encode())
        return bytes([len(name)]) + name + nonce + cipher

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt; raises `Unreadable`."""
        size = sealed[0] if sealed else 0
        key = self.keys.get(sealed[1 : 1 + size].decode(errors="replace"))
        body = sealed[1 + size :]
        if key is None or len(body) < _NONCE:
            raise Unreadable(purpose)
        try:
            return key.decrypt(body[:_NONCE], body[_NONCE:], purpose.encode())
        except InvalidTag as error:
            raise Unreadable(purpose) from error

    def lookup(self, value: str) -> bytes:
        """Give the keyed index of a value: equal values meet, and the value cannot be read back."""
        return hmac.digest(self.index_key, value.encode(), hashlib.sha256)

    def mac(self, purpose: str, value: bytes) -> str:
        """Give an unforgeable short text for a value, for tokens that need no row of their own."""
        tag = hmac.digest(self.index_key, purpose.encode() + b"\0" + value, hashlib.sha256)
        return base64.urlsafe_b64encode(tag[:24]).decode()


def new_key() -> str:
    """Make a fresh key, as it is written in `UKS_KEYS`."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _pairs(text: str) -> list[tuple[str, bytes]]:
    pairs = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition(":")
        try:
            key = base64.urlsafe_b64decode(value)
        except ValueError as error:
            raise BadKeys(f"UKS_KEYS: the key '{name}' is not base64") from error
        if len(key) != 32 or not 0 < len(name) < 32:
            raise BadKeys(f"UKS_KEYS: the key '{name}' must be 32 bytes, with a name of 1-31 characters")
        pairs.append((name, key))
    if len({name for name, _ in pairs}) != len(pairs):
        raise BadKeys("UKS_KEYS names a key twice")
    return pairs
