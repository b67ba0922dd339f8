"""Two tabs, the back button and impatient fingers: one thing is done once, and nothing that was typed is lost."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from inbox.tables import EntryRow, InteractionRow
from journeys.tables import ApplicationRow, DraftRow
from portal.outbox import OutboxRow
from tests.hostile.world import JOURNEY, PDF, Person, World, form_of, told_plainly, words
from tests.journeys.page import Page

pytestmark = pytest.mark.anyio


async def entries(world: World, matter: str, kind: str, what: str) -> list[Any]:
    wanted = select(EntryRow.content).filter_by(interaction_id=UUID(matter), kind=kind, what=what)
    async with world.db.read() as session:
        return list(await session.scalars(wanted))


async def test_many_fingers_on_send_make_one_application_and_the_same_receipt(worlds: World) -> None:
    mari = await worlds.person()
    draft = await mari.draft()
    form = (await mari.form(f"/et/drafts/{draft}/review")) | {"confirm": "y"}
    answers = await asyncio.gather(*[mari.post(f"/et/drafts/{draft}/review", form) for _ in range(8)])
    assert {answer.headers.get("location") for answer in answers} == {f"/et/receipts/{draft}"}
    assert await worlds.count(ApplicationRow) == 1
    assert await worlds.count(OutboxRow) == 1
    assert len(await entries(worlds, draft, "event", "sent")) == 1


async def test_a_letter_sent_eight_times_at_once_is_one_letter(worlds: World) -> None:
    mari = await worlds.person()
    sent = await mari.sent()
    path = f"/et/inbox/{sent}/messages"
    form = (await mari.form(path)) | {"text": "Millal otsus tuleb?"}
    answers = await asyncio.gather(*[mari.post(path, form) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(await entries(worlds, sent, "message", "ours")) == 1
    assert await worlds.count(OutboxRow, topic="inbox.message") <= 1


async def test_a_first_letter_sent_eight_times_at_once_is_one_thread(worlds: World) -> None:
    mari, path = await worlds.person(), "/et/messages/new"
    form = (await mari.form(path)) | {"authority": "0663", "subject": "Küsimus", "text": "Kuhu pöörduda?"}
    files = [("files", ("arve.pdf", PDF, "application/pdf"))]
    answers = await asyncio.gather(*[mari.post(path, form, files=files) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await worlds.count(InteractionRow, kind="thread") == 1
    assert await worlds.count(EntryRow, kind="message") == 1
    assert await worlds.count(EntryRow, kind="document") == 1
    assert await worlds.count(OutboxRow, topic="inbox.message") <= 1


async def test_a_first_letter_with_a_forged_id_of_anothers_thread_tells_nothing(worlds: World) -> None:
    mari, jaak = await worlds.person(), await worlds.person()
    typed = {"authority": "0663", "subject": "Küsimus", "text": "Kuhu pöörduda?"}
    thread = (await mari.send("/et/messages/new", **typed)).headers["location"].split("/")[3]
    form = (await jaak.form("/et/messages/new")) | typed | {"form_id": thread.partition("#")[0]}
    answer = await jaak.post("/et/messages/new", form)
    assert thread not in answer.headers["location"]
    told_plainly(await jaak.get(f"/et/inbox/{thread}/messages", 404), 404)


async def test_an_answer_sent_eight_times_at_once_is_one_answer(worlds: World) -> None:
    mari = await worlds.person()
    matter, task = await worlds.asked(mari)
    form = (await mari.form(task)) | {"text": "Leping on lisatud"}
    answers = await asyncio.gather(*[mari.post(task, form) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {303}
    assert len(await entries(worlds, matter, "event", "replied")) == 1


async def test_a_decision_opened_eight_times_at_once_is_opened_once(worlds: World) -> None:
    mari = await worlds.person()
    _, decision = await worlds.decided(mari)
    form = await mari.form(decision)
    answers = await asyncio.gather(*[mari.post(decision, form) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {303}
    assert await worlds.count(OutboxRow, topic="inbox.receipt") == 1
    async with worlds.db.read() as session:
        first = await session.scalar(select(EntryRow.opened_at).filter_by(kind="decision"))
    worlds.clock.advance(minutes=5)
    await mari.post(decision, form)
    async with worlds.db.read() as session:
        assert await session.scalar(select(EntryRow.opened_at).filter_by(kind="decision")) == first


async def test_taking_back_eight_times_at_once_is_taking_back_once(worlds: World) -> None:
    mari = await worlds.person()
    sent = await mari.sent()
    path = f"/et/inbox/{sent}/withdrawal"
    form = (await mari.form(path)) | {"reason": "Sain töö"}
    answers = await asyncio.gather(*[mari.post(path, form) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {303}
    assert len(await entries(worlds, sent, "event", "withdrawal_asked")) == 1
    assert await worlds.count(OutboxRow, topic="inbox.withdrawal") == 1
    told_plainly(await mari.post(path, form | {"form_id": sent}), 409)


async def test_starting_eight_times_at_once_makes_one_draft(worlds: World) -> None:
    mari = await worlds.person()
    path = f"/et/apply/{JOURNEY}"
    form = (await mari.form(path)) | {"kov": "0663"}
    answers = await asyncio.gather(*[mari.post(path, form) for _ in range(8)])
    assert len({answer.headers.get("location") for answer in answers}) == 1
    assert await worlds.count(DraftRow) == 1


async def test_eight_tabs_saving_at_once_lose_no_save_in_silence(worlds: World) -> None:
    mari = await worlds.person()
    draft = await mari.draft()
    path = f"/et/drafts/{draft}/teie"
    form = await mari.form(path)
    typed = [form | {"act": "next", "residence": f"Pikk {n}, Rakvere"} for n in range(8)]
    answers = await asyncio.gather(*[mari.post(path, each) for each in typed])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] + [409] * 7
    for each, answer in zip(typed, answers, strict=True):
        if answer.status_code == 409:
            assert form_of(answer, path)["residence"] == each["residence"]
            assert "Kaks vastust" in answer.text


async def test_starting_again_with_the_form_of_a_sent_application_leads_to_its_receipt(
    worlds: World,
) -> None:
    mari = await worlds.person()
    path = f"/et/apply/{JOURNEY}"
    form = (await mari.form(path)) | {"kov": "0663"}
    draft = (await mari.post(path, form)).headers["location"]
    for step, typed in _STEPS.items():
        for _ in range(2):
            answer = await mari.send(f"{draft}/{step}", act="next", **typed)
            if answer.status_code == 303:
                break
        assert answer.status_code == 303, (step, words(answer))
    await mari.send(f"{draft}/review", confirm="y")
    # Back, and "Alusta" once more.
    again = await mari.post(path, form)
    assert again.status_code == 303
    led = await mari.client.get(again.headers["location"])
    assert led.headers.get("location") == draft.replace("drafts", "receipts"), led.status_code
    assert await worlds.count(DraftRow) == 0
    assert await worlds.count(ApplicationRow) == 1


_STEPS: dict[str, dict[str, str]] = {
    "teie": {
        "residence": "Pikk 1", "lives_there": "yes", "phone": "5123 4567", "email": "a@naide.ee",
        "contact_language": "et", "first_time": "no", "fourth_time": "no",
    },
    "pere": {
        "members-0-status": "employed", "members-0-has_income": "no", "has_undocumented": "no",
        "pays_maintenance": "no", "has_enforcement": "no",
    },
    "eluase": {"dwelling_area": "48", "dwelling_rooms": "2", "cost_rent": "260", "has_loan": "no"},
    "dokumendid": {},
    "konto": {"iban": "EE38 2200 2210 2014 5685", "own_account": "yes", "delivery": "portal"},
}  # fmt: skip


async def test_every_page_of_a_sent_draft_leads_to_its_receipt(world: World, mari: Person) -> None:
    sent = await mari.sent()
    receipt = f"/et/receipts/{sent}"
    for ending in ("", "/teie", "/pere", "/dokumendid", "/review", "/delete"):
        answer = await mari.client.get(f"/et/drafts/{sent}{ending}")
        assert answer.headers.get("location") == receipt, (ending, answer.status_code)
    own = await mari.fresh()
    for ending in ("/teie", "/pere", "/review", "/period", "/facts"):
        answer = await mari.post(f"/et/drafts/{sent}{ending}", own | {"act": "next", "confirm": "y"})
        assert answer.headers.get("location") == receipt, (ending, answer.status_code)
    assert (await mari.post(f"/et/drafts/{sent}/teie/autosave", own)).json() == {"sent": True}
    await mari.post(f"/et/drafts/{sent}/delete", own)
    await mari.get(receipt)
    assert await world.count(InteractionRow, id=UUID(sent), kind="application") == 1


async def test_a_letter_changed_after_going_back_is_a_letter_of_its_own(world: World, mari: Person) -> None:
    sent = await mari.sent()
    path = f"/et/inbox/{sent}/messages"
    form = await mari.form(path)
    for text in ("Tere", "Tere", "Tere! Unustasin küsida tähtaega", "Tere! Unustasin küsida tähtaega"):
        assert (await mari.post(path, form | {"text": text})).status_code == 303
    wrote = [each["text"] for each in await entries(world, sent, "message", "ours")]
    assert sorted(wrote) == ["Tere", "Tere! Unustasin küsida tähtaega"]


async def test_an_answer_that_comes_second_is_not_lost(world: World, mari: Person) -> None:
    matter, task = await world.asked(mari)
    first, second = await mari.form(task), await mari.form(task)
    assert (await mari.post(task, first | {"text": "Üks vastus"})).status_code == 303
    late = await mari.post(task, second | {"text": "Teine, pikem vastus"})
    told_plainly(late, 409)
    assert "juba vastatud" in late.text
    letter = form_of(late, f"/et/inbox/{matter}/messages")
    assert letter["text"] == "Teine, pikem vastus"
    assert (await mari.post(f"/et/inbox/{matter}/messages", letter)).status_code == 303
    assert (await entries(world, matter, "message", "ours"))[0]["text"] == "Teine, pikem vastus"


async def test_a_long_reason_for_taking_back_is_not_cut_in_silence(world: World, mari: Person) -> None:
    sent = await mari.sent()
    long = "põhjus " * 1000
    answer = await mari.send(f"/et/inbox/{sent}/withdrawal", reason=long)
    told_plainly(answer, 422)
    assert form_of(answer, f"/et/inbox/{sent}/withdrawal")["reason"].strip() == long.strip()
    assert await entries(world, sent, "event", "withdrawal_asked") == []


async def test_a_stale_tab_shows_both_values_and_loses_no_member_added_elsewhere(
    world: World, mari: Person
) -> None:
    draft = await mari.draft()
    path = f"/et/drafts/{draft}/pere"
    stale = await mari.form(path)
    added = await mari.post(path, stale | {"add": "members"})
    assert added.status_code == 303
    other = (await mari.form(path)) | {"members-3-name": "Uus Laps", "members-3-code": "1.1.2020"}
    await mari.post(f"{path}/autosave", other)
    answer = await mari.post(path, stale | {"act": "next", "members-1-name": "Karl-Erik Männik"})
    told_plainly(answer, 409)
    assert "Kaks vastust" in answer.text
    both = form_of(answer, path)
    assert both["members-1-name"] == "Karl-Erik Männik"
    assert "Karl Männik" in Page(answer.text).text
    assert both["members-3-name"] == "Uus Laps"
    await mari.post(path, both | {"act": "leave"})
    kept = await mari.form(path)
    assert (kept["members-1-name"], kept["members-3-name"]) == ("Karl-Erik Männik", "Uus Laps")


async def test_a_form_for_another_party_changes_nothing(worlds: World) -> None:
    mari, jaak = await worlds.person(), await worlds.person()
    draft, sent = await mari.draft(), await mari.sent()
    _, task = await worlds.asked(mari)
    _, decision = await worlds.decided(mari)
    before = await worlds.rows()
    other = {"party": str(jaak.actor.party.id)}
    for path, typed in (
        (f"/et/drafts/{draft}/teie", {"act": "next", "residence": "Mujal"}),
        (f"/et/drafts/{draft}/teie/autosave", {"residence": "Mujal"}),
        (f"/et/drafts/{draft}/review", {"confirm": "y", "revision": "1"}),
        (f"/et/drafts/{draft}/delete", {}),
        (f"/et/drafts/{draft}/period", {}),
        (f"/et/drafts/{draft}/facts", {}),
        (f"/et/apply/{JOURNEY}", {"kov": "0663"}),
        (task, {"text": "Vastus"}),
        (f"/et/inbox/{sent}/messages", {"text": "Kiri"}),
        (f"/et/inbox/{sent}/messages/read", {}),
        ("/et/messages/new", {"authority": "0663", "subject": "Küsimus", "text": "Kiri"}),
        (f"/et/inbox/{sent}/withdrawal", {}),
        (decision, {}),
        ("/et/me/remove", {}),
    ):
        answer = await mari.post(path, (await mari.fresh()) | other | typed)
        assert answer.status_code == 409, (path, answer.status_code)
        for empty in ("", "x", "\x00"):
            answer = await mari.post(path, (await mari.fresh()) | {"party": empty} | typed)
            assert answer.status_code == 409, (path, answer.status_code)
    after = await worlds.rows()
    # The person was there: that is noted; and what they typed is kept for them.
    for table in ("session", "kept_form"):
        del before[table], after[table]
    assert after == before


async def test_a_forged_form_id_reaches_into_nobodys_matter(worlds: World) -> None:
    mari, jaak = await worlds.person(), await worlds.person()
    draft, sent = await mari.draft(), await mari.sent()
    matter, task = await worlds.asked(mari)
    before = await worlds.rows()
    ids = [draft, sent, matter, task.rpartition("/")[2], str(mari.actor.party.id)]
    for forged in ids:
        form = (await jaak.fresh()) | {"kov": "0663", "form_id": forged}
        answer = await jaak.post(f"/et/apply/{JOURNEY}", form)
        if forged in (draft, sent, matter):
            told_plainly(answer, 404)
    after = await worlds.rows()
    for table in ("application", "attachment", "entry"):
        assert after[table] == before[table], table
    mine = [row for row in after["interaction"] if row[1] == mari.actor.party.id]
    assert mine == [row for row in before["interaction"] if row[1] == mari.actor.party.id]
