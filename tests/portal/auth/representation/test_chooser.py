"""For whom the person may act: the chooser, sources that are silent, officials' decisions, and wishes for notices."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from core_bridge.wire import PartyRef, RepresentationChanged, event
from inbox.receive import Intake
from portal import notify
from portal.access.rights import told_for
from portal.auth.representation import Representee
from portal.auth.representation.official import right_changed
from portal.clock import FixedClock
from portal.db import new_id
from portal.demo.people import AINO, KARL, MARI_LIIS, PEETER, DemoPerson
from portal.identity import ALL_ABILITIES, Actor, Party, Right, RightKind
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow
from tests.portal.auth.representation.rights_site import Site, id_in, words_of

pytestmark = pytest.mark.anyio
OF_AGE = datetime(2028, 5, 13, 21, tzinfo=UTC)


async def told(
    portal: Site, by: DemoPerson = MARI_LIIS, over: DemoPerson = AINO, core: str = "STAR", **more: Any
) -> None:
    """Let a core tell of an official's decision."""
    data = {
        "right_id": "r-1", "party": PartyRef(code=over.code, name=over.name),
        "representative": PartyRef(code=by.code, name=by.name), "kind": "adult_guardian", "source": "Otsus 12",
        "active": True,
    }  # fmt: skip
    async with portal.db.write() as tx:
        await right_changed(portal.clock)(tx, core, RepresentationChanged(**{**data, **more}))


async def contact(portal: Site, person_id: Any, language: str = "et", **more: Any) -> None:
    async with portal.db.write() as tx:
        await tx.execute(
            insert(ContactRow).values(
                person_id=person_id, language=language, address="a@post.example", confirmed_at=portal.clock.now(),
                mails=0, **more,
            )
        )  # fmt: skip


async def planned(portal: Site) -> list[tuple[str, str]]:
    async with portal.db.read() as session:
        rows = await session.scalars(select(OutboxRow.payload).where(OutboxRow.topic == "notify.mail"))
        return sorted((row["person"], row["kind"]) for row in rows)


async def test_who_acts_for_nobody_is_told_so(portal: Site) -> None:
    peeter = await portal.sign_in(PEETER)
    shown = words_of(await peeter.get("/et/representation"))
    assert "Praegu saate tegutseda ainult iseenda nimel" in shown
    assert "ei ole Te praegu kedagi volitanud" in shown


async def test_a_child_is_listed_with_age_scope_source_and_end(portal: Site) -> None:
    portal.register.custody(MARI_LIIS, KARL, OF_AGE)
    mari = await portal.sign_in()
    shown = words_of(await mari.get("/et/representation"))
    assert "Karl Männik, 16 Teie laps Kõik sotsiaalabi asjad · rahvastikuregister · kuni 13.05.2028" in shown
    await mari.act_for(KARL, "population-register")
    page = await mari.get("/et/representation")
    assert "Tegutsete teise inimese eest: Karl Männik" in page.text.replace("<strong>", "").replace(
        "</strong>", ""
    )
    assert page.text.count("Praegu valitud") == 1


async def test_a_silent_register_is_said_and_takes_nothing_else_away(portal: Site) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in(MARI_LIIS)
    page = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    await mari.post(f"{page}/accept")
    portal.register.silent = True
    shown = words_of(await mari.get("/et/representation"))
    assert "Rahvastikuregister ei vasta praegu" in shown
    assert "Aino Männik, 82 Ta on Teid volitanud" in shown
    assert (await mari.act_for(AINO)).status_code == 303


