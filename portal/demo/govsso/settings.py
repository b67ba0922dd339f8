"""What the simulator is told when it starts: its address, its clients, its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from portal.clock import Clock
from portal.demo.govsso.paasuke import Mandate
from portal.demo.people import DemoPerson

LEVELS: Final = ("low", "substantial", "high")
LANGUAGES: Final = ("et", "en", "ru")


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """An e-service as RIA registers it."""

    client_id: str
    secret: str = field(repr=False)
    names: Mapping[str, str]
    redirect_uris: frozenset[str]
    post_logout_redirect_uris: frozenset[str]
    backchannel_logout_uri: str = ""
    scopes: frozenset[str] = frozenset({"openid", "phone"})
    auth_method: str = "client_secret_basic"
    asks_to_continue: bool = True
    token_addresses: frozenset[str] = frozenset()

    def name(self, lang: str) -> str:
        """Its name as the person sees it."""
        return self.names.get(lang) or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class GovssoSettings:
    """Where the simulator lives and whom it knows; `issuer` ends with a slash, as the real one does."""

    issuer: str
    clients: Sequence[RegisteredClient]
    people: Sequence[DemoPerson]
    clock: Clock
    mandates: Sequence[Mandate] = ()

    def client(self, client_id: str) -> RegisteredClient | None:
        """Find a client."""
        return next((one for one in self.clients if one.client_id == client_id), None)

    def url(self, path: str) -> str:
        """Make an absolute address."""
        return self.issuer + path


def rank(acr: str) -> int:
    """Order the levels of assurance; an unknown one is below all."""
    return LEVELS.index(acr) if acr in LEVELS else -1
