"""Acting for another, tried as new users would: a father for his child, a niece for her aunt, a board member for a home."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.demo import Demo, running_demo
from tests.e2e.looking import Look

pytestmark = pytest.mark.anyio

MARI_LIIS, AINO, PEETER = "EE47101010033", "EE44405089938", "EE35803039942"
JAAK_KRISTJAN = "EE38001085718"
MATTER = re.compile(r"/et/inbox/[0-9a-f-]{36}$")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of this file's own: what is spent here (Aino's task) others need."""
    with running_demo(tmp_path_factory.mktemp("for-another")) as running:
        yield running


@asynccontextmanager
async def person(browser: Browser, demo: Demo, *, scripts: bool = True) -> AsyncIterator[Look]:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce", java_script_enabled=scripts
    )
    context.set_default_timeout(40_000)
    look = Look(await context.new_page(), demo)
    yield look
    await context.close()
    look.all_is_well()


async def choose(look: Look, name: str) -> None:
    await look.at("/et/representation")
    await look.page.get_by_role("button", name=f"Vali: {name}").click()
    await look.page.get_by_label("Kelle eest tegutsete").get_by_text(name).wait_for()


async def answer(page: Page, question: str, chosen: str) -> None:
    group = page.get_by_role("group", name=re.compile(re.escape(question)))
    await group.get_by_role("radio", name=chosen, exact=True).check()


async def test_a_father_applies_for_his_childs_support_person(browser: Browser, lived_in: Demo) -> None:
    async with person(browser, lived_in) as father:
        page = father.page
        await father.sign_in(JAAK_KRISTJAN, "/et/services/tugiisik")
        await father.here()
        await choose(father, "Saara Jõeorg")
        await father.here()
        await father.at("/et/apply/tugiisik")
        await page.get_by_role("main").locator("select").select_option("0784")
        await father.press("Alusta taotlust")
        await father.here()
        await father.press("Salvesta ja jätka")
        await father.here()
        await answer(page, "elab praegu sellel aadressil?", "Jah")
        await page.get_by_label(re.compile("^Taotleja elukoha aadress")).fill("Näidise tn 3–12, Tallinn")
        await page.get_by_label(re.compile("^Teie telefon")).fill("5550 2020")
        await answer(page, "Mis keeles", "eesti keeles")
        await father.here()
        await father.press("Salvesta ja jätka")
        await page.get_by_label(re.compile("^Mis on taotlejale raske")).fill(
            "Ta vajab koolis kõrvale täiskasvanut."
        )
        await answer(page, "Kas teate inimest", "Ei")
        await father.press("Salvesta ja jätka")
        await father.here()
        await father.press("Salvesta ja jätka")
        await answer(page, "Otsuse saan", "siin portaalis")
        await father.press("Salvesta ja jätka")
        await father.here()  # the review
        assert await page.get_by_role("main").get_by_text("Saara Jõeorg").count()
        await page.get_by_label(re.compile("^Kinnitan, et andmed on õiged")).check()
        await page.get_by_role("main").get_by_role("button", name=re.compile("^Saada")).last.click()
        await page.wait_for_url("**/et/receipts/**")
        await father.here()
        assert await page.get_by_role("main").get_by_text("Saara Jõeorg").count()

        await page.goto(lived_in.star + "/login")
        await page.get_by_role("button").first.click()
        application = page.get_by_role("row").filter(has_text="Saara Jõeorg")
        for _ in range(120):
            await page.goto(lived_in.star)
            if await application.count():
                break
            await page.wait_for_timeout(500)
        await application.first.get_by_role("link").first.click()
        assert await page.get_by_text("Jaak-Kristjan Jõeorg").count(), "the core learns who acted"


async def test_a_niece_answers_for_her_aunt_until_the_aunt_ends_it(browser: Browser, lived_in: Demo) -> None:
    async with (
        person(browser, lived_in) as niece,
        person(browser, lived_in, scripts=False) as aunt,
    ):
        await aunt.sign_in(AINO, "/et/representation")
        await aunt.page.get_by_role("link", name="Anna volitus").click()
        form = aunt.page.get_by_role("main")
        await form.get_by_label(re.compile("^Kellele annate volituse")).fill(MARI_LIIS[2:])
        await form.get_by_label(re.compile("^Tema nimi")).fill("Mari-Liis Männik")
        await form.get_by_role("button", name="Anna volitus").click()
        await aunt.page.get_by_role("heading", name="Volitus ootab vastust").wait_for()

        await niece.sign_in(MARI_LIIS, "/et/representation")
        await niece.here()
        await niece.page.get_by_role("link", name="Vaata ja vasta").click()
        await niece.here()
        await niece.press("Võtan volituse vastu")
        await niece.page.get_by_role("heading", name="Volitus kehtib").wait_for()
        await niece.here()
        await choose(niece, "Aino Männik")
        await niece.here()
        await niece.page.get_by_role("link", name="Vasta").first.click()
        await niece.page.get_by_label(re.compile("^Teie vastus")).fill(
            "Tädi pangakonto väljavõte tuleb homme."
        )
        await niece.here()
        await niece.press("Saada vastus")
        await niece.page.wait_for_url(MATTER)
        await niece.here()
        await niece.page.get_by_role("link", name="Kirjuta ametnikule").first.click()
        await niece.page.locator("textarea").fill("Kas see sobib?")

        await aunt.page.goto(lived_in.portal + "/et/representation/acts")
        assert await aunt.page.get_by_text("Mari-Liis Männik").count()
        await aunt.page.goto(lived_in.portal + "/et/representation")
        await aunt.page.get_by_role("button", name=re.compile("^Lõpeta volitus: Mari-Liis")).click()
        await aunt.page.get_by_role("heading", name="Volitus on lõppenud").wait_for()

        await niece.press("Saada kiri")
        await niece.page.get_by_role("heading", name=re.compile("õigus .* on lõppenud")).wait_for()
        assert await niece.page.get_by_text("Teie kirjutatu on alles").is_visible()
        await niece.here()
        await niece.press("Tagasi enda nimele")
        await niece.at("/et/representation")
        assert await niece.page.get_by_text("Enam ei saa tegutseda").is_visible()


async def test_a_board_member_writes_for_the_care_home(browser: Browser, lived_in: Demo) -> None:
    async with person(browser, lived_in) as member:
        page = member.page
        await member.sign_in(PEETER, "/et/inbox")
        await choose(member, "Näidise Hooldekodu SA")
        await member.here()
        await member.at("/et/messages/new")
        await page.get_by_role("main").locator("select").select_option("0663")
        await page.get_by_label(re.compile("^Mille kohta kiri on")).fill("Uue elaniku hoolduskulud")
        await page.locator("textarea").fill("Tere! Palume teada anda, kes tasub hoolduskulud.")
        await member.here()
        await page.get_by_role("main").get_by_role("button", name=re.compile("^Saada")).click()
        await page.get_by_text("Palume teada anda, kes tasub hoolduskulud.").first.wait_for()
        await member.here()
        assert await page.get_by_text("Peeter Saar").count()
