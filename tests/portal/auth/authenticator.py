"""A software authenticator (ES256, no attestation) with its browser, honest unless told otherwise."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 1, 4, 8, 16, 64


def coded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Credential:
    key: ec.EllipticCurvePrivateKey
    handle: str
    id: bytes


@dataclass
class Authenticator:
    """Somebody's device; `counts` False is a synced passkey, whose counter stays 0."""

    origin: str
    counts: bool = True
    verifies: bool = True
    rp_id: str | None = None
    handle: str | None = None
    new_id: bytes | None = None
    counter: int = 0
    credentials: list[Credential] = field(default_factory=list)

    def create(self, options: dict[str, Any]) -> str:
        """Answer as `navigator.credentials.create` does."""
        credential = Credential(
            ec.generate_private_key(ec.SECP256R1()), options["user"]["id"], self.new_id or os.urandom(32)
        )
        self.credentials.append(credential)
        point = credential.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(credential.id)) + credential.id + cbor2.dumps(key)
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        told = self._told("webauthn.create", options["challenge"])
        parts = {
            "clientDataJSON": coded(told),
            "attestationObject": coded(statement),
            "transports": ["internal"],
        }
        return self._sent(credential, parts)

    def get(self, options: dict[str, Any]) -> str:
        """Answer as `navigator.credentials.get` does, with the newest passkey."""
        credential = self.credentials[-1]
        data = self._data(options["rpId"], 0)
        told = self._told("webauthn.get", options["challenge"])
        signature = credential.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {
            "clientDataJSON": coded(told),
            "authenticatorData": coded(data),
            "signature": coded(signature),
            "userHandle": self.handle or credential.handle,
        }
        return self._sent(credential, parts)

    def _data(self, rp_id: str, flags: int) -> bytes:
        self.counter += self.counts
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        flags |= 0 if self.counts else BACKUP_ELIGIBLE | BACKED_UP
        site = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return site + bytes([flags]) + struct.pack(">I", self.counter)

    def _told(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _sent(self, credential: Credential, parts: dict[str, Any]) -> str:
        name = coded(credential.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})
