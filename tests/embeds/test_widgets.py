"""The addresses that municipalities' pages load: what they say, to whom, how long it is kept, and what it weighs."""

import gzip
import re
from html import unescape

import pytest

from embeds.files import ELEMENT, files
from tests.embeds.site import Site

pytestmark = pytest.mark.anyio

KB = 1024
DATA = "/embed/v1/data/rakvere-linn.json"
FRAME = "/embed/v1/frame/rakvere-linn"
PORTAL = "http://uks.test"


async def test_the_data_of_one_service_names_it_and_leads_to_it(site: Site) -> None:
    told = (await site.client.get(f"{DATA}?services=toimetulekutoetus&lang=et")).json()
    assert told["version"] == 1
    assert told["title"] == "Toimetulekutoetus"
    assert told["button"] == {
        "text": "Taotle",
        "url": f"{PORTAL}/embed/v1/go/rakvere-linn/toimetulekutoetus?lang=et&via=element",
        "label": "Taotle: Toimetulekutoetus",
        "summary": "",
    }
    assert [each["text"] for each in told["links"]] == ["Vaata oma taotlust"]


async def test_the_data_of_several_lists_them_in_the_order_chosen(site: Site) -> None:
    told = (await site.client.get(f"{DATA}?services=tugiisik,toimetulekutoetus,tugiisik&lang=ru")).json()
    assert told["lang"] == "ru"
    assert [each["text"] for each in told["list"]] == [
        "Tugiisikuteenus по-русски",
        "Toimetulekutoetus по-русски",
    ]
    assert told["button"] is None
    assert len(told["links"]) == 2, "all services, and one's own matter"


@pytest.mark.parametrize("query", ["", "?services=", "?services=olematu", "?lang=xx&look=xx&kind=xx"])
async def test_what_is_unknown_counts_as_not_said(site: Site, query: str) -> None:
    told = (await site.client.get(DATA + query)).json()
    assert told["lang"] == "et"
    assert len(told["list"]) == 3


async def test_where_is_my_matter_is_a_link_and_nothing_of_anybody(site: Site) -> None:
    told = (await site.client.get(f"{DATA}?kind=matter&services=tugiisik&lang=et")).json()
    assert told["title"] == "Kus on minu asi?"
    assert told["button"]["url"] == f"{PORTAL}/embed/v1/go/rakvere-linn?kind=matter&lang=et&via=element"
    assert told["list"] == []


async def test_emergency_numbers_stand_where_a_service_is_about_danger(site: Site) -> None:
    calm = (await site.client.get(f"{DATA}?services=tugiisik")).json()
    danger = (await site.client.get(f"{DATA}?services=tugiisik,abi-ohus")).json()
    assert calm["numbers"] == []
    assert [each["number"] for each in danger["numbers"]] == ["112", "116111", "116006"]
    page = await site.client.get(f"{FRAME}?services=abi-ohus")
    assert 'href="tel:112"' in page.text


