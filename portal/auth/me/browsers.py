"""What a request tells of the browser it comes from: coarse words for the person, and marks to know it again by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Final

from starlette.requests import Request

# The order matters: nearly every browser also names the ones it descends from.
_BROWSERS: Final = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Version/[\d.]+.*Safari/", "Safari"),
)
_SYSTEMS: Final = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)
_SEEN: Final = 400


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: the browser and the system in plain words ("" for one not known), and the address."""

    browser: str
    system: str
    address: str

    @property
    def marks(self) -> Sequence[str]:
        """Give what makes a place known again: the kind of browser, and the network (docs/decisions)."""
        return (f"browser {self.browser} {self.system}", f"network {network_of(self.address)}")


def place_of(request: Request) -> Place:
    """Read the place out of a request; behind a trusted proxy the address is the person's own."""
    agent = request.headers.get("user-agent", "")[:_SEEN]
    return Place(
        _first(_BROWSERS, agent), _first(_SYSTEMS, agent), request.client.host if request.client else ""
    )


def network_of(address: str) -> str:
    """Give the network of an address: 16 bits of IPv4, 32 of IPv6, so that a new lease at home is nothing new."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network(f"{parsed}/{16 if parsed.version == 4 else 32}", strict=False))


def _first(kinds: Sequence[tuple[str, str]], agent: str) -> str:
    return next((name for pattern, name in kinds if re.search(pattern, agent)), "")