async def test_a_silent_source_before_a_binding_act_sends_nothing_and_keeps_the_text(portal: Site) -> None:
    portal.register.custody(MARI_LIIS, KARL, OF_AGE)
    mari, karl = await portal.sign_in(), await portal.sign_in(KARL)
    await mari.act_for(KARL, "population-register")
    portal.register.silent = True
    answer = await mari.acts(str(karl.actor.person.id), "pikk kiri")
    assert answer.status_code == 503
    assert "Teie kirjutatu on alles" in words_of(answer)
    assert portal.matters.sent == []
    portal.register.silent = False
    portal.register.rights.clear()
    gone = await mari.acts(str(karl.actor.person.id), "pikk kiri")
    assert gone.status_code == 403
    assert portal.matters.sent == []
    assert (await mari.get("/et/inbox")).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "mandate", "code": AINO.code},
        {"source": "population-register", "code": AINO.code},
        {"source": "official", "code": AINO.code},
        {"source": "self", "code": AINO.code},
        {"source": "'; --", "code": "EE'; DROP TABLE session; --"},
        {"party": "not-an-id"},
        {"party": str(new_id())},
        {},
    ],
)
async def test_a_crafted_choice_gives_nobody(portal: Site, fields: dict[str, str]) -> None:
    await portal.sign_in(AINO)
    mari = await portal.sign_in()
    answer = await mari.client.post("/auth/acting-for", data={"csrf_token": mari.csrf, **fields})
    assert answer.status_code == 403
    assert (await mari.get("/et/inbox")).json()["party"] == "Mari-Liis Männik"
    without_token = await mari.client.post("/auth/acting-for", data={**fields})
    assert without_token.status_code == 403


async def test_an_officials_decision_gives_a_right_that_its_end_takes_from_the_session(portal: Site) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in()
    await told(portal)
    assert "Olete tema eestkostja Kõik sotsiaalabi asjad · ametniku otsus · tähtajatu" in words_of(
        await mari.get("/et/representation")
    )
    await mari.act_for(AINO, "official")
    assert (await mari.get("/et/inbox")).json()["right"] == "adult_guardian"
    [row] = await portal.rows()
    page = f"/et/representation/{row.id}"
    assert "Selle õiguse andis asutus oma otsusega" in words_of(await aino.get(page))
    assert (await aino.post(f"{page}/end")).status_code == 409
    await told(portal, core="SKAIS", active=False)
    assert (await mari.get("/et/inbox")).status_code == 200
    await told(portal, active=False)
    assert (await mari.get("/et/inbox")).status_code == 403


async def test_a_changed_decision_reaches_the_session_at_once(portal: Site) -> None:
    await portal.sign_in(AINO)
    mari = await portal.sign_in()
    await told(portal)
    await mari.act_for(AINO, "official")
    await told(portal)
    assert (await mari.get("/et/inbox")).status_code == 200
    await told(portal, scope=("see",))
    assert (await mari.get("/et/inbox")).status_code == 403
    assert (await mari.act_for(AINO, "official")).status_code == 303


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "self"},
        {"kind": "king"},
        {"scope": ("see", "everything")},
        {"scope": ("matter:not-an-id",)},
        {"scope": ("service:",)},
        {"representative": PartyRef(code=AINO.code, name="Aino")},
        {"representative": PartyRef(code="EE10391131", name="Firma")},
        {"valid_until": datetime(2026, 11, 1, tzinfo=UTC)},
        {"kind": "parent"},
    ],
)
async def test_what_a_core_says_and_we_do_not_understand_gives_no_right(
    portal: Site, more: dict[str, Any]
) -> None:
    await portal.sign_in(AINO)
    mari = await portal.sign_in()
    await told(portal, **more)
    assert (await mari.act_for(AINO, "official")).status_code == 403


async def test_a_right_over_a_child_ends_when_it_comes_of_age_whatever_the_core_says(
    portal: Site, clock: FixedClock
) -> None:
    await portal.sign_in(KARL)
    mari = await portal.sign_in()
    await told(portal, over=KARL, kind="foster_parent", valid_until=datetime(2030, 1, 1, tzinfo=UTC))
    await mari.act_for(KARL, "official")
    clock.moment = OF_AGE
    assert (await mari.get("/et/inbox")).status_code == 403


async def test_coming_of_age_found_earlier_ends_the_rights_over_the_child(portal: Site) -> None:
    portal.register.custody(MARI_LIIS, KARL, OF_AGE)
    await portal.sign_in(KARL)
    mari = await portal.sign_in()
    await mari.act_for(KARL, "population-register")
    await portal.endings.came_of_age(KARL.code)
    assert (await mari.get("/et/inbox")).status_code == 403


