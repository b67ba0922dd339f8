"""Mandates over HTTP: given, asked for, taken, declined and ended, and what nobody can make of them."""

import pytest
from sqlalchemy import insert, select, update

from portal.access.rights import RightRow
from portal.audit import AuditRow
from portal.auth.representation.mandates import acts
from portal.auth.representation.mandates.checks import Checks
from portal.auth.representation.register import Capacity, Death
from portal.clock import FixedClock
from portal.db import new_id
from portal.demo.people import AINO, KARL, LEIDA, MARI_LIIS, PEETER, DemoPerson
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow, deliver_next
from tests.portal.auth.representation.rights_site import Browser, Site, id_in, words_of

pytestmark = pytest.mark.anyio
RESTRICTED = Capacity(alive=True, minor=False, restricted=True)


async def running(
    portal: Site, by: DemoPerson = AINO, to: DemoPerson = MARI_LIIS, **terms: str
) -> tuple[Browser, Browser, str]:
    """Let one give the other a mandate that is accepted; gives both browsers and the page of the mandate."""
    grantor, holder = await portal.sign_in(by), await portal.sign_in(to)
    page = f"/et/representation/{id_in(await grantor.give(to, **terms))}"
    assert (await holder.post(f"{page}/accept", notices="y")).status_code == 303
    return grantor, holder, page


async def reached(portal: Site, who: Browser, language: str = "et", **more: bool) -> None:
    """Confirm an address of somebody."""
    async with portal.db.write() as tx:
        await tx.execute(
            insert(ContactRow).values(
                person_id=who.actor.person.id, language=language, address=f"{new_id().hex}@post.example",
                confirmed_at=portal.clock.now(), mails=0, **more,
            )
        )  # fmt: skip


async def mails(portal: Site) -> list[tuple[str, str]]:
    """List the notices that wait: to whom and of what kind."""
    async with portal.db.read() as session:
        rows = await session.scalars(select(OutboxRow.payload).where(OutboxRow.topic == "notify.mail"))
        return [(payload["person"], payload["kind"]) for payload in rows]


async def test_a_mandate_is_given_taken_used_seen_and_ended(portal: Site) -> None:
    aino, mari, page = await running(portal)
    shown = words_of(await mari.get("/et/representation"))
    assert (
        "Aino Männik, 82 Ta on Teid volitanud Kõik sotsiaalabi asjad · volitus portaalis Uks · kuni 1.12.2026"
        in shown
    )
    assert "Mari-Liis Männik, 55" in words_of(await aino.get("/et/representation"))

    assert (await mari.act_for(AINO)).status_code == 303
    assert (await mari.get("/et/inbox")).json() == {"party": "Aino Männik", "right": "mandate"}
    assert (await mari.acts(str(aino.actor.person.id))).status_code == 303
    assert portal.matters.sent == [(MARI_LIIS.code, AINO.code, "tere")]
    assert "Hakkas Teie eest tegutsema Mari-Liis Männik · Volitatud esindaja" in words_of(
        await aino.get("/et/representation/acts")
    )

    assert (await aino.post(f"{page}/end")).headers["location"] == f"{page}?done=ended"
    refused = await mari.get("/et/inbox")
    assert refused.status_code == 403
    assert "Teie õigus selle inimese eest tegutseda on lõppenud" in words_of(refused)
    again = await mari.acts(str(aino.actor.person.id), "kirjutatud tekst")
    assert again.status_code == 403
    assert "Teie kirjutatu on alles" in words_of(again)
    assert len(portal.matters.sent) == 1
    assert "Enam ei saa tegutseda" in words_of(await mari.get("/et/representation"))


