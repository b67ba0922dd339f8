"""The population register of an installation, from the TOML file that `UKS_POPULATION` names."""

import ssl
import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core_bridge.population import Codes, PopulationRegister, RegisterWay
from core_bridge.ways import Xtee, xtee_tls
from portal.auth.representation.register import RegisterSource
from portal.clock import Clock
from portal.parts.cores import xtee_member

_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    security_server: str = Field(pattern=r"^https?://[^/\s]+$")
    client: str
    provider: str = "EE/GOV/70008440/rr"
    service: str = "domesticDataExchange"
    certificate: Path | None = None
    key: Path | None = None
    server_certificate: Path | None = None
    reason: str = Field("avalik", pattern="^(avalik|oigustatud)$")
    timeout: float = Field(4.0, gt=0, le=5)
    codes: dict[str, list[str]] = {}


class BadPopulation(ValueError):
    """The file of the population register cannot be used; the text says why."""


def load_population(path: Path | None, clock: Clock) -> RegisterSource | None:
    """Read the file; without one the register is no source of rights. Raises `BadPopulation`."""
    if path is None:
        return None
    try:
        read = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        way = RegisterWay(
            Xtee(read.security_server, xtee_member(read.client), xtee_member(read.provider), read.service),
            read.reason,
        )
        register = PopulationRegister(way, timeout=read.timeout, tls=_tls(read, path.parent))
        return RegisterSource(register, clock, Codes.completed(read.codes))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadPopulation(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise BadPopulation(f"{path}: {error}") from error


def _tls(read: _File, folder: Path) -> ssl.SSLContext | bool:
    if read.certificate and read.key and read.server_certificate:
        return xtee_tls(folder / read.certificate, folder / read.key, folder / read.server_certificate)
    if urlsplit(read.security_server).hostname not in _HERE:
        # Without it anybody on the way could say who may represent whom.
        raise ValueError("certificate, key and server_certificate are needed for a security server elsewhere")
    return True