async def test_notices_follow_the_choice_of_both_and_each_ones_language(
    portal: Site, clock: FixedClock
) -> None:
    aino, mari, peeter = [await portal.sign_in(who) for who in (AINO, MARI_LIIS, PEETER)]
    for someone, language in ((aino, "et"), (mari, "ru"), (peeter, "en")):
        await contact(portal, someone.actor.person.id, language)
    yes = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    no = f"/et/representation/{id_in(await aino.give(PEETER, notices=''))}"
    await mari.post(f"{yes}/accept", notices="y")
    await peeter.post(f"{no}/accept", notices="y")
    matter, owner = new_id(), aino.actor.person.id

    async def reached(**more: Any) -> set[Any]:
        async with portal.db.read() as session:
            return set(await told_for(session, owner, clock.now(), matter_id=matter, **more))

    assert await reached() == {mari.actor.person.id}
    assert await reached(only_for=owner) == set()
    assert await reached(only_for=mari.actor.person.id) == {mari.actor.person.id}
    refused = await peeter.post("/et/representation/notices", source="mandate", code=AINO.code, wanted="y")
    assert refused.status_code == 403
    await mari.post("/et/representation/notices", source="mandate", code=AINO.code, wanted="")
    assert await reached() == set()
    await mari.post("/et/representation/notices", source="mandate", code=AINO.code, wanted="y")
    async with portal.db.write() as tx:
        await notify.plan_notice(tx, party_id=owner, kind="decision", matter_id=matter, at=clock.now())
    assert {who for who, kind in await planned(portal) if kind == "decision"} == {
        str(owner),
        str(mari.actor.person.id),
    }
    await aino.post(f"{yes}/end")
    assert await reached() == set()


async def test_a_mandate_for_one_service_brings_notices_of_that_service_only(
    portal: Site, clock: FixedClock
) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in()
    page = (
        f"/et/representation/{id_in(await aino.give(MARI_LIIS, extent='some', limits='service:koduteenus'))}"
    )
    await mari.post(f"{page}/accept", notices="y")
    async with portal.db.read() as session:
        for journey, expected in (("koduteenus", 1), ("kov_tugiisik", 0), (None, 0)):
            found = await told_for(
                session, aino.actor.person.id, clock.now(), matter_id=new_id(), journey=journey
            )
            assert len(found) == expected


async def test_a_parent_chooses_notices_and_gets_none_when_custody_is_gone(
    portal: Site, clock: FixedClock
) -> None:
    portal.register.custody(MARI_LIIS, KARL, OF_AGE)
    mari, karl = await portal.sign_in(), await portal.sign_in(KARL)

    async def reached() -> int:
        async with portal.db.read() as session:
            return len(await told_for(session, karl.actor.person.id, clock.now(), matter_id=new_id()))

    assert await reached() == 0
    for _ in range(2):
        await mari.post(
            "/et/representation/notices", source="population-register", code=KARL.code, wanted="y"
        )
    assert await reached() == 1
    assert "Saadame Teile teateid" in words_of(await mari.get("/et/representation"))
    assert (await mari.act_for(AINO)).status_code == 403
    await mari.act_for(KARL, "population-register")
    portal.register.rights.clear()
    await mari.acts(str(karl.actor.person.id))
    assert await reached() == 0


async def test_somebody_for_whom_another_acts_is_told_once_unless_they_want_none(
    portal: Site, clock: FixedClock
) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in()
    person = mari.actor.person
    right = Right(RightKind.MANDATE, "mandate", frozenset({"see", "send"}))
    acts_for = Actor(person, Party(aino.actor.person.id, AINO.code, AINO.name), right, mari.actor.assurance)
    entity = Actor(person, Party(new_id(), "EE10391131", "Firma"), right, mari.actor.assurance)
    await contact(portal, aino.actor.person.id)

    async def act() -> None:
        async with portal.db.write() as tx:
            for each in (acts_for, mari.actor, entity):
                await notify.plan_acted(tx, each, about=new_id(), at=clock.now())

    await act()
    assert await planned(portal) == [(str(aino.actor.person.id), "acted")]
    await aino.post("/et/representation/acts", wanted="")
    await act()
    assert len(await planned(portal)) == 1


