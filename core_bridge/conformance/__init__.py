"""A suite that any core can be put through: `uks conformance URL`. It leaves trial applications behind."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx2
from pydantic import ValidationError

from core_bridge.clock import Clock
from core_bridge.signing import Jwk, Signer
from core_bridge.wire import AuthorityRef, JourneyRef

from . import callers, feed, writes
from .bench import Bench, Unmet

_TRIAL = JourneyRef(id="toimetulekutoetus", version=1, title="Vastavuskontroll")
_AUTHORITY = AuthorityRef(code="0663", name="Rakvere Linnavalitsus")

CHECKS: Mapping[str, Callable[[Bench], Awaitable[None]]] = {
    check.__name__: check
    for module in (callers, writes, feed)
    for check in vars(module).values()
    if callable(check) and getattr(check, "__module__", "") == module.__name__
    if not check.__name__.startswith("_")
}


@dataclass(frozen=True, slots=True)
class Check:
    """One demand of the contract, whether the core meets it, and if not, in what way."""

    name: str
    demand: str
    passed: bool
    words: str = ""


async def conformance(
    url: str,
    *,
    core: str,
    issuer: str,
    key: Jwk,
    clock: Clock,
    authority: AuthorityRef = _AUTHORITY,
    journey: JourneyRef = _TRIAL,
    patience: float = 30.0,
) -> AsyncIterator[Check]:
    """Put a core through every check, one after the other; `core` is its name, hence our audience."""
    signer = Signer(issuer, key, clock)
    async with httpx2.AsyncClient(timeout=patience, trust_env=False) as client:
        bench = Bench(url, core, signer, clock, authority, journey, client)
        for name in CHECKS:
            yield await run(name, bench)


async def run(name: str, bench: Bench) -> Check:
    """Make one check."""
    check = CHECKS[name]
    demanded = (check.__doc__ or "").strip()
    try:
        await check(bench)
    except (Unmet, ValueError, httpx2.HTTPError) as error:
        words = str(error) if isinstance(error, Unmet) else _of(error)
        return Check(name, demanded, False, words)
    return Check(name, demanded, True)


def _of(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return f"an answer not as the contract says: {error.error_count()} faults"
    return f"{type(error).__name__}: {error}"
