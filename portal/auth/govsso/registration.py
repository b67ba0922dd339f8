"""The portal as RIA has it registered; all of it comes from the settings."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

OPENID: Final = "openid"
# To be asked for at sign-in: what is not granted then cannot be asked for later (Representee 1.0).
_REPRESENTATION: Final = "representee.* representee_list"


@dataclass(frozen=True, slots=True)
class Registration:
    """The client's data; `ca` names the only roots that are trusted for GovSSO, `own_address` where calls leave from.

    `represents` is whether RIA has switched Pääsuke on for this client.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    min_acr: str = "high"
    ca: Path | None = None
    own_address: str | None = None
    represents: bool = False

    @property
    def scope(self) -> str:
        """What is asked for at sign-in."""
        return f"{OPENID} {_REPRESENTATION}" if self.represents else OPENID

    @property
    def redirect_uri(self) -> str:
        """Where GovSSO sends the browser after signing in."""
        return f"{self.public_url}/auth/callback"

    @property
    def post_logout_redirect_uri(self) -> str:
        """Where GovSSO sends the browser after logging out."""
        return f"{self.public_url}/auth/logged-out"

    @property
    def origin(self) -> str:
        """GovSSO's origin, for the content policy of the page that posts there."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"
