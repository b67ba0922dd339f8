"""The sample site of a municipality: what it imitates, and that it pastes what the portal gives."""

import json
import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from portal.demo.place import Place
from portal.demo.site import create_site
from portal.demo.site.pages import FRONT, PLATFORMS, TRIALS
from portal.demo.site.wordpress import cut_down, embedded
from tests.serving import free_port, serving_beside

PORTAL = "http://localhost:18800"
SITE = TestClient(create_site(PORTAL))
OEMBED = (
    '<blockquote cite="x"><a href="/et/" onclick="x()">Toimetulekutoetus</a></blockquote>\n'
    '<script>alert(1)</script><iframe src="/embed/v1/frame/rakvere-linn?a=1&amp;b=2" onload="x()" '
    'referrerpolicy="unsafe-url" width="600" height="380" title="Toimetulekutoetus"></iframe>'
)


@pytest.fixture
def provider() -> Iterator[str]:
    """Somebody who answers oEmbed."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    async def page(_request: Request) -> Response:
        link = '<link rel="alternate" type="application/json+oembed" href="{}/oembed?url=x&amp;format=json">'
        return HTMLResponse("<!doctype html><head>" + link.format(address))

    async def oembed(request: Request) -> Response:
        assert request.query_params["format"] == "json"
        return JSONResponse({"type": "rich", "version": "1.0", "html": OEMBED})

    async def other(_request: Request) -> Response:
        return Response(json.dumps({"type": "rich"}), media_type="application/json")

    with serving_beside(
        Starlette(routes=[Route("/page", page), Route("/oembed", oembed), Route("/none", other)]), port
    ):
        yield address


@pytest.mark.parametrize("page", [FRONT, *PLATFORMS, *TRIALS], ids=lambda page: page.name or "index")
def test_every_page_answers_under_the_policy_of_its_platform(page) -> None:
    answer = SITE.get(page.path)
    assert answer.status_code == 200
    assert page.title in answer.text
    policy = answer.headers.get("content-security-policy", "")
    assert policy.split("; ") == page.policy(PORTAL, _nonce(policy)).split("; ")


def test_a_page_with_a_nonce_never_gives_the_same_one_twice() -> None:
    first, second = (SITE.get("/omavalitsusportaal") for _ in range(2))
    nonces = [_nonce(each.headers["content-security-policy"]) for each in (first, second)]
    assert nonces[0] != nonces[1]
    assert f'nonce="{nonces[0]}"' in first.text


def test_wordpress_leaves_a_link_and_a_sandboxed_frame_of_what_an_oembed_brings(provider: str) -> None:
    html = embedded(f"{provider}/page")
    assert "script" not in html.replace("allow-scripts", "")
    assert "onclick" not in html
    assert "onload" not in html
    assert "referrerpolicy" not in html
    secret = re.search(r'<blockquote class="wp-embedded-content" data-secret="([a-zA-Z0-9]{10})">', html)
    assert secret
    frame = html.partition("<iframe ")[2]
    assert frame.startswith(
        'sandbox="allow-scripts" security="restricted" class="wp-embedded-content" style='
    )
    whole = f'src="/embed/v1/frame/rakvere-linn?a=1&amp;b=2#?secret={secret[1]}" data-secret="{secret[1]}"'
    assert whole in frame


def test_wordpress_leaves_the_address_when_there_is_no_oembed(provider: str) -> None:
    for address in (f"{provider}/none", f"{provider}/nothing", "http://127.0.0.1:9/page"):
        assert embedded(address) == f'<a href="{address}">{address}</a>'


def test_an_editor_with_few_rights_keeps_the_link_inside_the_element() -> None:
    assert cut_down(
        '<uks-entry lang="et"><a href="/a?b&amp;c" class="d">Taotle</a></uks-entry><script src="x">'
    ) == ('<a href="/a?b&amp;c">Taotle</a>')


def test_the_demo_registers_its_site_for_rakvere_alone(tmp_path) -> None:
    place = Place(18800, tmp_path)
    place.prepare(reset=False)
    written = (tmp_path / "sites.toml").read_text(encoding="utf-8")
    assert written == '[rakvere-linn]\nhosts = ["127.0.0.1:18804"]\n'
    assert place.settings().sites == tmp_path / "sites.toml"


def _nonce(policy: str) -> str:
    found = re.search("'nonce-([^']+)'", policy)
    return found[1] if found else ""
