"""The way from an entry into the portal: where it leads, what it carries, and that it leads nobody elsewhere."""

from urllib.parse import quote

import pytest

from tests.embeds.site import Site

pytestmark = pytest.mark.anyio

GO = "/embed/v1/go/rakvere-linn"
HOSTILE = (
    "https://evil.example/",
    "//evil.example",
    "https://www.rakvere.ee@evil.example/",
    "https://www.rakvere.ee:8443/",
    "https://www.rakvere.ee.evil.example/",
    "https://evil.example\\.www.rakvere.ee/",
    "http://www.rakvere.ee/",
    "javascript:alert(1)",
    "https://www.tartu.ee/",
    "https://www.rakvere.ee/\r\nSet-Cookie: a=b",
    "https://www。rakvere。ee/",
)


async def leads(site: Site, path: str, **headers: str) -> str:
    answer = await site.client.get(path, headers=headers)
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"]


async def test_a_service_is_opened_with_its_municipality_language_and_way_back(site: Site) -> None:
    back = quote("https://www.rakvere.ee/abi?id=3", safe="")
    assert (
        await leads(site, f"{GO}/tugiisik?lang=ru&via=element&back={back}")
        == f"/ru/apply/tugiisik?kov=0663&back={back}"
    )


async def test_the_matter_and_the_municipality_are_opened_too(site: Site) -> None:
    assert await leads(site, f"{GO}?kind=matter&lang=en") == "/en/inbox"
    assert await leads(site, f"{GO}?lang=et") == "/et/kov/rakvere-linn"


async def test_a_service_that_is_no_more_leads_to_all_of_them(site: Site) -> None:
    assert await leads(site, f"{GO}/olematu?lang=et") == "/et/kov/rakvere-linn"


async def test_without_a_language_the_browsers_own_is_taken(site: Site) -> None:
    assert await leads(site, f"{GO}/tugiisik", **{"Accept-Language": "ru"}) == "/ru/apply/tugiisik?kov=0663"
    assert await leads(site, f"{GO}/tugiisik?lang=//evil") == "/et/apply/tugiisik?kov=0663"


async def test_the_page_that_gave_no_way_back_is_known_by_the_referer(site: Site) -> None:
    found = await leads(site, f"{GO}/tugiisik?lang=et", Referer="https://www.rakvere.ee/abi")
    assert found == "/et/apply/tugiisik?kov=0663&back=https%3A%2F%2Fwww.rakvere.ee%2Fabi"
    assert await leads(site, f"{GO}/tugiisik?lang=et", Referer="https://evil.example/") == (
        "/et/apply/tugiisik?kov=0663"
    )


@pytest.mark.parametrize("address", HOSTILE)
async def test_a_hostile_way_back_is_dropped_and_the_way_in_stays(site: Site, address: str) -> None:
    found = await leads(site, f"{GO}/tugiisik?lang=et&back={quote(address, safe='')}")
    assert found == "/et/apply/tugiisik?kov=0663"


@pytest.mark.parametrize(
    "path", ["/embed/v1/go/olematu", "/embed/v1/go/olematu/tugiisik", "/embed/v1/go/%2f%2fevil"]
)
async def test_no_municipality_no_way(site: Site, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404
