"""What a core is told when it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core_bridge.signing import Jwk
from core_bridge.wire import Fact


@dataclass(frozen=True, slots=True)
class Caseworker:
    """An official; one without an authority sees the matters of all."""

    id: str
    name: str
    role: str = "sotsiaaltööspetsialist"
    authority: str | None = None
    email: str | None = None
    phone: str | None = None


DEMO_CASEWORKERS = (Caseworker("ametnik", "Kadri Näidis"),)


@dataclass(frozen=True, slots=True)
class CoreSettings:
    """One core: its name, its database, its key, and the portal that it works with."""

    name: str
    database: Path
    key: Jwk = field(repr=False)
    portal_keys: Mapping[str, Jwk] = field(repr=False)
    """For each portal's name its public key."""
    portal_name: str = "uks"
    portal_url: str | None = None
    """Where events are pushed; None pushes nothing, the feed has them all."""
    caseworkers: Sequence[Caseworker] = DEMO_CASEWORKERS
    register: Mapping[str, Sequence[Fact]] = field(default_factory=dict, repr=False)
    """What the registers know, by personal code."""
    push_timeout: float = 5.0
