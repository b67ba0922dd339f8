"""Adding a passkey and signing in by one, with a software authenticator over real HTTP."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from portal.auth.passkeys.tables import PasskeyHolderRow
from portal.auth.tables import SessionRow
from portal.demo.people import AINO, MARI_LIIS, DemoPerson
from portal.notify.tables import ContactRow
from portal.notify.warnings import WARNING
from portal.outbox import OutboxRow
from tests.portal.auth.authenticator import coded, decoded
from tests.portal.auth.passkeys import JSON, Holder, acts, kept, with_passkey
from tests.portal.auth.site import Browser, Site, on_one_store

pytestmark = pytest.mark.anyio


@pytest.fixture
async def holder(site: Site) -> Holder:
    return await with_passkey(site)


async def refused(holder: Holder, page, why: str) -> None:
    """Nobody was let in, the page says so, and the trail knows why."""
    assert page.status_code in (400, 403), page.text
    assert page.url.path == "/et/passkey"
    assert "Kasuta pääsuvõtit" in page.text
    assert (await acts(holder.site, "passkey-sign-in"))[-1] == ("refused", why)
    assert holder.browser.cookie() is None


async def test_a_passkey_is_asked_for_that_is_found_by_itself_and_recognises_its_owner(site: Site) -> None:
    holder = Holder(site, site.browser())
    await holder.browser.sign_in()
    options = await holder.options()
    assert options["rp"] == {"id": "localhost", "name": "Uks"}
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert len(decoded(options["user"]["id"])) == 64
    assert options["user"]["name"] == "Mari-Liis Männik"
    assert MARI_LIIS.code not in json.dumps(options)


async def test_it_lets_its_owner_in_with_a_weaker_session(holder: Holder) -> None:
    page = await holder.enter("/et/drafts/1/step?a=1")
    assert str(page.url) == f"{holder.site.url}/et/drafts/1/step?a=1"
    assert page.json()["name"] == "Mari-Liis Männik"
    async with holder.site.db.read() as session:
        row = (await session.execute(select(SessionRow).order_by(SessionRow.id.desc()))).first()
    assert row is not None
    assert row.assurance == "passkey"
    assert (row.sid, row.id_token, row.refresh_token) == (None, None, None)
    assert row.expires_at - row.created_at == timedelta(hours=8)
    assert (await kept(holder.site))[0].last_used_at == holder.site.clock.now()
    assert await acts(holder.site, "passkey-sign-in") == [("done", None)]


async def test_its_owner_is_told_of_a_new_one_by_mail(holder: Holder) -> None:
    async with holder.site.db.write() as tx:
        person_id = await tx.scalar(select(PasskeyHolderRow.person_id))
        told = {"person_id": person_id, "language": "et", "address": "mari@example.ee", "mails": 0}
        await tx.execute(insert(ContactRow), told | {"confirmed_at": holder.site.clock.now()})
    await holder.browser.sign_in()
    holder.device.credentials.clear()
    await holder.add("Teine telefon")
    async with holder.site.db.read() as session:
        planned = (await session.execute(select(OutboxRow).where(OutboxRow.topic == WARNING))).all()
    added = (await kept(holder.site))[-1].id
    assert [(row.payload, row.stream) for row in planned if row.payload["kind"] == "passkey"] == [
        ({"person": str(person_id), "kind": "passkey"}, f"mail:{added}")
    ]


async def test_nothing_is_told_of_who_has_one(holder: Holder) -> None:
    options = await holder.challenge()
    assert options.get("allowCredentials", []) == []
    assert options["userVerification"] == "required"


async def test_who_has_one_is_asked_for_another(holder: Holder) -> None:
    await holder.browser.sign_in()
    known = (await holder.options())["excludeCredentials"]
    assert [one["id"] for one in known] == [coded(holder.device.credentials[0].id)]


@pytest.mark.parametrize("who", [MARI_LIIS, AINO])
async def test_what_is_registered_once_is_not_registered_again(
    site: Site, holder: Holder, who: DemoPerson
) -> None:
    other = Holder(site, site.browser())
    other.device.new_id = holder.device.credentials[0].id
    await other.browser.sign_in(who)
    page = await other.add()
    assert page.status_code == 422
    assert "See pääsuvõti on siin juba olemas" in page.text
    assert len(await kept(site)) == 1
    assert (await acts(site, "passkey-added"))[-1] == ("refused", "taken")
    assert (await holder.enter()).json()["name"] == "Mari-Liis Männik"


async def test_ten_are_enough_for_anybody(site: Site) -> None:
    holder = Holder(site, site.browser())
    await holder.browser.sign_in()
    for number in range(10):
        assert (await holder.add(f"Seade {number}")).status_code == 200
    page = await holder.add()
    assert page.status_code == 422
    assert "Teil on juba 10 pääsuvõtit" in page.text
    assert len(await kept(site)) == 10


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Andke pääsuvõtmele nimi"),
        (" \u200b\t", "Andke pääsuvõtmele nimi"),
        ("ä" * 61, "Nimi on liiga pikk"),
    ],
)
@on_one_store
async def test_a_name_that_is_none_is_sent_back(site: Site, name: str, words: str) -> None:
    holder = Holder(site, site.browser())
    await holder.browser.sign_in()
    page = await holder.add(name)
    assert page.status_code == 422
    assert words in page.text
    assert await kept(site) == []


@pytest.mark.parametrize(
    "fault", [{"origin": "http://uks.example"}, {"rp_id": "uks.example"}, {"verifies": False}], ids=str
)
async def test_a_new_one_of_another_site_or_without_its_owner_is_refused(site: Site, fault) -> None:
    holder = Holder(site, site.browser())
    await holder.browser.sign_in()
    for name, value in fault.items():
        setattr(holder.device, name, value)
    page = await holder.add()
    assert page.status_code == 422
    assert "Pääsuvõtit ei lisatud" in page.text
    assert await kept(site) == []
    assert await acts(site, "passkey-added") == [("refused", "not-verified")]


async def test_a_challenge_for_adding_is_good_once_for_five_minutes_in_its_session(site: Site) -> None:
    holder, other = Holder(site, site.browser()), Holder(site, site.browser())
    await holder.browser.sign_in()
    await other.browser.sign_in()
    elsewhere = holder.device.create(await holder.options())
    assert (await other.send_new(elsewhere)).status_code == 422
    used = holder.device.create(await holder.options())
    assert (await holder.send_new(used)).status_code == 200
    assert (await holder.send_new(used)).status_code == 422
    late = holder.device.create(await holder.options())
    site.clock.advance(minutes=5)
    assert (await holder.send_new(late)).status_code == 422
    signing = await holder.challenge()
    for_signing_in = holder.device.create({**await holder.options(), "challenge": signing["challenge"]})
    assert (await holder.send_new(for_signing_in)).status_code == 422
    assert len(await kept(site)) == 1


@pytest.mark.parametrize(
    "fault", [{"origin": "http://uks.example"}, {"rp_id": "uks.example"}, {"verifies": False}], ids=str
)
async def test_an_answer_for_another_site_or_without_its_owner_is_refused(holder: Holder, fault) -> None:
    for name, value in fault.items():
        setattr(holder.device, name, value)
    await refused(holder, await holder.enter(), "not-verified")


async def test_a_forged_signature_is_refused(holder: Holder) -> None:
    sent = json.loads(holder.device.get(await holder.challenge()))
    other = await with_passkey(holder.site, AINO)
    forged = json.loads(other.device.get({**await holder.challenge(), "challenge": coded(b"x" * 32)}))
    sent["response"]["signature"] = forged["response"]["signature"]
    await refused(holder, await holder.send(json.dumps(sent)), "not-verified")
    assert (await kept(holder.site))[0].refused_at is None


async def test_a_challenge_is_good_once(holder: Holder) -> None:
    sent = holder.device.get(await holder.challenge())
    assert (await holder.send(sent)).status_code == 200
    await holder.browser.post("/auth/logout", await holder.browser.csrf())
    await refused(holder, await holder.send(sent), "challenge")


async def test_a_challenge_is_used_up_by_a_wrong_answer_too(holder: Holder) -> None:
    options = await holder.challenge()
    holder.device.verifies = False
    await refused(holder, await holder.send(holder.device.get(options)), "not-verified")
    holder.device.verifies = True
    await refused(holder, await holder.send(holder.device.get(options)), "challenge")


async def test_a_challenge_is_good_for_five_minutes(holder: Holder) -> None:
    sent = holder.device.get(await holder.challenge())
    holder.site.clock.advance(minutes=5)
    await refused(holder, await holder.send(sent), "challenge")


async def test_a_challenge_is_good_only_in_the_browser_that_asked(holder: Holder) -> None:
    other = Holder(holder.site, holder.site.browser())
    await other.challenge()
    sent = holder.device.get(await holder.challenge())
    await refused(other, await other.send(sent), "challenge")


async def test_a_challenge_that_nobody_gave_out_is_refused(holder: Holder) -> None:
    options = await holder.challenge()
    sent = holder.device.get({**options, "challenge": coded(b"x" * 32)})
    await refused(holder, await holder.send(sent), "challenge")


async def test_one_that_answers_for_somebody_else_is_refused(site: Site, holder: Holder) -> None:
    aino = await with_passkey(site, AINO)
    holder.device.handle = aino.device.credentials[0].handle
    await refused(holder, await holder.enter(), "others")


async def test_one_that_nobody_has_is_refused(holder: Holder) -> None:
    holder.device.create({"rp": {"id": "localhost"}, "user": {"id": "aaaa"}, "challenge": "aaaa"})
    page = await holder.enter()
    assert "Seda pääsuvõtit me ei tunne" in page.text
    await refused(holder, page, "unknown")


async def test_a_counter_that_stays_0_is_fine(site: Site) -> None:
    holder = await with_passkey(site, counts=False)
    for _ in range(2):
        assert (await holder.enter()).json()["name"] == "Mari-Liis Männik"
        holder.leave()
    (row,) = await kept(site)
    assert (row.counter, row.backed_up) == (0, True)


@pytest.mark.parametrize("fall", [1, 2])
async def test_a_counter_that_falls_or_stays_is_refused_and_its_owner_is_told(
    holder: Holder, fall: int
) -> None:
    await holder.enter()
    holder.leave()
    holder.device.counter -= fall
    page = await holder.enter()
    assert "võib olla tehtud koopia" in page.text
    await refused(holder, page, "counter")
    await holder.browser.sign_in()
    own = await holder.browser.get("/et/me/passkeys")
    assert "võib olla tehtud koopia" in own.text


async def test_a_counter_of_more_than_31_bits_fits(holder: Holder) -> None:
    holder.device.counter = 2**32 - 2
    assert (await holder.enter()).status_code == 200


async def test_it_rests_90_days_after_the_last_sign_in_through_govsso(holder: Holder) -> None:
    holder.site.clock.advance(days=90)
    holder.site.clock.advance(seconds=-1)
    assert (await holder.enter()).status_code == 200
    holder.leave()
    holder.site.clock.advance(seconds=1)
    page = await holder.enter()
    assert "üle 90 päeva tagasi" in page.text
    await refused(holder, page, "asleep")
    # One such sign-in, and it works again.
    await holder.browser.sign_in()
    holder.leave()
    assert (await holder.enter()).status_code == 200


async def test_signing_in_by_passkey_does_not_lengthen_its_life(holder: Holder) -> None:
    for _ in range(3):
        holder.site.clock.advance(days=29)
        assert (await holder.enter()).status_code == 200
        holder.leave()
    holder.site.clock.advance(days=3)
    assert (await holder.enter()).status_code == 403


async def test_a_removed_one_is_refused_and_what_it_had_opened_ends(site: Site, holder: Holder) -> None:
    await holder.enter()
    (row,) = await kept(site)
    at_home = Holder(site, site.browser())
    await at_home.browser.sign_in()
    page = await at_home.browser.post(f"/et/me/passkeys/{row.id}/remove", await at_home.browser.csrf())
    assert "Pääsuvõti on eemaldatud" in page.text
    assert await acts(site, "passkey-removed") == [("done", None)]
    over = await holder.browser.get("/et/inbox")
    assert over.status_code == 401
    assert "Pääsuvõti, millega olite sisse logitud, on eemaldatud" in over.text
    holder.leave()
    await refused(holder, await holder.enter(), "unknown")


async def test_another_persons_is_neither_seen_nor_named_nor_removed(site: Site, holder: Holder) -> None:
    (row,) = await kept(site)
    aino = site.browser()
    await aino.sign_in(AINO)
    assert "Punane telefon" not in (await aino.get("/et/me/passkeys")).text
    assert (await aino.get(f"/et/me/passkeys/{row.id}")).status_code == 404
    fields = {**await aino.csrf(), "name": "Aino oma"}
    assert (await aino.post(f"/et/me/passkeys/{row.id}", fields)).status_code == 404
    await aino.post(f"/et/me/passkeys/{row.id}/remove", fields)
    assert [one.name for one in await kept(site)] == ["Punane telefon"]
    assert await acts(site, "passkey-removed") == []


async def test_it_is_named_anew(site: Site, holder: Holder) -> None:
    await holder.browser.sign_in()
    (row,) = await kept(site)
    page = await holder.browser.get(f"/et/me/passkeys/{row.id}")
    assert "Punane telefon" in page.text
    fields = await holder.browser.csrf()
    answer = await holder.browser.post(f"/et/me/passkeys/{row.id}", {**fields, "name": " Vana   telefon "})
    assert "Nimi on muudetud" in answer.text
    assert "Vana telefon" in answer.text
    nameless = await holder.browser.post(f"/et/me/passkeys/{row.id}", {**fields, "name": " "})
    assert nameless.status_code == 422


async def test_a_new_name_of_the_person_comes_with_the_next_sign_in(site: Site, holder: Holder) -> None:
    site.govsso.faults.tamper = {"family_name": "Saar"}
    await holder.browser.sign_in()
    site.govsso.faults.clear()
    holder.leave()
    assert (await holder.enter()).json()["name"] == "Mari-Liis Saar"


async def test_who_has_no_passkey_leaves_nothing_behind(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    async with site.db.read() as session:
        assert (await session.execute(select(PasskeyHolderRow))).all() == []


async def test_a_flood_is_stopped_and_govsso_stays_open(site: Site, holder: Holder) -> None:
    answers = [await holder.browser.post("/passkeys/challenge", accept=JSON) for _ in range(121)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    page = await holder.send("")
    assert page.status_code == 429
    assert "Liiga palju katseid" in page.text
    assert (await holder.browser.sign_in()).json()["name"] == "Mari-Liis Männik"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[]",
        "null",
        "{}",
        "[" * 16000,
        '{"response": []}',
        "x" * 20000,
        '{"rawId": "", "response": {"clientDataJSON": "e30"}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "W10"}}',
        '{"id": "ü", "rawId": "ü", "type": 7, "response": {"clientDataJSON": "ü", "transports": 5}}',
    ],
    ids=range(10),
)
@on_one_store
async def test_nonsense_is_refused_in_plain_words(holder: Holder, sent: str) -> None:
    await holder.challenge()
    page = await holder.send(sent)
    assert page.status_code == 400
    assert "jäi pooleli" in page.text
    await holder.browser.sign_in()
    assert (await holder.send_new(sent)).status_code == 422


@on_one_store
async def test_mangled_answers_are_refused_and_break_nothing(holder: Holder) -> None:
    for place in range(0, 260, 7):
        sent = json.loads(holder.device.get(await holder.challenge()))
        for name in ("authenticatorData", "signature", "userHandle"):
            value = bytearray(decoded(sent["response"][name]))
            value[place % len(value)] ^= 0xFF
            mangled = {**sent, "response": {**sent["response"], name: coded(bytes(value))}}
            answer = await holder.send(json.dumps(mangled))
            assert answer.status_code == 400, name
            if place % 3 == 0:
                holder.site.clock.advance(minutes=10)
            sent = json.loads(holder.device.get(await holder.challenge()))
    await holder.browser.sign_in()
    for place in range(0, 300, 7):
        sent = json.loads(holder.device.create(await holder.options()))
        value = bytearray(decoded(sent["response"]["attestationObject"]))
        value[place % len(value)] ^= 0xFF
        sent["response"]["attestationObject"] = coded(bytes(value))
        assert (await holder.send_new(json.dumps(sent))).status_code in (200, 422)