async def test_asking_works_the_other_way_round_and_the_asked_may_change_it(portal: Site) -> None:
    mari, aino = await portal.sign_in(MARI_LIIS), await portal.sign_in(AINO)
    page = f"/et/representation/{id_in(await mari.give(AINO, 'ask'))}"
    assert (await mari.post(f"{page}/accept")).status_code == 409
    assert (await mari.act_for(AINO)).status_code == 403
    asked = words_of(await aino.get(page))
    assert "Mari-Liis Männik, 55 soovib portaalis Uks Teie eest tegutseda" in asked
    granted = await aino.post(
        f"{page}/grant", extent="some", limits="service:kov_tugiisik", level="see", last_day="30.11.2026"
    )
    assert granted.status_code == 303, words_of(granted)

    [row] = await portal.rows()
    assert (row.state, sorted(row.scope), str(row.last_day)) == (
        "active",
        ["see", "service:kov_tugiisik"],
        "2026-11-30",
    )
    shown = words_of(await mari.get("/et/representation"))
    assert "Ainult: Tugiisik" in shown
    await mari.act_for(AINO)
    assert (await mari.acts(str(aino.actor.person.id))).status_code == 403
    assert portal.matters.sent == []


async def test_what_is_declined_or_taken_back_gives_no_right(portal: Site) -> None:
    aino, mari, peeter = [await portal.sign_in(who) for who in (AINO, MARI_LIIS, PEETER)]
    declined = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    taken_back = f"/et/representation/{id_in(await aino.give(PEETER))}"
    await mari.post(f"{declined}/decline")
    await aino.post(f"{taken_back}/end")
    assert (await peeter.post(f"{taken_back}/accept")).status_code == 409
    assert (await mari.post(f"{declined}/accept")).status_code == 409
    assert (await mari.act_for(AINO)).status_code == 403
    assert (await peeter.act_for(AINO)).status_code == 403


@pytest.mark.parametrize(
    ("by", "fields", "words"),
    [
        (AINO, {"code": AINO.code[2:]}, "See on Teie enda isikukood"),
        (AINO, {"code": KARL.code[2:]}, "ainult täisealised"),
        (KARL, {}, "ainult täisealised"),
        (AINO, {"code": "12345"}, "Kirjutage Eesti isikukood"),
        (AINO, {"code": "'; DROP TABLE kept_right; --"}, "Kirjutage Eesti isikukood"),
        (AINO, {"code": "١" * 11}, "Kirjutage Eesti isikukood"),
        (AINO, {"code": "10391131"}, "Kirjutage Eesti isikukood"),
        (AINO, {"name": " "}, "Kirjutage inimese nimi"),
        (AINO, {"last_day": "16.11.2026"}, "See päev on möödas"),
        (AINO, {"last_day": "18.11.2027"}, "kõige rohkem ühe aasta"),
        (AINO, {"last_day": "31.02.2027"}, "Kirjutage päev nii"),
        (AINO, {"last_day": "homme"}, "Kirjutage päev nii"),
        (AINO, {"level": "everything"}, "Valige, mida see inimene võib teha"),
        (AINO, {"extent": "some"}, "Valige vähemalt üks teenus või asi"),
        (AINO, {"extent": "some", "limits": "service:unknown"}, "Valige vähemalt üks teenus või asi"),
    ],
)  # fmt: skip
async def test_what_is_not_possible_is_said_and_what_was_typed_stays(
    portal: Site, by: DemoPerson, fields: dict[str, str], words: str
) -> None:
    someone = await portal.sign_in(by)
    answer = await someone.give(MARI_LIIS, **({"name": "Minu abiline"} | fields))
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert fields.get("name", "Minu abiline") in answer.text
    assert await portal.rows() == []


async def test_who_may_not_act_alone_gives_none_and_what_they_gave_before_ends(portal: Site) -> None:
    aino, mari, _page = await running(portal)
    await mari.act_for(AINO)
    portal.register.people[AINO.code] = RESTRICTED
    answer = await aino.give(PEETER)
    assert answer.status_code == 422
    assert "Rahvastikuregistri järgi ei saa Te volitust anda" in words_of(answer)
    assert (await mari.get("/et/inbox")).status_code == 403
    assert [row.state for row in await portal.rows()] == ["ended"]


