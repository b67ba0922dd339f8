"""The way back to the municipality's page: shown from the door to the receipt, and never anybody else's."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from portal.clock import FixedClock
from tests.conftest import Sqlite
from tests.portal.whole import Whole, hidden, open_whole

pytestmark = pytest.mark.anyio

PAGE = "https://www.rakvere.ee/sotsiaalabi?id=3"
BACK = quote(PAGE, safe="")
SHOWN = f'href="{PAGE}"'
APPLY = "/et/apply/toimetulekutoetus"


@pytest.fixture
async def whole(sqlite: Sqlite, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Whole]:
    sites = tmp_path / "sites.toml"
    sites.write_text('[rakvere-linn]\nhosts = ["www.rakvere.ee"]\n[0793]\nhosts = ["www.tartu.ee"]')
    async with sqlite.fresh(tmp_path) as url, open_whole(url, tmp_path, clock, sites=sites) as opened:
        yield opened


async def start(whole: Whole, address: str) -> str:
    page = (await whole.browser.get(address)).text
    answer = await whole.browser.post(APPLY, data={**hidden(page, APPLY), "kov": "0663"})
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_it_is_shown_at_the_door_and_through_the_draft(whole: Whole) -> None:
    entered = await whole.browser.get(f"/embed/v1/go/rakvere-linn/toimetulekutoetus?lang=et&back={BACK}")
    door = entered.headers["location"]
    assert door == f"{APPLY}?kov=0663&back={BACK}"
    page = (await whole.browser.get(door)).text
    assert SHOWN in page
    assert "Tagasi lehele www.rakvere.ee" in page
    draft = await start(whole, door)
    step = (await whole.browser.get(draft)).headers["location"]
    assert SHOWN in (await whole.browser.get(step)).text
    assert SHOWN in (await whole.browser.get(f"{draft}/delete")).text


async def test_who_is_not_signed_in_keeps_it_on_the_way_through_govsso(whole: Whole) -> None:
    whole.browser.cookies.clear()
    answer = await whole.browser.get(f"{APPLY}?kov=0663&back={BACK}")
    assert answer.headers["location"] == (
        f"/auth/login?return_to={quote(f'{APPLY}?kov=0663&back={BACK}', safe='')}&lang=et"
    )
    assert "set-cookie" not in answer.headers


async def test_the_open_pages_pass_it_on(whole: Whole) -> None:
    place = (await whole.browser.get(f"/et/kov/rakvere-linn?back={BACK}")).text
    assert SHOWN in place
    [service] = re.findall(r'href="(/et/services/toimetulekutoetus\?[^"]+)"', place)
    service = service.replace("&amp;", "&")
    page = (await whole.browser.get(service)).text
    assert SHOWN in page
    [door, *_] = re.findall(r'href="(/et/apply/toimetulekutoetus\?[^"]+)"', page)
    assert SHOWN in (await whole.browser.get(door.replace("&amp;", "&"))).text


async def test_the_receipt_still_leads_back(whole: Whole) -> None:
    from sqlalchemy import update

    from journeys.tables import DraftRow

    draft = await whole.start_draft()
    async with whole.parts.db.write() as tx:
        await tx.execute(update(DraftRow).values(way_back=PAGE))
    address = f"/et/drafts/{draft}/review"
    page = (await whole.browser.get(address)).text
    assert SHOWN in page
    sent = await whole.browser.post(address, data={**hidden(page, address), "confirm": "y"})
    assert sent.headers["location"].startswith(f"/et/receipts/{draft}?back=")
    assert SHOWN in (await whole.browser.get(sent.headers["location"])).text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "https://www.rakvere.ee@evil.example/",
        "https://www.tartu.ee/",
        "javascript:alert(1)",
        "http://www.rakvere.ee:8080/",
    ],
)
async def test_a_hostile_one_is_shown_nowhere_and_kept_nowhere(whole: Whole, address: str) -> None:
    door = f"{APPLY}?kov=0663&back={quote(address, safe='')}"
    assert "Tagasi lehele" not in (await whole.browser.get(door)).text
    for path in ("/et/kov/rakvere-linn", "/et/services/toimetulekutoetus"):
        page = await whole.browser.get(f"{path}?kov=0663&back={quote(address, safe='')}")
        assert "Tagasi lehele" not in page.text
    draft = await start(whole, door)
    step = (await whole.browser.get(draft)).headers["location"]
    assert "Tagasi lehele" not in (await whole.browser.get(step)).text


async def test_a_forged_form_keeps_none_either(whole: Whole) -> None:
    page = (await whole.browser.get(f"{APPLY}?kov=0663")).text
    forged = {**hidden(page, APPLY), "kov": "0663", "back": "https://evil.example/"}
    draft = (await whole.browser.post(APPLY, data=forged)).headers["location"]
    step = (await whole.browser.get(draft)).headers["location"]
    assert "evil.example" not in (await whole.browser.get(step)).text


async def test_service_and_municipality_pages_can_be_discovered(whole: Whole) -> None:
    for path in ("/et/services/toimetulekutoetus?kov=0663", "/en/kov/rakvere-linn"):
        page = (await whole.browser.get(path)).text
        [address] = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
        told = await whole.browser.get(address.replace("&amp;", "&"))
        assert told.status_code == 200, address
        assert "<iframe" in told.json()["html"]
    assert "json+oembed" not in (await whole.browser.get("/et/services/toimetulekutoetus")).text
