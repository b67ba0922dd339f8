"""What every answer carries, whoever asks for whatever; and the HTML of all pages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from portal.clock import FixedClock
from portal.db import new_id
from tests.conftest import Sqlite
from tests.hostile.test_others import addresses, filled, things
from tests.hostile.world import JOURNEY, Person, World, opened, told_plainly
from tests.journeys.page import Page

pytestmark = pytest.mark.anyio

TEMPLATES = Path(__file__).parents[2] / "templates"
# In a template and in a page: a script or style of its own, or a handler.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=\s*[\"']|\son[a-z]{3,}\s*=\s*[\"']|[\"']\s*javascript:",
    re.IGNORECASE,
)


def carries_all(answer: httpx2.Response, *, secure: bool = False) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    for weak in ("unsafe", "*", "data:", "blob:"):
        assert weak not in policy
    if "sandbox" not in policy:
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert ("strict-transport-security" in answer.headers) == secure
    assert "server" not in answer.headers
    for cookie in answer.headers.get_list("set-cookie"):
        lowered = cookie.lower()
        assert "httponly" in lowered
        assert "samesite=lax" in lowered
        assert "path=/" in lowered
        assert "domain=" not in lowered
        assert ("secure" in lowered) == secure
        assert cookie.startswith("__Host-") == secure
        assert "max-age=" not in lowered or "max-age=0" in lowered


def is_whole(html: str) -> None:
    """Look a page over: one h1, ids once, every tag closed, nothing inline."""
    Page(html)
    assert not INLINE.search(html), INLINE.search(html)
    assert html.lower().startswith("<!doctype html>")
    assert re.search(r'<html lang="(et|en|ru)"', html)
    targets = re.findall(r'\b(?:for|aria-describedby|aria-labelledby|aria-controls)="([^"]+)"', html)
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    for each in {one for target in targets for one in target.split()}:
        assert each in ids, f"nothing has the id {each}"
    for tag in (
        "form",
        "main",
        "section",
        "ul",
        "ol",
        "li",
        "table",
        "dl",
        "div",
        "p",
        "span",
        "a",
        "button",
        "fieldset",
    ):
        opened_tags = len(re.findall(rf"<{tag}[\s>]", html))
        assert opened_tags == html.count(f"</{tag}>"), tag


async def test_every_page_in_every_language_carries_the_headers_and_is_whole(
    world: World, mari: Person
) -> None:
    mine = await things(world, mari)
    seen = 0
    for method, path in addresses(world):
        if method != "GET":
            continue
        kind = path.split("/")[1] if path != "/" else ""
        ids = {"id": mine["receipts"][0]["id"], "journey": JOURNEY, "slug": "rakvere-linn", "token": "x"}
        for each in mine.get(kind, [ids]):
            for lang in ("et", "en", "ru"):
                answer = await mari.client.get(f"/{lang}{filled(path, ids | each)[3:]}")
                carries_all(answer)
                assert answer.headers["cache-control"] == "no-store", path
                if answer.headers.get("content-type", "").startswith("text/html") and answer.text:
                    is_whole(answer.text)
                    seen += 1
    assert seen >= 60


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/et/nothing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/et/drafts/x/teie", 404),
        ("POST", "/et/services", 405),
        ("DELETE", "/et/inbox", 405),
        ("TRACE", "/et/", 405),
        ("GET", "/static/x/nothing.css", 404),
        ("GET", "/metrics", 200),
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("POST", "/bridge/v1/events", 401),
        ("POST", "/auth/backchannel-logout", 400),
        ("GET", "/auth/callback", 400),
        ("GET", "/auth/login", 503),
        ("GET", "/et/inbox", 303),
        ("POST", "/et/inbox/x", 404),
        ("GET", "/", None),
        ("GET", "/.well-known/security.txt", None),
        ("GET", "/robots.txt", None),
        ("GET", "/favicon.ico", None),
    ],
)
async def test_faults_and_bare_addresses_carry_them_too(
    world: World, method: str, path: str, status: int | None
) -> None:
    client = world.client()
    answer = await client.request(method, path)
    carries_all(answer)
    assert status is None or answer.status_code == status
    if answer.headers.get("content-type", "").startswith("text/html") and answer.text:
        is_whole(answer.text)
    await client.aclose()


async def test_a_fault_of_ours_carries_them_and_says_nothing_of_its_inside(alone: World) -> None:
    mari = await alone.person()
    await alone.db.close()
    sent = await mari.sent()
    async with alone.db.write() as tx:
        await tx.exec_driver_sql("DROP TABLE entry")
    answer = await mari.client.get(f"/et/inbox/{sent}")
    carries_all(answer)
    told_plainly(answer, 500)
    is_whole(answer.text)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_that_tells_of_a_fault_shows_as_well_who_is_signed_in(mari: Person) -> None:
    for answer in (
        await mari.client.get(f"/et/inbox/{new_id()}"),
        await mari.post("/et/me/remove", {"csrf_token": "x"}),
        await mari.post("/et/me", (await mari.fresh()) | {"party": str(new_id())}),
    ):
        told_plainly(answer, 403, 404, 409)
        assert "Mari-Liis Männik" in answer.text
        assert 'action="/auth/logout"' in answer.text
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "uks.test.evil.example", "uks.test:81", "", "uks.test@evil", "UKS.TEST.", "127.0.0.1"],
)
async def test_another_host_is_refused_everywhere(world: World, mari: Person, host: str) -> None:
    for path in (
        "/",
        "/et/",
        "/et/inbox",
        "/auth/login",
        "/static/x/app.css",
        "/health/live",
        "/bridge/v1/events",
    ):
        answer = await mari.client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        carries_all(answer)
        if host:
            assert host not in answer.text


@pytest.fixture
async def https(
    sqlite: Sqlite, tmp_path: Path, clock: FixedClock, anyio_backend: str
) -> AsyncIterator[World]:
    settings = {"public_url": "https://uks.example.ee", "metrics_token": "t" * 40}
    async with sqlite.fresh(tmp_path) as url, opened(url, tmp_path, clock, **settings) as made:
        yield made


async def test_behind_https_cookies_are_bound_to_the_host_and_https_is_asked_for(https: World) -> None:
    mari = await https.person()
    client = https.client()
    # The simulator is not there: nothing but the cookie of the start is looked at.
    for path in ("/et/", "/et/inbox", "/auth/login", "/et/nothing", "/metrics"):
        carries_all(await client.get(path), secure=True)
    page = await mari.get("/et/inbox")
    carries_all(page, secure=True)
    left = await mari.post("/auth/logout", {"csrf_token": mari.tokens(page.text)["csrf_token"]})
    carries_all(left, secure=True)
    assert any("__Host-uks_session" in each for each in left.headers.get_list("set-cookie"))
    assert (await client.get("/metrics")).status_code == 403
    # A cookie without the prefix may have been set by a neighbour.
    client.cookies.set("uks_session", mari.token)
    assert (await client.get("/et/inbox")).status_code == 303
    await client.aclose()


async def test_downloads_are_kept_nowhere_and_run_nothing(world: World, mari: Person) -> None:
    for ids in (await things(world, mari))["inbox"][:2]:
        answer = await mari.get(f"/et/inbox/{ids['id']}/documents/{ids['document_id']}")
        carries_all(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_holds_a_script_a_style_or_a_handler(path: Path) -> None:
    text = path.read_text()
    if "emails" in path.parts:
        # A letter has no style sheet to name.
        text = re.sub(r'\sstyle="[^"]*"|<style\b', " ", text)
    assert not INLINE.search(text)
    assert "|safe" not in text.replace(" ", "")
    assert "autoescape false" not in text