async def test_an_offer_of_somebody_who_has_lost_capacity_since_cannot_be_taken(portal: Site) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in(MARI_LIIS)
    page = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    portal.register.people[AINO.code] = RESTRICTED
    answer = await mari.post(f"{page}/accept")
    assert answer.status_code == 409
    assert "ei saa volituse andja praegu volitust anda" in words_of(answer)
    assert (await mari.act_for(AINO)).status_code == 403


async def test_with_a_silent_register_a_mandate_waits_and_goes_on_by_itself(
    portal: Site, clock: FixedClock
) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in(MARI_LIIS)
    portal.register.silent = True
    page = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    assert "Rahvastikuregister ei vasta praegu. Volitus on kindlalt alles" in words_of(await aino.get(page))
    assert (await mari.get(page)).status_code == 404
    checks = {acts.CHECK: Checks(portal.db, clock, portal.register.capacity).handle}
    await deliver_next(portal.db, checks, clock)
    assert [row.state for row in await portal.rows()] == ["unchecked"]

    portal.register.silent = False
    clock.advance(minutes=10)
    await deliver_next(portal.db, checks, clock)
    assert [row.state for row in await portal.rows()] == ["offered"]
    portal.register.silent = True
    waits = await mari.post(f"{page}/accept")
    assert waits.status_code == 503
    assert "Pakkumine on alles" in words_of(waits)
    portal.register.silent = False
    assert (await mari.post(f"{page}/accept")).status_code == 303


async def test_a_request_agreed_to_while_the_register_is_silent_waits_too(
    portal: Site, clock: FixedClock
) -> None:
    mari, aino = await portal.sign_in(MARI_LIIS), await portal.sign_in(AINO)
    page = f"/et/representation/{id_in(await mari.give(AINO, 'ask'))}"
    portal.register.silent = True
    await aino.post(f"{page}/grant", extent="all", level="send", last_day="1.12.2026")
    assert (await mari.act_for(AINO)).status_code in (403, 503)
    portal.register.silent = False
    portal.register.people[AINO.code] = RESTRICTED
    await deliver_next(
        portal.db, {acts.CHECK: Checks(portal.db, clock, portal.register.capacity).handle}, clock
    )
    assert [(row.state, row.ended_by) for row in await portal.rows()] == [("declined", "register")]


async def test_nobody_grants_while_acting_for_another_and_no_mandate_is_handed_on(portal: Site) -> None:
    _aino, mari, _page = await running(portal)
    peeter = await portal.sign_in(PEETER)
    await mari.act_for(AINO)
    aino_id = str(_aino.actor.person.id)
    crafted = await mari.post(
        "/et/representation/give", party=aino_id, code=PEETER.code[2:], name="P", extent="all", level="send",
        last_day="1.12.2026",
    )  # fmt: skip
    assert crafted.status_code == 422
    assert "ainult enda nimel" in words_of(crafted)
    honest = await mari.give(PEETER)
    assert honest.status_code == 409
    assert "Teie kirjutatu on alles" in words_of(honest)
    await mari.client.post(
        "/auth/acting-for", data={"csrf_token": mari.csrf, "party": str(mari.actor.person.id)}
    )
    given = f"/et/representation/{id_in(await mari.give(PEETER))}"
    await peeter.post(f"{given}/accept")
    assert (await peeter.act_for(MARI_LIIS)).status_code == 303
    # Aino's mandate is Mari-Liis's own, and Aino's own to Peeter would be another.
    assert (await peeter.act_for(AINO)).status_code == 403


async def test_two_may_represent_each_other_and_each_only_in_the_others_matters(portal: Site) -> None:
    aino, mari, _page = await running(portal)
    back = f"/et/representation/{id_in(await mari.give(AINO))}"
    await aino.post(f"{back}/accept")
    await mari.act_for(AINO)
    assert (await mari.get("/et/inbox")).json()["party"] == "Aino Männik"
    await aino.act_for(MARI_LIIS)
    assert (await aino.get("/et/inbox")).json()["party"] == "Mari-Liis Männik"


