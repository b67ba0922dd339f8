"""The settings of a process; this module alone reads the environment."""

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX: Final = "UKS_"
_MAILBOX: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_OPTIONAL: Final = frozenset({"smtp_url", "clamd_url"})


class Settings(BaseSettings):
    """Everything an installation decides; each field is `UKS_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    env: Literal["demo", "test", "production"] = Field("demo", description="where this runs")
    public_url: str = Field(
        "http://localhost:8000", description="the portal's own address; every absolute link starts with it"
    )
    contact: str = Field(
        "", description="e-mail address of who keeps this portal; shown on its pages and in security.txt"
    )
    database_url: str = Field(
        "sqlite:///var/uks.db",
        description="`sqlite:///path` or `postgresql://user:password@host/name`",
        repr=False,
    )
    files_url: str = Field(
        "file://var/files", description="folder where uploads are kept, encrypted: `file:///path`"
    )
    keys: SecretStr = Field(
        SecretStr(""),
        description="the key ring: `index:<base64>,<id>:<base64>`; the first id seals, all open",
    )
    govsso_issuer: str = Field(
        "http://127.0.0.1:8001/", description="GovSSO's issuer, with its closing slash"
    )
    govsso_client_id: str = Field("uks-demo", description="the client name agreed with RIA")
    govsso_client_secret: SecretStr = Field(SecretStr("demo-secret"), description="the client secret")
    govsso_ca: Path | None = Field(
        None, description="file of the only roots trusted for GovSSO; empty: the system's"
    )
    govsso_logout_from: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="addresses that may send back-channel logout; empty: any"
    )
    govsso_address: IPv4Address | IPv6Address | None = Field(
        None,
        description="own address that calls to GovSSO leave from, as RIA has it; empty: the system's choice",
    )
    govsso_log_days: int = Field(
        365,
        ge=365,
        le=2557,
        description="the log of what passes with GovSSO is kept so many days (1 to 7 years)",
    )
    paasuke_roles: Path | None = Field(
        None,
        description="TOML file of what Pääsuke's roles allow; empty: Pääsuke is not asked through GovSSO",
    )
    min_acr: Literal["low", "substantial", "high"] = Field(
        "high", description="the weakest sign-in that is let in"
    )
    idle_minutes: int = Field(
        30, ge=5, le=720, description="a session ends after so many minutes without a click"
    )
    passkey_days: int = Field(
        90,
        ge=1,
        le=366,
        description="a passkey works so many days after its owner's last sign-in through GovSSO",
    )
    smtp_url: str = Field(
        "",
        description="`smtp://user:password@host:port` (`smtps://` for TLS from the start); empty: no mail is sent",
        repr=False,
    )
    mail_from: str = Field("Uks <teavitus@uks.invalid>", description="the sender of notices")
    clamd_url: str = Field(
        "", description="`tcp://host:port` or `unix:///path` of the virus scanner; empty: files go unscanned"
    )
    cores: Path | None = Field(
        None, description="TOML file of the casework cores: address, keys, X-tee names"
    )
    population: Path | None = Field(
        None, description="TOML file of the population register on X-tee; empty: it is not asked"
    )
    sites: Path | None = Field(
        None,
        description="TOML file of the municipalities' websites: their hosts; empty: no site may show a frame",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="bearer token for `/metrics`; empty: only from this computer, and in production not at all",
    )

    @field_validator("trusted_proxies", "govsso_logout_from", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return (
            tuple(filter(None, (part.strip() for part in value.split(","))))
            if isinstance(value, str)
            else value
        )

    @field_validator(
        "govsso_ca", "govsso_address", "cores", "paasuke_roles", "population", "sites", mode="before"
    )
    @classmethod
    def _no_file(cls, value: object) -> object:
        return value or None

    @field_validator("public_url", "database_url", "files_url", "govsso_issuer", "smtp_url", "clamd_url")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        looks, fits = _ADDRESSES[info.field_name or ""]
        if (value or info.field_name not in _OPTIONAL) and not _fits(value, fits):
            raise ValueError(f"must look like {looks}")
        return value.rstrip("/") if info.field_name == "public_url" else value

    @field_validator("contact")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        # It is written into links, and into security.txt line by line.
        if value and not _MAILBOX.fullmatch(value):
            raise ValueError("must look like abi@example.ee")
        return value

    @property
    def host(self) -> str:
        """The only `Host` that is answered."""
        return urlsplit(self.public_url).netloc

    @property
    def secure(self) -> bool:
        """Tell whether cookies are `Secure` and named with `__Host-`."""
        return self.public_url.startswith("https://")

    def lacks(self) -> list[str]:
        """List what a start in production still lacks, each as a line for the operator."""
        wanted = [
            (not self.secure, "UKS_PUBLIC_URL must start with https://"),
            (not self.keys.get_secret_value(), "UKS_KEYS: real keys are not configured"),
            (not self.govsso_issuer.startswith("https://"), "UKS_GOVSSO_ISSUER: GovSSO is not configured"),
            (self.govsso_client_id in ("", "uks-demo"), "UKS_GOVSSO_CLIENT_ID is not set"),
            (
                self.govsso_client_secret.get_secret_value() in ("", "demo-secret"),
                "UKS_GOVSSO_CLIENT_SECRET is not set",
            ),
            (not self.clamd_url, "UKS_CLAMD_URL: no virus scanner is configured"),
            (not self.cores, "UKS_CORES: no casework core is configured"),
            (not self.smtp_url, "UKS_SMTP_URL: no mail server is configured"),
            (".invalid" in self.mail_from, "UKS_MAIL_FROM is not set"),
        ]
        return [line for missing, line in wanted if missing]

    def notes(self) -> list[str]:
        """List what an installation may do without, each as a line for the operator."""
        return [] if self.population else ["UKS_POPULATION: parents and guardians cannot act for others"]


def unknown_settings() -> list[str]:
    """Name the variables that begin like ours and are none: a misspelt setting would silently do nothing."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    strange = [name for name in os.environ if name.startswith(PREFIX) and name not in known]  # noqa: TID251
    close = {name: get_close_matches(name, known, 1) for name in strange}
    return [
        f"{name}: there is no such setting" + "".join(f"; {one}?" for one in close[name]) for name in strange
    ]


def _fits(value: str, fits: Callable[[SplitResult], object]) -> bool:
    try:
        parts = urlsplit(value)
        return bool(parts.port is None or parts.port) and bool(fits(parts))
    except ValueError:
        return False


def _web(parts: SplitResult) -> bool:
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    )


_ADDRESSES: Final[dict[str, tuple[str, Callable[[SplitResult], object]]]] = {
    "public_url": (
        "https://uks.example.ee, without a path",
        lambda parts: _web(parts) and parts.path in ("", "/") and not parts.username,
    ),
    "database_url": (
        "sqlite:///path or postgresql://user:password@host/name",
        lambda parts: (
            (parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1)
            or (parts.scheme == "postgresql" and len(parts.path) > 1)
        ),
    ),
    # Storage in S3 waits behind the same interface; until it is tested, it is not offered.
    "files_url": (
        "file:///path",
        lambda parts: parts.scheme == "file" and len(parts.netloc + parts.path) > 1,
    ),
    "govsso_issuer": ("https://govsso.example.ee/", _web),
    "smtp_url": (
        "smtp://user:password@host:port",
        lambda parts: parts.scheme in ("smtp", "smtps") and parts.hostname,
    ),
    "clamd_url": (
        "tcp://host:3310 or unix:///path",
        lambda parts: (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path),
    ),
}
