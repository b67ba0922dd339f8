"""Which websites are whose: the TOML file that `UKS_SITES` names, and what may be led back to."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from portal.authorities import Authority, authority, by_slug
from portal.ui.way_back import WayBack

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_LONGEST: Final = 500
# Only what a browser itself writes into an address: no spaces, backslashes, quotes, nothing beyond ASCII.
_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.:-]+)(?P<rest>(?:/[A-Za-z0-9._~%!$&()*+,;=:@/-]*)?"
    r"(?:\?[A-Za-z0-9._~%!$&()*+,;=:@/?\[\]-]*)?)(?:#[A-Za-z0-9._~%!$&()*+,;=:@/?-]*)?"
)


class _Site(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    hosts: tuple[str, ...] = Field(min_length=1)


class _File(RootModel[dict[str, _Site]]):
    pass


class BadSites(ValueError):
    """The file of the municipalities' sites cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Sites:
    """The registered hosts, by the municipality's code; `schemes` are those that count."""

    hosts: Mapping[str, tuple[str, ...]]
    schemes: tuple[str, ...] = ("https",)

    def ancestors(self, code: str) -> str:
        """Write the `frame-ancestors` of a municipality's frames; our own page of snippets shows them too."""
        named = (f"{scheme}://{host}" for host in self.hosts.get(code, ()) for scheme in self.schemes)
        return " ".join(("'self'", *named))

    def way_back(self, address: str | None, code: str | None = None) -> WayBack | None:
        """Tell whether an address is a page of a registered site (of that municipality, when one is named)."""
        if not address or len(address) > _LONGEST:
            return None
        found = _ADDRESS.fullmatch(address)
        if found is None or found["scheme"] not in self.schemes:
            return None
        host = found["host"].lower()
        known = self.hosts.get(code, ()) if code else (each for own in self.hosts.values() for each in own)
        if host not in known:
            return None
        return WayBack(f"{found['scheme']}://{host}{found['rest'] or '/'}", host)


def load_sites(path: Path | None, *, production: bool) -> Sites:
    """Read the file; without one no site is registered. Raises `BadSites`."""
    schemes = ("https",) if production else ("https", "http")
    if path is None:
        return Sites({}, schemes)
    try:
        read = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).root
        hosts: dict[str, tuple[str, ...]] = {}
        for key, site in read.items():
            place = _place(key)
            if place.code in hosts:
                raise ValueError(f"{key}: {place.name} is there twice")
            hosts[place.code] = tuple(_host(key, each, production=production) for each in site.hosts)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSites(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise BadSites(f"{path}: {error}") from error
    return Sites(hosts, schemes)


def _place(key: str) -> Authority:
    found = by_slug(key)
    if found is None:
        try:
            found = authority(key)
        except KeyError:
            raise ValueError(
                f"{key}: neither the name in a municipality's address nor an EHAK code"
            ) from None
    if found.kind == "amet":
        raise ValueError(f"{key}: only municipalities have sites")
    return found


def _host(key: str, host: str, *, production: bool) -> str:
    name, colon, port = host.partition(":")
    if not _NAME.fullmatch(name) or len(name) > 253 or (colon and not _PORT.fullmatch(port)):
        raise ValueError(f"{key}: {host!r} is no host: write it as www.example.ee, an IDN in its xn-- form")
    if production and (colon or "." not in name):
        raise ValueError(f"{key}: {host!r}: in production a site has a full name and no port")
    return host
