"""A core in this very process, called without a network; for the seeding of the demo and for tests."""

import httpx2
from starlette.applications import Starlette

from .clock import Clock
from .http import HttpCore
from .signing import Jwk, Signer
from .ways import Direct


def in_process(name: str, app: Starlette, *, issuer: str, key: Jwk, clock: Clock) -> HttpCore:
    """Return a core that answers from `app`; the same requests, signatures and answers as over a network."""
    way = Direct("http://in-process.invalid", name, Signer(issuer, key, clock))
    return HttpCore(name, way, transport=httpx2.ASGITransport(app))
