"""The two ways to the other side: direct with a signed token, or through an X-tee security server."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote
from uuid import UUID, uuid4

from .signing import Signer


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call about to be made: whose act caused it and about what matter, for the X-tee log."""

    path: str
    body: bytes = b""
    message_id: UUID | None = None
    user: str | None = None
    issue: str | None = None


class Way(Protocol):
    """How a call is addressed and vouched for."""

    def url(self, call: Outgoing) -> str:
        """Return the full address."""
        ...

    def headers(self, call: Outgoing) -> dict[str, str]:
        """Return the headers that say who calls."""
        ...


@dataclass(frozen=True, slots=True)
class Direct:
    """Straight to the other side, each call with its own signed token."""

    base_url: str
    audience: str
    signer: Signer

    def url(self, call: Outgoing) -> str:
        """Return the full address."""
        return self.base_url.rstrip("/") + call.path

    def headers(self, call: Outgoing) -> dict[str, str]:
        """Return the token that is good for this call only."""
        return {"Authorization": f"Bearer {self.signer.token(self.audience, call.body)}"}


@dataclass(frozen=True, slots=True)
class XteeMember:
    """A subsystem on X-tee: `EE/GOV/70006317/datatracker`."""

    instance: str
    member_class: str
    member_code: str
    subsystem: str

    def __str__(self) -> str:
        parts = (self.instance, self.member_class, self.member_code, self.subsystem)
        return "/".join(quote(part, safe="") for part in parts)


@dataclass(frozen=True, slots=True)
class Xtee:
    """Through our security server (PR-REST 1.0.4); the connection to it is mutual TLS, see `xtee_tls`."""

    security_server: str
    client: XteeMember
    provider: XteeMember
    service: str

    def url(self, call: Outgoing) -> str:
        """Return `/r1/{instance}/…/{service}` and the path."""
        base = self.security_server.rstrip("/")
        return f"{base}/r1/{self.provider}/{quote(self.service, safe='')}{call.path}"

    def headers(self, call: Outgoing) -> dict[str, str]:
        """Return the `X-Road-*` headers; a repeat of a write keeps its `X-Road-Id`."""
        headers = {"X-Road-Client": str(self.client), "X-Road-Id": str(call.message_id or uuid4())}
        if call.user:
            headers["X-Road-UserId"] = call.user
        if call.issue:
            headers["X-Road-Issue"] = call.issue
        return headers


def xtee_tls(certificate: Path, key: Path, security_server_certificate: Path) -> ssl.SSLContext:
    """Return the TLS of a consumer in mode HTTPS: our certificate, and only the server's own trusted."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(security_server_certificate))
    context.load_cert_chain(certificate, key)
    return context
