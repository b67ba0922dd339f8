"""The settings of a process; this module alone reads the environment."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Everything an installation decides; each field is `UKS_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="UKS_", frozen=True, extra="forbid")

    env: Literal["demo", "test", "production"] = Field("demo", description="where this runs")
    public_url: str = Field(
        "http://localhost:8000", description="the portal's own address; every absolute link starts with it"
    )
    database_url: str = Field(
        "sqlite:///var/uks.db", description="`sqlite:///path` or `postgresql://user:password@host/name`"
    )
    files_url: str = Field(
        "file:///var/files", description="where uploads are kept, encrypted: `file:///path`"
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
    min_acr: Literal["low", "substantial", "high"] = Field(
        "high", description="the weakest sign-in that is let in"
    )
    idle_minutes: int = Field(
        30, ge=5, le=720, description="a session ends after so many minutes without a click"
    )
    smtp_url: str = Field(
        "",
        description="`smtp://user:password@host:port` (`smtps://` for TLS from the start); empty: no mail is sent",
    )
    mail_from: str = Field("Uks <teavitus@uks.invalid>", description="the sender of notices")
    clamd_url: str = Field(
        "", description="`tcp://host:port` or `unix:///path` of the virus scanner; empty: files go unscanned"
    )
    cores: Path | None = Field(
        None, description="TOML file of the casework cores: address, keys, X-tee names"
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="bearer token for `/metrics`; empty: only from this computer"
    )

    @field_validator("trusted_proxies", "govsso_logout_from", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return (
            tuple(filter(None, (part.strip() for part in value.split(","))))
            if isinstance(value, str)
            else value
        )

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
            raise ValueError("an address like https://uks.example.ee, without a path")
        return value.rstrip("/")

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
            (
                self.govsso_client_secret.get_secret_value() in ("", "demo-secret"),
                "UKS_GOVSSO_CLIENT_SECRET is not set",
            ),
            (not self.clamd_url, "UKS_CLAMD_URL: no virus scanner is configured"),
            (not self.cores, "UKS_CORES: no casework core is configured"),
            (not self.smtp_url, "UKS_SMTP_URL: no mail server is configured"),
        ]
        return [line for missing, line in wanted if missing]