async def test_anybody_may_read_the_data_and_keeps_it(site: Site) -> None:
    answer = await site.client.get(DATA, headers={"Origin": "null"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-credentials" not in answer.headers
    assert "max-age=300" in answer.headers["cache-control"]
    again = await site.client.get(DATA, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["access-control-allow-origin"] == "*"
    other = await site.client.get(f"{DATA}?lang=en", headers={"If-None-Match": answer.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize("slug", ["olematu", "sotsiaalkindlustusamet", "0663"])
async def test_a_municipality_that_is_none_is_not_found_and_says_so_to_any_origin(
    site: Site, slug: str
) -> None:
    answer = await site.client.get(f"/embed/v1/data/{slug}.json")
    assert answer.status_code == 404
    frame = await site.client.get(f"/embed/v1/frame/{slug}")
    assert frame.status_code == 404
    assert "frame-ancestors 'none'" in frame.headers["content-security-policy"]


async def test_a_frame_is_shown_by_the_sites_of_its_municipality_alone(site: Site) -> None:
    def ancestors(policy: str) -> str:
        return next(each for each in policy.split("; ") if each.startswith("frame-ancestors"))

    own = await site.client.get(FRAME)
    assert (
        ancestors(own.headers["content-security-policy"]) == "frame-ancestors 'self' https://www.rakvere.ee"
    )
    none = await site.client.get("/embed/v1/frame/narva-linn")
    assert ancestors(none.headers["content-security-policy"]) == "frame-ancestors 'self'"
    assert "x-frame-options" not in own.headers


async def test_nothing_of_an_entry_sets_a_cookie_or_holds_a_form_or_loads_from_others(site: Site) -> None:
    for path in (DATA, FRAME, f"/embed/v1/{ELEMENT}", "/embed/v1/go/rakvere-linn/tugiisik"):
        answer = await site.client.get(path)
        assert "set-cookie" not in answer.headers, path
    page = (await site.client.get(FRAME)).text
    assert "<form" not in page
    assert "<script>" not in page
    assert "style=" not in page
    for loaded in re.findall(r'(?:src|href)="(?!tel:)([^"]+)"', page):
        assert loaded.startswith((f"{PORTAL}/embed/", "/embed/v1/")), loaded


async def test_every_link_of_the_frame_opens_at_the_top(site: Site) -> None:
    page = (await site.client.get(f"{FRAME}?services=tugiisik")).text
    links = re.findall(r"<a [^>]*>", page)
    assert len(links) == 2
    assert all('target="_top"' in each for each in links)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("https://www.rakvere.ee/abi?id=3", "https%3A%2F%2Fwww.rakvere.ee%2Fabi%3Fid%3D3"),
        ("https://www.rakvere.ee/", "https%3A%2F%2Fwww.rakvere.ee%2F"),
        ("https://www.tartu.ee/abi", ""),
        ("https://evil.example/www.rakvere.ee", ""),
        ("", ""),
    ],
)
async def test_the_frame_leads_back_to_the_page_around_it_if_that_is_the_municipalitys(
    site: Site, referer: str, back: str
) -> None:
    answer = await site.client.get(f"{FRAME}?services=tugiisik&lang=et", headers={"Referer": referer})
    address = unescape(re.findall(r'class="button" href="([^"]+)"', answer.text)[0])
    assert address.partition("&back=")[2] == back
    assert answer.headers["vary"] == "Referer"
    assert answer.headers["cache-control"].startswith("private")


async def test_what_is_written_into_the_frame_is_escaped(site: Site) -> None:
    page = (await site.client.get(f"{FRAME}?services=abi-ohus")).text
    assert "Abi &lt;ohus&gt;" in page
    evil = await site.client.get(
        f'{FRAME}?services="><script>&lang="><script>&back="><script>&via="><script>'
    )
    assert "<script>" not in evil.text


async def test_the_script_stays_as_it_was_released_and_is_kept_for_good(site: Site) -> None:
    answer = await site.client.get(f"/embed/v1/{ELEMENT}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*", "integrity asks for it"
    assert "immutable" in answer.headers["cache-control"]
    gone = await site.client.get("/embed/v1/uks-entry.0.js")
    assert gone.status_code == 404
    assert (await site.client.get("/embed/v1/..%2ffiles.py")).status_code == 404


async def test_the_script_weighs_at_most_4_kb_and_asks_nothing_of_the_host(site: Site) -> None:
    script = (await site.client.get(f"/embed/v1/{ELEMENT}")).content
    assert len(gzip.compress(script, 9)) <= 4 * KB
    for forbidden in (
        b"cookie",
        b"localStorage",
        b"sessionStorage",
        b"innerHTML",
        b"eval(",
        b".style",
        b"import",
    ):
        bare = script.replace(b"No cookies, no storage", b"").replace(b"adoptedStyleSheets", b"")
        assert forbidden not in bare, forbidden


async def test_the_frame_weighs_at_most_12_kb_without_fonts(site: Site) -> None:
    page = (await site.client.get(FRAME)).content
    loaded = [each for name, each in files().items() if name.startswith("uks-frame.")]
    assert len(loaded) == 2
    assert sum(len(gzip.compress(each, 6)) for each in (page, *(one.body for one in loaded))) <= 12 * KB
