"""What a User-Agent and an address are told as."""

import pytest
from starlette.requests import Request

from portal.auth.me.browsers import network_of, place_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) {} Mobile Safari/537.36"
)
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (CHROME, ("Chrome", "Windows")),
        (f"{CHROME} Edg/130.0", ("Edge", "Windows")),
        (f"{CHROME} OPR/115.0", ("Opera", "Windows")),
        (ANDROID.format("Chrome/130.0"), ("Chrome", "Android")),
        (ANDROID.format("SamsungBrowser/26.0 Chrome/122.0"), ("Samsung Internet", "Android")),
        (MAC, ("Safari", "macOS")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", ("Firefox", "Linux")),
        ("", ("", "")),
        ("curl/8.0", ("", "")),
        ("x" * 100_000, ("", "")),
    ],
)
def test_a_browser_and_its_system_are_named_plainly(agent: str, told: tuple[str, str]) -> None:
    headers = [(b"user-agent", agent.encode())]
    place = place_of(Request({"type": "http", "headers": headers, "client": ("192.0.2.7", 1)}))
    assert (place.browser, place.system, place.address) == (*told, "192.0.2.7")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.0.0/16"),
        ("192.0.200.1", "192.0.0.0/16"),
        ("::ffff:192.0.2.7", "192.0.0.0/16"),
        ("2001:db8:1:2::3", "2001:db8::/32"),
        ("", ""),
        ("unix", ""),
    ],
)
def test_a_network_is_coarse(address: str, network: str) -> None:
    assert network_of(address) == network