async def test_sent_twice_is_one_and_a_second_to_the_same_person_is_refused(portal: Site) -> None:
    aino = await portal.sign_in(AINO)
    form = str(new_id())
    first, second = [await aino.give(MARI_LIIS, form_id=form) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    other = await aino.give(MARI_LIIS)
    assert other.status_code == 422
    assert "volitus juba olemas" in words_of(other)
    assert len(await portal.rows()) == 1


async def test_accepting_and_ending_twice_is_harmless(portal: Site) -> None:
    aino, mari, page = await running(portal)
    assert (await mari.post(f"{page}/accept")).status_code == 303
    for _ in range(2):
        assert (await aino.post(f"{page}/end")).status_code == 303
    assert (await mari.post(f"{page}/accept")).status_code == 409
    [row] = await portal.rows()
    assert (row.state, row.ended_by, row.notices) == ("ended", "grantor", False)


@pytest.mark.parametrize("act", ["", "/accept", "/grant", "/decline", "/end"])
async def test_anothers_mandate_does_not_exist(portal: Site, act: str) -> None:
    _aino, _mari, page = await running(portal)
    peeter = await portal.sign_in(PEETER)
    answer = await (peeter.post(f"{page}{act}") if act else peeter.get(page))
    assert answer.status_code == 404
    assert [row.state for row in await portal.rows()] == ["active"]


async def test_a_forged_form_id_of_anothers_mandate_makes_ones_own(portal: Site) -> None:
    _aino, _mari, page = await running(portal)
    peeter = await portal.sign_in(PEETER)
    made = id_in(await peeter.give(LEIDA, form_id=page.rsplit("/", 1)[1]))
    assert str(made) not in page
    assert len(await portal.rows()) == 2


async def test_a_typed_name_renames_nobody(portal: Site) -> None:
    mari = await portal.sign_in(MARI_LIIS)
    aino = await portal.sign_in(AINO)
    await aino.give(MARI_LIIS, name="<script>alert(1)</script> Paha Nimi")
    page = await aino.get("/et/representation")
    assert "<script>alert" not in page.text
    assert (await mari.get("/et/inbox")).json()["party"] == "Mari-Liis Männik"


async def test_a_mandate_ends_at_the_midnight_of_tallinn(portal: Site, clock: FixedClock) -> None:
    aino, mari, _page = await running(portal, last_day="17.11.2026")
    await reached(portal, aino)
    await mari.act_for(AINO)
    clock.advance(hours=9, minutes=59)
    assert (await mari.get("/et/inbox")).status_code == 200
    clock.advance(minutes=1)
    assert (await mari.get("/et/inbox")).status_code == 403
    assert (await mari.act_for(AINO)).status_code == 403
    assert "Volituse aeg sai läbi 17.11.2026" in words_of(await mari.get("/et/representation"))
    async with portal.db.write() as tx:
        assert await acts.expire(tx, clock.now()) == 1
    assert (str(aino.actor.person.id), "right-ended") in await mails(portal)
    assert (await aino.give(MARI_LIIS)).status_code == 303


async def test_death_ends_every_mandate_and_every_session_that_used_one(portal: Site) -> None:
    _aino, mari, _page = await running(portal)
    await running(portal, AINO, PEETER)
    await running(portal, LEIDA, AINO)
    await mari.act_for(AINO)
    await portal.endings.died(Death(AINO.code))
    assert (await mari.get("/et/inbox")).status_code == 403
    assert [(row.state, row.ended_by) for row in await portal.rows()] == [("ended", "death")] * 3
    assert (await mari.act_for(AINO)).status_code == 403
    await portal.endings.died(Death(AINO.code))


async def test_each_step_is_told_to_the_other_in_the_trail_and_by_mail(portal: Site) -> None:
    aino, mari = await portal.sign_in(AINO), await portal.sign_in(MARI_LIIS)
    await reached(portal, aino)
    await reached(portal, mari)
    page = f"/et/representation/{id_in(await aino.give(MARI_LIIS))}"
    await mari.post(f"{page}/accept")
    await mari.post(f"{page}/end")
    a, m = str(aino.actor.person.id), str(mari.actor.person.id)
    assert await mails(portal) == [(m, "right-given"), (a, "right-given"), (a, "right-ended")]
    async with portal.db.read() as session:
        acts_ = (await session.scalars(select(AuditRow.act).order_by(AuditRow.at, AuditRow.id))).all()
    assert [act for act in acts_ if act.startswith("mandate")] == [
        "mandate-given", "mandate-accepted", "mandate-ended",
    ]  # fmt: skip
    seen = words_of(await aino.get("/et/representation/acts"))
    assert "Lõpetas volituse Mari-Liis Männik" in seen
    assert "Võttis volituse vastu Mari-Liis Männik" in seen


async def test_many_offers_that_nobody_answers_are_stopped(portal: Site) -> None:
    peeter = await portal.sign_in(PEETER)
    id_in(await peeter.give(AINO))
    async with portal.db.write() as tx:
        [row] = (await tx.execute(select(RightRow))).all()
        for _ in range(19):
            await tx.execute(
                insert(RightRow),
                {**row._mapping, "id": new_id(), "pair": None, "grantor": PEETER.code, "holder": AINO.code},
            )
    assert "Vastust ootab juba 20" in words_of(await peeter.give(MARI_LIIS))


async def test_the_wish_to_be_told_of_acts_is_kept(portal: Site) -> None:
    aino = await portal.sign_in(AINO)
    assert "kinnitage lehel" in words_of(await aino.get("/et/representation/acts"))
    await reached(portal, aino)
    assert (await aino.post("/et/representation/acts", wanted="")).status_code == 303
    assert "Me ei saada Teile e-kirja" in words_of(await aino.get("/et/representation/acts"))
    await aino.post("/et/representation/acts", wanted="y")
    assert "saadame Teile e-kirja" in words_of(await aino.get("/et/representation/acts"))


@pytest.mark.parametrize(
    "path", ["", "/give", "/ask", "/acts", "/acts?before=nan", "/acts?before=1e400", "/acts?before=-9"]
)
async def test_reading_asks_the_database_three_times_at_most(portal: Site, path: str) -> None:
    _aino, mari, _page = await running(portal)
    answer = await mari.get(f"/et/representation{path}")
    assert answer.status_code == 200, words_of(answer)
    statements = [each for each in portal.statements if not each.startswith(("BEGIN", "PRAGMA"))]
    assert len(statements) <= 3, statements
    assert all(each.startswith("SELECT") for each in statements)


async def test_one_mandate_is_read_in_two(portal: Site) -> None:
    aino, _mari, page = await running(portal)
    await aino.get(page)
    assert "Volitus kehtib" in words_of(await aino.get(page))
    assert len([each for each in portal.statements if each.startswith("SELECT")]) <= 2


async def test_a_page_is_whole_in_three_languages(portal: Site) -> None:
    _aino, mari, page = await running(portal)
    await mari.act_for(AINO)
    for language in ("et", "en", "ru"):
        for path in (
            "/representation",
            "/representation/give",
            "/representation/ask",
            "/representation/acts",
            page[3:],
        ):
            answer = await mari.get(f"/{language}{path}")
            assert answer.status_code == 200
            assert answer.text.count("<h1") == 1


async def test_old_rows_with_time_over_do_not_stand_in_the_way(portal: Site, clock: FixedClock) -> None:
    aino, _mari, _page = await running(portal, last_day="17.11.2026")
    clock.advance(days=1)
    assert (await aino.give(MARI_LIIS)).status_code == 303
    assert sorted(row.state for row in await portal.rows()) == ["expired", "offered"]
    async with portal.db.write() as tx:
        await tx.execute(update(RightRow).values(notices=False))
