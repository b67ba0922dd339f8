"""Acting by a right that Pääsuke tells of through GovSSO, over real HTTP."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import anyio
import httpx2
import pytest
from sqlalchemy import select
from stdnum.ee import registrikood

from portal.access.parties import party_of
from portal.audit import AuditRow
from portal.auth.actors import actor_of
from portal.auth.representation import Asking, Representee, Silent
from portal.auth.representation.paasuke import PaasukeSource
from portal.auth.representation.roles import Allowed
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from portal.demo.govsso import Mandate
from portal.demo.people import AINO, IGOR, MARI_LIIS, PEETER, VALENTINA
from portal.identity import ALL_ABILITIES, Ability, Actor, RightKind
from tests.portal.auth.site import Browser, Site, on_one_store, open_site
from tests.portal.auth.test_renewing import renew, row

pytestmark = pytest.mark.anyio

HOME = "EE99999994"
BOARD, HELPER, READER, UNKNOWN = "BR_REPRIGHT:JUHL_SOLEREP", "UKS:ESINDAJA", "UKS:LUGEJA", "MUU:ROLL"
ROLES = {
    BOARD: Allowed(ALL_ABILITIES),
    HELPER: Allowed(ALL_ABILITIES, frozenset({"tugiisik"})),
    READER: Allowed(frozenset({Ability.SEE})),
}
MANDATES = [
    Mandate(MARI_LIIS.code, HOME, (BOARD,), name="Näidise Hooldekodu SA"),
    Mandate(
        MARI_LIIS.code, VALENTINA.code, (HELPER, UNKNOWN), given_name="VALENTINA", family_name="ŽAIKOVSKAJA"
    ),
    Mandate(MARI_LIIS.code, IGOR.code, (UNKNOWN,), given_name="IGOR", family_name="ŽAIKOVSKI"),
]


@pytest.fixture
async def site(database: Database, keys: KeyRing, clock: FixedClock) -> AsyncIterator[Site]:
    async with open_site(database, keys, clock, roles=ROLES, mandates=MANDATES) as opened:
        yield opened


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.browser()


def source(site: Site) -> PaasukeSource:
    (only,) = site.auth.sources
    assert isinstance(only, PaasukeSource)
    return only


async def asking(site: Site) -> Asking:
    found = await row(site)
    return Asking(actor_of(found).person, found.id)


async def offered(site: Site) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in await source(site).representees(await asking(site))]


async def ask(site: Site, code: str) -> Representee | None:
    return await source(site).ask(await asking(site), code)


async def choose(browser: Browser, code: str) -> httpx2.Response:
    return await browser.post("/auth/acting-for", chosen(await browser.csrf(), code), follow=False)


def chosen(token: dict[str, str], code: str) -> dict[str, str]:
    return {"csrf_token": token["csrf_token"], "source": "paasuke", "code": code}


async def acting(site: Site) -> Actor:
    return actor_of(await row(site))


# --- the list of the sign-in


async def test_the_list_comes_with_the_sign_in_without_the_person_themselves(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    assert await offered(site) == [
        (HOME, "Näidise Hooldekodu SA"),
        (VALENTINA.code, "VALENTINA ŽAIKOVSKAJA"),
        (IGOR.code, "IGOR ŽAIKOVSKI"),
    ]


async def test_who_may_act_for_nobody_is_offered_nobody(site: Site, browser: Browser) -> None:
    await browser.sign_in(AINO)
    assert await offered(site) == []


async def test_a_plain_renewal_leaves_the_list_as_it_was(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=14)
    assert (await renew(browser, token)).status_code == 200
    assert len(await offered(site)) == 3


async def test_a_silent_paasuke_lets_the_person_in_and_is_asked_again_when_wanted(
    site: Site, browser: Browser
) -> None:
    site.govsso.paasuke.down = True
    assert (await browser.sign_in()).json()["name"] == "Mari-Liis Männik"
    with pytest.raises(Silent):
        await offered(site)
    site.govsso.paasuke.down = False
    with pytest.raises(Silent):
        await offered(site)
    site.clock.advance(minutes=1)
    assert len(await offered(site)) == 3


async def test_an_old_list_is_asked_for_again(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.govsso.paasuke.switch(0)
    assert len(await offered(site)) == 3
    site.clock.advance(minutes=14)
    await renew(browser, token)
    site.clock.advance(minutes=1)
    assert len(await offered(site)) == 2


@on_one_store
@pytest.mark.parametrize(
    "claim",
    [
        None,
        "x",
        [],
        {},
        {"status": "REPRESENTEE_LIST_CURRENT"},
        {"status": "REPRESENTEE_LIST_CURRENT", "list": {"sub": HOME}},
        {"status": "SOMETHING_ELSE", "list": []},
    ],
)
async def test_a_list_of_a_wrong_shape_is_no_answer_and_no_hindrance(
    site: Site, browser: Browser, claim: Any
) -> None:
    site.govsso.faults.tamper = {"representee_list": claim}
    assert (await browser.sign_in()).json()["name"]
    with pytest.raises(Silent):
        await offered(site)


ODD_ENTRIES: list[Any] = [
    None,
    HOME,
    {"sub": HOME},
    {"sub": 99999994, "type": "LEGAL_PERSON", "name": "X"},
    {"sub": HOME, "type": "LEGAL_PERSON"},
    {"sub": HOME, "type": "LEGAL_PERSON", "name": ["X"]},
    {"sub": HOME, "type": "LEGAL_PERSON", "name": "x" * 300},
    {"sub": HOME, "type": "NATURAL_PERSON", "given_name": "X", "family_name": "Y"},
    {"sub": AINO.code, "type": "LEGAL_PERSON", "name": "X"},
    {"sub": AINO.code, "type": "UNKNOWN", "given_name": "X", "family_name": "Y"},
    {"sub": "EE44405089939", "type": "NATURAL_PERSON", "given_name": "X", "family_name": "Y"},
    {"sub": f"{AINO.code} representee_list", "type": "NATURAL_PERSON", "given_name": "X", "family_name": "Y"},
    {"sub": MARI_LIIS.code, "type": "NATURAL_PERSON", "given_name": "X", "family_name": "Y"},
]


@on_one_store
async def test_foreign_entries_of_the_list_are_left_out_and_the_good_ones_stay(
    site: Site, browser: Browser
) -> None:
    good = {"sub": PEETER.code, "type": "NATURAL_PERSON", "given_name": "PEETER", "family_name": "SAAR"}
    site.govsso.faults.tamper = {
        "representee_list": {"status": "REPRESENTEE_LIST_CURRENT", "list": [*ODD_ENTRIES, good, good]}
    }
    await browser.sign_in()
    assert await offered(site) == [(PEETER.code, "PEETER SAAR")]


# --- choosing


async def test_a_legal_entity_is_chosen_by_a_renewal_that_asks_about_it(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    before = await row(site)
    assert (await choose(browser, HOME)).status_code == 303
    now = await acting(site)
    assert (now.party.code, now.party.name) == (HOME, "Näidise Hooldekodu SA")
    assert now.party.is_legal_entity
    assert (now.right.kind, now.right.source, now.right.scope) == (
        RightKind.MANDATE,
        "paasuke",
        ALL_ABILITIES,
    )
    assert now.right.valid_until == site.clock.now() + timedelta(hours=1)
    assert now.right.named_end is None, "Pääsuke names no end, so nobody is told of one"
    after = await row(site)
    assert after.refresh_token != before.refresh_token, "the new tokens are kept"
    assert len(await offered(site)) == 3, "the list is kept"
    assert (await browser.get("/et/inbox")).json()["for"] == "Näidise Hooldekodu SA"


async def test_a_natural_person_is_represented_within_the_services_of_the_role(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    await choose(browser, VALENTINA.code)
    right = (await acting(site)).right
    assert right.scope == ALL_ABILITIES | {"service:tugiisik"}
    assert right.is_limited


async def test_a_role_that_is_not_in_the_table_gives_nothing(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    assert (await choose(browser, IGOR.code)).status_code == 403
    assert (await acting(site)).for_self


@pytest.mark.parametrize(
    "code",
    [
        AINO.code,
        MARI_LIIS.code,
        "EE44405089939",
        "",
        "*",
        f"{HOME} representee.{AINO.code}",
        f"{HOME}\n",
        "x" * 5000,
    ],
)
@on_one_store
async def test_a_crafted_choice_of_somebody_who_was_not_named_is_refused_without_a_question(
    site: Site, browser: Browser, code: str
) -> None:
    await browser.sign_in()
    before = await row(site)
    assert (await choose(browser, code)).status_code == 403
    assert (await acting(site)).for_self
    assert (await row(site)).refresh_token == before.refresh_token


async def test_who_was_named_in_anothers_session_is_not_to_be_had_in_mine(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    other = site.browser()
    await other.sign_in(AINO)
    assert (await choose(other, HOME)).status_code == 403
    async with site.db.write() as tx:
        home_id = await party_of(tx, HOME, "Näidise Hooldekodu SA")
    token = await other.csrf() | {"party": str(home_id)}
    assert (await other.post("/auth/acting-for", token, follow=False)).status_code == 403


async def test_a_right_withdrawn_since_the_sign_in_is_not_held_and_no_longer_offered(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    site.govsso.paasuke.switch(0)
    assert (await choose(browser, HOME)).status_code == 403
    assert HOME not in dict(await offered(site))
    assert (await browser.get("/et/inbox")).status_code == 200


async def test_a_silent_paasuke_is_said_and_one_may_go_on_for_oneself(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.govsso.paasuke.down = True
    page = await choose(browser, HOME)
    assert page.status_code == 503
    assert "Register ei vasta" in page.text
    assert (await acting(site)).for_self
    assert (await browser.get("/et/inbox")).status_code == 200


async def test_a_representee_may_be_asked_about_though_the_list_never_came(
    site: Site, browser: Browser
) -> None:
    site.govsso.paasuke.down = True
    await browser.sign_in()
    site.govsso.paasuke.down = False
    assert (await ask(site, HOME)) is not None
    assert (await ask(site, AINO.code)) is None


ODD_ANSWERS: dict[str, Any] = {
    "nothing": None,
    "a text": "REQUESTED_REPRESENTEE_CURRENT",
    "no status": {"sub": HOME, "type": "LEGAL_PERSON", "name": "X", "mandates": [{"role": BOARD}]},
    "another status": {"status": "CURRENT", "sub": HOME, "type": "LEGAL_PERSON", "name": "X"},
    "the status of a list": {"status": "REPRESENTEE_LIST_CURRENT"},
    "somebody else": {
        "status": "REQUESTED_REPRESENTEE_CURRENT",
        "sub": "EE90999993",
        "type": "LEGAL_PERSON",
        "name": "Teine SA",
        "mandates": [{"role": BOARD}],
    },
    "a person instead of an entity": {
        "status": "REQUESTED_REPRESENTEE_CURRENT",
        "sub": HOME,
        "type": "NATURAL_PERSON",
        "given_name": "X",
        "family_name": "Y",
        "mandates": [{"role": BOARD}],
    },
}


@on_one_store
@pytest.mark.parametrize("claim", ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
async def test_an_answer_of_a_wrong_shape_or_about_another_is_no_answer(
    site: Site, browser: Browser, claim: Any
) -> None:
    await browser.sign_in()
    site.govsso.faults.tamper = {"representee": claim}
    assert (await choose(browser, HOME)).status_code == 503
    assert (await acting(site)).for_self


@on_one_store
@pytest.mark.parametrize(
    "mandates", [None, [], {}, "x", [{}], [None], [{"role": None}], [{"role": [BOARD]}], [{"Role": BOARD}]]
)
async def test_mandates_without_a_known_role_give_nothing(
    site: Site, browser: Browser, mandates: Any
) -> None:
    await browser.sign_in()
    said = {"status": "REQUESTED_REPRESENTEE_CURRENT", "sub": HOME, "type": "LEGAL_PERSON", "name": "X"}
    site.govsso.faults.tamper = {"representee": said | {"mandates": mandates}}
    assert (await choose(browser, HOME)).status_code == 403
    assert (await acting(site)).for_self


@on_one_store
async def test_a_token_without_the_claim_is_no_answer(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.govsso.faults.remove = ["representee"]
    assert (await choose(browser, HOME)).status_code == 503


# --- what was not granted at the sign-in


async def test_a_500_after_a_representee_scope_does_not_cost_the_session(
    site: Site, browser: Browser
) -> None:
    site.auth.govsso.registration = replace(site.auth.govsso.registration, represents=False)
    site.govsso.faults.tamper = {
        "representee_list": {"status": "REPRESENTEE_LIST_CURRENT", "list": [MANDATES[0].person]}
    }
    await browser.sign_in()
    site.govsso.faults.clear()
    before = await row(site)
    assert (await choose(browser, HOME)).status_code == 503
    after = await row(site)
    assert after.ended_at is None
    assert after.refresh_token != before.refresh_token, "a plain renewal took its place"
    assert (await browser.get("/et/inbox")).status_code == 200


async def test_without_paasuke_nothing_is_asked_for(
    database: Database, keys: KeyRing, clock: FixedClock
) -> None:
    async with open_site(database, keys, clock) as plain:
        await plain.browser().sign_in()
        assert {grant.asked.scope for grant in plain.govsso.state.refresh_tokens.values()} == {("openid",)}
        assert (await row(plain)).representees is None


# --- before what binds, and at every renewal


async def send(browser: Browser) -> httpx2.Response:
    return await browser.post("/et/drafts/1/send", await browser.csrf() | {"a": "1"}, follow=False)


async def test_the_right_is_asked_for_again_before_what_binds(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await choose(browser, HOME)
    site.clock.advance(minutes=5)
    assert (await send(browser)).status_code == 303
    assert (await acting(site)).right.valid_until == site.clock.now() + timedelta(hours=1)
    site.govsso.paasuke.switch(0)
    assert (await send(browser)).status_code == 403
    assert len(site.pages.sent) == 1
    assert (await browser.get("/et/inbox")).status_code == 403, "reading is over too"


async def test_what_binds_waits_while_paasuke_is_silent(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await choose(browser, HOME)
    site.govsso.paasuke.down = True
    page = await send(browser)
    assert page.status_code == 503
    assert "Teie kirjutatu on alles" in page.text
    assert not site.pages.sent
    assert (await browser.get("/et/inbox")).status_code == 200
    site.govsso.paasuke.down = False
    assert (await send(browser)).status_code == 303


async def test_a_renewal_asks_about_the_one_acted_for_and_keeps_the_right_alive(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    await choose(browser, HOME)
    token = await browser.csrf()
    for _ in range(5):
        site.clock.advance(minutes=14)
        assert (await renew(browser, token, active="1")).status_code == 200
    assert (await acting(site)).right.valid_until == site.clock.now() + timedelta(hours=1)
    assert (await browser.get("/et/inbox")).status_code == 200


async def test_a_renewal_learns_that_a_right_was_withdrawn(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await choose(browser, HOME)
    token = await browser.csrf()
    site.govsso.paasuke.switch(0)
    site.clock.advance(minutes=14)
    assert (await renew(browser, token)).status_code == 200
    assert (await browser.get("/et/inbox")).status_code == 403
    async with site.db.read() as session:
        acts = (await session.execute(select(AuditRow.act))).scalars().all()
    assert "right-gone" in acts


async def test_reading_goes_on_for_an_hour_of_silence_and_no_longer(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await choose(browser, HOME)
    token = await browser.csrf()
    site.govsso.paasuke.down = True
    for _ in range(4):
        site.clock.advance(minutes=14)
        await renew(browser, token, active="1")
    assert (await browser.get("/et/inbox")).status_code == 200
    site.clock.advance(minutes=4)
    assert (await browser.get("/et/inbox")).status_code == 403


async def test_two_questions_and_a_renewal_at_once_take_their_turns(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    site.govsso.faults.slow_seconds = 0.1
    statuses: list[int] = []

    async def note(call: Callable[[], Any]) -> None:
        statuses.append((await call()).status_code)

    home = chosen(token, HOME)
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(note, lambda: browser.post("/auth/acting-for", home, follow=False))
        group.start_soon(note, lambda: renew(browser, token))
    assert sorted(statuses) == [200, 303, 303]
    assert (await row(site)).ended_at is None


# --- leaving


@pytest.mark.acceptance("logout-post")
async def test_a_token_with_a_list_leaves_by_post_and_the_service_takes_no_get(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    hint = (await row(site)).id_token
    refused = await browser.get(
        f"{site.govsso.settings.issuer}oauth2/sessions/logout?id_token_hint={hint}"
        f"&post_logout_redirect_uri={site.url}/auth/logged-out"
    )
    assert refused.status_code == 400
    back = await browser.press(await browser.post("/auth/logout", await browser.csrf()))
    assert back.url.path == "/auth/logged-out"
    assert not [one for one in site.govsso.state.sessions.values() if one.alive(site.clock.now())]


@pytest.mark.acceptance("logout-post")
async def test_five_hundred_names_are_no_trouble(
    database: Database, keys: KeyRing, clock: FixedClock
) -> None:
    codes = [code for n in range(90_000_000, 90_006_000) if registrikood.is_valid(code := str(n))][:500]
    many = [Mandate(MARI_LIIS.code, f"EE{code}", (BOARD,), name=f"Näidis {code} OÜ") for code in codes]
    async with open_site(database, keys, clock, roles=ROLES, mandates=many) as site:
        browser = site.browser()
        await browser.sign_in()
        assert len(await offered(site)) == 500
        assert (await choose(browser, f"EE{codes[-1]}")).status_code == 303
        back = await browser.press(await browser.post("/auth/logout", await browser.csrf()))
        assert back.url.path == "/auth/logged-out"
