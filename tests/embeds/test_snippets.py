"""The page that gives entries out: what it makes of the choices."""

import base64
import hashlib
import re
from html import unescape

import pytest

from embeds.files import ASSETS, ELEMENT, integrity
from tests.embeds.site import Site

pytestmark = pytest.mark.anyio

PAGE = "/et/embed?kov=0663&lang=et"


def code_of(page: str) -> str:
    found = re.search(r'<textarea[^>]* id="code"[^>]*>(.*?)</textarea>', page, re.S)
    assert found
    return unescape(found[1])


async def test_before_a_municipality_is_chosen_there_is_only_the_form(site: Site) -> None:
    page = (await site.client.get("/et/embed")).text
    assert 'name="kov"' in page
    assert 'id="code"' not in page
    assert "uks-snippets" not in page


async def test_a_link_is_plain_and_may_be_a_button_of_the_sites_own(site: Site) -> None:
    code = code_of((await site.client.get(f"{PAGE}&grade=link&services=tugiisik")).text)
    assert code == (
        '<a href="http://uks.test/embed/v1/go/rakvere-linn/tugiisik?lang=et&amp;via=link" '
        'referrerpolicy="no-referrer-when-downgrade">Taotle: Tugiisikuteenus</a>'
    )
    button = code_of((await site.client.get(f"{PAGE}&grade=link&services=tugiisik&look=button")).text)
    assert ' class="btn ' in button
    assert "style=" not in button


async def test_several_services_are_a_list_of_links(site: Site) -> None:
    code = code_of((await site.client.get(f"{PAGE}&services=tugiisik&services=abi-ohus")).text)
    assert code.count("<li>") == 2
    assert "Abi &lt;ohus&gt;" in code


async def test_the_element_comes_with_its_script_its_hash_and_the_link_inside(site: Site) -> None:
    page = (await site.client.get(f"{PAGE}&grade=element&services=tugiisik&services=toimetulekutoetus")).text
    code = code_of(page)
    digest = base64.b64encode(hashlib.sha384((ASSETS / ELEMENT).read_bytes()).digest()).decode()
    assert f'src="http://uks.test/embed/v1/{ELEMENT}" integrity="sha384-{digest}"' in code
    assert '<uks-entry municipality="rakvere-linn" services="tugiisik toimetulekutoetus" lang="et">' in code
    assert code.count("<a href=") == 2
    assert f'<script defer src="/embed/v1/{ELEMENT}">' in page, "it is shown live"
    assert "uks-entry { display: block; min-height: " in page


async def test_the_frame_names_itself_and_says_where_it_stands(site: Site) -> None:
    answer = await site.client.get(f"{PAGE}&grade=frame&kind=matter")
    code = code_of(answer.text)
    assert 'src="http://uks.test/embed/v1/frame/rakvere-linn?kind=matter&amp;lang=et"' in code
    assert 'title="Kus on minu asi?"' in code
    assert 'referrerpolicy="no-referrer-when-downgrade"' in code
    assert "frame-src 'self'" in answer.headers["content-security-policy"]


async def test_for_oembed_the_address_is_all(site: Site) -> None:
    code = code_of((await site.client.get(f"{PAGE}&grade=oembed&services=tugiisik&lang=et")).text)
    assert code == "http://uks.test/et/services/tugiisik?kov=0663"


async def test_the_entry_may_speak_another_language_than_the_page(site: Site) -> None:
    page = (await site.client.get("/et/embed?kov=0663&grade=link&services=tugiisik&lang=ru")).text
    assert "Подать заявление: Tugiisikuteenus по-русски" in code_of(page)


async def test_whose_site_is_not_registered_is_told_so(site: Site) -> None:
    assert "veebileht ei ole veel kirjas" in (await site.client.get("/et/embed?kov=0511")).text
    assert "veebileht ei ole veel kirjas" not in (await site.client.get(PAGE)).text


@pytest.mark.parametrize("language", ["et", "en", "ru"])
async def test_what_is_forged_counts_as_not_chosen_and_is_escaped(site: Site, language: str) -> None:
    forged = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    page = await site.client.get(
        f"/{language}/embed?kov={forged}&services={forged}&kind={forged}&look={forged}&grade={forged}&lang={forged}"
    )
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_released_script_never_changes() -> None:
    # Sites name it with its hash, and browsers refuse any other: what must change becomes a new version beside it.
    assert ELEMENT == "uks-entry.1.js"
    assert integrity() == "sha384-Fjg8h+E4Sknv7Znkb00o0Ze+mwG/ocmOZiixslPgOD2tdcR5yjJRLh2SlUWabaTt"