async def test_what_a_core_pushes_reaches_the_chooser(portal: Site, clock: FixedClock) -> None:
    mari = await portal.sign_in()
    told_now = RepresentationChanged(
        right_id="r-7", party=PartyRef(code=AINO.code, name=AINO.name),
        representative=PartyRef(code=MARI_LIIS.code, name=MARI_LIIS.name), kind="mandate", source="Otsus 7", active=True,
    )  # fmt: skip
    said = event(told_now, event_id="e-7", source="STAR", subject="rights/r-7", sequence=1, time=clock.now())
    intake = Intake(portal.db, clock, right_changed(clock))
    for _ in range(2):
        await intake.pushed("STAR", [said])
    assert len(await portal.rows()) == 1
    assert "Aino Männik, 82 Ta on Teid volitanud" in words_of(await mari.get("/et/representation"))


async def test_ending_and_using_a_right_at_once_leaves_no_session_with_it(portal: Site) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in()
    page = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    await asyncio.gather(*(mari.post(f"{page}/accept") for _ in range(3)), aino.post(f"{page}/end"))
    await asyncio.gather(
        *(mari.act_for(AINO) for _ in range(3)), aino.post(f"{page}/end"), mari.act_for(AINO)
    )
    [row] = await portal.rows()
    assert row.state == "ended"
    assert (await mari.acts(str(aino.actor.person.id))).status_code in (403, 409)
    assert portal.matters.sent == []


async def test_a_link_in_a_mail_leads_a_representative_there_by_one_click(portal: Site) -> None:
    aino, mari, peeter = [await portal.sign_in(who) for who in (AINO, MARI_LIIS, PEETER)]
    matter, other = new_id(), new_id()
    portal.matters.owners |= {matter: aino.actor.person.id, other: aino.actor.person.id}
    page = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    await mari.post(f"{page}/accept")
    offered = await mari.get(f"/et/inbox/{matter}")
    assert offered.status_code == 404
    assert "Ava: Aino Männik" in words_of(offered)
    opened = await mari.client.post(
        "/auth/acting-for",
        data={"csrf_token": mari.csrf, "party": str(aino.actor.person.id), "next": f"/et/inbox/{matter}"},
    )
    assert (await mari.get(opened.headers["location"])).json() == {"matter": str(matter)}
    assert "Ava:" not in words_of(await peeter.get(f"/et/inbox/{matter}"))


async def test_a_right_for_one_matter_tells_nothing_of_another(portal: Site) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in()
    mine, other = new_id(), new_id()
    portal.matters.owners |= {mine: aino.actor.person.id, other: aino.actor.person.id}
    await told(portal, scope=("see", "send", f"matter:{mine}"))
    assert "Ava: Aino Männik" in words_of(await mari.get(f"/et/inbox/{mine}"))
    assert "Ava:" not in words_of(await mari.get(f"/et/inbox/{other}"))


async def test_who_represents_a_legal_entity_may_choose_to_be_told(portal: Site, clock: FixedClock) -> None:
    home = "EE10391131"
    right = Right(RightKind.MANDATE, portal.register.name, ALL_ABILITIES)
    portal.register.lists_no_rights = True
    portal.register.rights[PEETER.code, home] = Representee(
        portal.register.name, home, "Näidise Hooldekodu SA", right
    )
    peeter = await portal.sign_in(PEETER)
    assert "Saate tegutseda selle asutuse või ettevõtte nimel" in words_of(
        await peeter.get("/et/representation")
    )
    await peeter.post("/et/representation/notices", source=portal.register.name, code=home, wanted="y")
    [row] = await portal.rows()
    async with portal.db.read() as session:
        assert await told_for(session, row.party_id, clock.now(), matter_id=new_id()) == [
            peeter.actor.person.id
        ]
    await peeter.client.post(
        "/auth/acting-for", data={"csrf_token": peeter.csrf, "source": portal.register.name, "code": home}
    )
    page = await peeter.get("/et/representation")
    assert "Tegutsete asutuse või ettevõtte eest" in page.text
    assert "Esindajana" in page.text
