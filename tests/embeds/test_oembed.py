"""oEmbed: what WordPress and others get for an address of ours, and what they get for any other."""

import re
from urllib.parse import quote

import pytest

from tests.embeds.site import Site

pytestmark = pytest.mark.anyio

BASE = "http://uks.test"
SERVICE = f"{BASE}/et/services/tugiisik?kov=0663"
# What `wp_filter_oembed_result` keeps of an answer from a host it does not trust by name.
KEPT_BY_WORDPRESS = re.compile(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", re.S)


def asking(url: str, **more: str) -> str:
    return f"/oembed?url={quote(url, safe='')}" + "".join(f"&{name}={value}" for name, value in more.items())


async def test_the_address_of_a_service_becomes_a_quotation_and_a_frame(site: Site) -> None:
    answer = await site.client.get(asking(SERVICE, format="json"))
    told = answer.json()
    assert told["version"] == "1.0"
    assert told["type"] == "rich"
    assert told["title"] == "Tugiisikuteenus"
    assert answer.headers["access-control-allow-origin"] == "*"
    found = KEPT_BY_WORDPRESS.fullmatch(told["html"])
    assert found
    assert f'href="{BASE}/embed/v1/go/rakvere-linn/tugiisik?lang=et&amp;via=oembed"' in found[1]
    attributes = set(re.findall(r" ([a-z]+)=", found[2]))
    assert attributes == {"src", "title", "width", "height", "frameborder", "scrolling"}
    assert (
        f'src="{BASE}/embed/v1/frame/rakvere-linn?services=tugiisik&amp;lang=et&amp;via=oembed"' in found[2]
    )


async def test_the_address_of_a_municipality_shows_all_its_services_in_the_language_of_the_address(
    site: Site,
) -> None:
    told = (await site.client.get(asking(f"{BASE}/ru/kov/rakvere-linn"))).json()
    assert "frame/rakvere-linn?lang=ru&amp;via=oembed" in told["html"]


async def test_for_a_municipality_without_a_registered_site_there_is_only_the_link(site: Site) -> None:
    told = (await site.client.get(asking(f"{BASE}/et/services/tugiisik?kov=0511"))).json()
    assert "<iframe" not in told["html"]
    assert told["html"].startswith("<blockquote><a href=")


@pytest.mark.parametrize(
    ("asked", "width"),
    [("400", 400), ("5000", 600), ("10", 200), ("-1", 600), ("x", 600), ("٣٠٠", 600), ("", 600)],
)
async def test_it_is_no_wider_than_asked(site: Site, asked: str, width: int) -> None:
    told = (await site.client.get(asking(SERVICE, maxwidth=asked))).json()
    assert told["width"] == width
    assert f'width="{width}"' in told["html"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/et/services/tugiisik?kov=0663",
        f"{BASE}.evil.example/et/services/tugiisik?kov=0663",
        f"{BASE}@evil.example/et/services/tugiisik?kov=0663",
        "//uks.test/et/services/tugiisik?kov=0663",
        f"{BASE}/et/services/tugiisik",
        f"{BASE}/et/services/tugiisik?kov=SKA",
        f"{BASE}/et/services/olematu?kov=0663",
        f"{BASE}/et/kov/olematu",
        f"{BASE}/et/kov/sotsiaalkindlustusamet",
        f"{BASE}/et/inbox",
        f"{BASE}/et/services/../inbox?kov=0663",
        f'{BASE}/et/services/"><script>?kov=0663',
        f"{BASE}//[",
        f"{BASE}/et/services/tugiisik?kov=0663&x=" + "a" * 1000,
    ],
)
async def test_of_any_other_address_nothing_is_said(site: Site, url: str) -> None:
    answer = await site.client.get(asking(url))
    assert answer.status_code == 404
    assert "html" not in answer.json()


async def test_xml_is_not_given(site: Site) -> None:
    assert (await site.client.get(asking(SERVICE, format="xml"))).status_code == 501
