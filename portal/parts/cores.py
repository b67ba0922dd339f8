"""The casework cores of an installation, from the TOML file that `UKS_CORES` names."""

import asyncio
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core_bridge.errors import CoreUnavailable
from core_bridge.http import HttpCore, direct
from core_bridge.signing import Jwk
from core_bridge.vouching import SignedCallers, Vouching, XteeCallers
from core_bridge.ways import Xtee, XteeMember, xtee_tls
from core_bridge.wire import PrefillAnswer, PrefillRequest
from portal.access.once import first_use
from portal.clock import Clock
from portal.db import Database

# A person waits for this one; without an answer they fill the form in themselves.
_PREFILL: Final = 4.0


class BadCores(ValueError):
    """The file of the cores cannot be used; the text says why."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Ourselves(_Strict):
    name: str = "uks"
    key: Path


class _XteeAddress(_Strict):
    security_server: str
    client: str
    provider: str
    service: str
    certificate: Path
    key: Path
    server_certificate: Path


class _DirectCore(_Strict):
    way: Literal["direct"] = "direct"
    address: str = Field(pattern=r"^https?://[^/\s]+")
    key: Path
    timeout: float = Field(10.0, gt=0, le=120)


class _XteeCore(_Strict):
    way: Literal["xtee"]
    address: _XteeAddress
    timeout: float = Field(65.0, gt=0, le=300)


class _File(_Strict):
    portal: _Ourselves
    cores: dict[str, Annotated[_DirectCore | _XteeCore, Field(union_mode="left_to_right")]]


@dataclass(frozen=True, slots=True)
class Cores:
    """The cores by name, and how their own calls to us are recognised."""

    named: Mapping[str, HttpCore]
    callers: Vouching

    async def prefill(self, core: str, request: PrefillRequest) -> PrefillAnswer:
        """Ask a core what registers know; raises `CoreError`."""
        known = self.named.get(core)
        if known is None:
            raise CoreUnavailable(f"no core called {core} is configured")
        try:
            async with asyncio.timeout(_PREFILL):
                return await known.prefill(request, user=request.asked_by.person.code)
        except TimeoutError as error:
            raise CoreUnavailable(f"{core} does not answer in time") from error

    async def close(self) -> None:
        """Close the connections to all of them."""
        for core in self.named.values():
            await core.close()


@dataclass(frozen=True, slots=True)
class SeenInDatabase:
    """Used token ids, in the database that all our processes share."""

    db: Database

    async def first_use(self, issuer: str, jti: str, until: datetime) -> bool:
        """Remember the id until then; False when it was there already."""
        async with self.db.write() as tx:
            return await first_use(tx, f"core:{issuer}"[:40], jti, until)


def load_cores(path: Path | None, db: Database, clock: Clock) -> Cores:
    """Read the file; without one there is no core. Raises `BadCores`."""
    if path is None:
        return Cores({}, SignedCallers("uks", {}, SeenInDatabase(db), clock))
    try:
        read = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        return _cores(read, path.parent, db, clock)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadCores(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise BadCores(f"{path}: {error}") from error


def _cores(read: _File, folder: Path, db: Database, clock: Clock) -> Cores:
    ours = read_key(folder / read.portal.key, private=True)
    named: dict[str, HttpCore] = {}
    keys: dict[str, Jwk] = {}
    members: dict[str, str] = {}
    for name, core in read.cores.items():
        if isinstance(core, _DirectCore):
            named[name] = direct(
                name, core.address, issuer=read.portal.name, key=ours, clock=clock, timeout=core.timeout
            )
            keys[name] = read_key(folder / core.key)
        else:
            named[name] = _through_xtee(name, core, folder)
            members[core.address.provider] = name
    if members and keys:
        raise BadCores(
            "the cores must all be direct, or all behind X-tee: one address recognises its callers in one way"
        )
    callers: Vouching = (
        XteeCallers(members) if members else SignedCallers(read.portal.name, keys, SeenInDatabase(db), clock)
    )
    return Cores(named, callers)


def _through_xtee(name: str, core: _XteeCore, folder: Path) -> HttpCore:
    to = core.address
    tls = xtee_tls(folder / to.certificate, folder / to.key, folder / to.server_certificate)
    way = Xtee(to.security_server, xtee_member(to.client), xtee_member(to.provider), to.service)
    return HttpCore(name, way, timeout=core.timeout, tls=tls)


def xtee_member(text: str) -> XteeMember:
    """Read the name of a subsystem on X-tee; raises `BadCores`."""
    parts = text.split("/")
    if len(parts) != 4:
        raise BadCores(f"'{text}' is not INSTANCE/CLASS/CODE/SUBSYSTEM")
    return XteeMember(*parts)


def read_key(path: Path, *, private: bool = False) -> dict[str, Any]:
    """Read a key, or a set of public ones while keys change; raises `OSError`, and `ValueError` if it is none."""
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        given = [read] if private else read.get("keys", [read])
        keys = [ECKey.import_key(dict(each)) for each in given]
    except (JoseError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not an EC key written as JWK") from error
    if not keys or (private and not keys[0].is_private):
        raise ValueError(f"{path} is not a private key")
    return read
