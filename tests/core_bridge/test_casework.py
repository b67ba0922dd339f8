"""An official at the screens, and what the citizen's portal hears of it."""

import hashlib
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest

from core_bridge.errors import CoreRejected
from core_bridge.http import direct
from core_bridge.reference_core import Caseworker
from core_bridge.wire import Outcome, Per, freeze
from portal.clock import FixedClock
from tests.core_bridge.messages import application, challenge, message, receipt, reply
from tests.core_bridge.running import Official, Running, running_core

pytestmark = pytest.mark.anyio


async def sent_to(star: Running) -> UUID:
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    return sent.application_id


async def kinds(star: Running) -> list[str]:
    return [event.type.removeprefix("ee.uks.").removesuffix(".v1") for event in await star.events()]


async def test_without_signing_in_there_is_only_the_way_in(star: Running) -> None:
    stranger = Official(star.url)
    for path in ("/", "/messages", "/faults", f"/applications/{uuid4()}"):
        assert "Valige, kes Te olete" in await stranger.see(path)
    await stranger.close()


async def test_an_application_is_shown_with_answers_registers_and_groups(
    star: Running, official: Official
) -> None:
    page = await official.see(f"/applications/{await sent_to(star)}")
    for words in ("Tallinna 5, Rakvere", "Pikk 1, Rakvere", "Rahvastikuregister", "250,00 €", "Pereliige 2"):
        assert words in page
    assert "enda nimel" in page
    assert "uus" in page


async def test_what_is_whole_is_complete_at_registering(star: Running, official: Official) -> None:
    await official.act(await sent_to(star), "register", complete="yes")
    assert await kinds(star) == ["proceeding.registered", "proceeding.complete", "proceeding.in-progress"]
    registered = await star.last("registered")
    assert registered.reference == "STAR-2026-000001"
    assert registered.core_state == "registreeritud"
    assert registered.official.name == "Kadri Näidis"


async def test_what_lacks_something_is_complete_when_all_of_it_is_answered(
    star: Running, official: Official
) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="no")
    for title in ("Üürileping", "Palgatõend"):
        asked = {"title": title, "text": "Palun lisage.", "wanted": "leping\nlisa", "due_on": "2026-12-01"}
        await official.act(application_id, "ask", **asked)
    tasks: list[Any] = [event.data for event in await star.events() if "requested" in event.type]
    assert (tasks[0].title, tasks[0].wanted, tasks[0].due_on) == (
        "Üürileping",
        ("leping", "lisa"),
        date(2026, 12, 1),
    )
    for task in tasks:
        assert "proceeding.complete" not in await kinds(star)
        answered = reply(task.task_id)
        await star.core.put_reply(task.proceeding_id, answered.reply_id, freeze(answered))
    assert (await kinds(star))[-2:] == ["proceeding.complete", "proceeding.in-progress"]


async def test_a_cancelled_request_no_longer_holds_the_matter_up(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="no")
    await official.act(application_id, "ask", title="Leping", text="Lisage.", due_on="2026-12-01")
    task = await star.last("information-requested")
    await official.act(application_id, "cancel", task_id=task.task_id)
    assert (await kinds(star))[-3:] == [
        "proceeding.request-cancelled",
        "proceeding.complete",
        "proceeding.in-progress",
    ]


async def test_a_decision_takes_back_what_was_still_asked(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="no")
    await official.act(application_id, "ask", title="Leping", text="Lisage.", due_on="2026-12-01")
    await official.act(application_id, "decide", outcome="granted", reasons="Andmed on registris.")
    assert (await kinds(star))[-2:] == ["proceeding.request-cancelled", "proceeding.decided"]


async def test_waiting_extending_and_hearing_are_told_with_their_days(
    star: Running, official: Official
) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="yes")
    await official.act(application_id, "third", waiting_for="Töötukassa", until="2026-11-30")
    await official.act(application_id, "continue")
    await official.act(application_id, "extend", until="2026-12-15", reason="Ootame andmeid.")
    await official.act(application_id, "hearing", title="Arvamus", text="Mida arvate?", due_on="2026-12-10")
    heard = await star.last("hearing-opened")
    opinion = reply(heard.task_id, text="Olen nõus.")
    await star.core.put_reply(heard.proceeding_id, opinion.reply_id, freeze(opinion))
    assert (await star.last("waiting-third-party")).waiting_for == "Töötukassa"
    assert (await star.last("extended")).until == date(2026, 12, 15)
    assert (await kinds(star)).count("proceeding.complete") == 1
    assert (await kinds(star))[-1] == "proceeding.in-progress"


async def test_a_decision_in_part_carries_its_sums_reasons_and_paper(
    star: Running, official: Official
) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="yes")
    typed = {
        "outcome": "granted_in_part",
        "amount": "1 299,50 €",
        "per": "once",
        "calculation": "Toimetulekupiir: 924,00\nEluasemekulud: 475,50\nSissetulek: -100",
        "first": "2026-11-01",
        "last": "2026-11-30",
        "reasons": "Üür on osaliselt üle piirmäära.\r\nSeetõttu osaline.",
        "legal_basis": "SHS § 131\nSHS § 133",
    }
    await official.act(application_id, "decide", **typed)
    decided = await star.last("decided")
    assert (decided.outcome, decided.amount, decided.per) == (
        Outcome.GRANTED_IN_PART,
        Decimal("1299.50"),
        Per.ONCE,
    )
    assert [(line.label, str(line.amount)) for line in decided.calculation][2] == ("Sissetulek", "-100")
    assert decided.legal_basis == ("SHS § 131", "SHS § 133")
    assert decided.challenge.authority.name == "Rakvere Linnavalitsus"
    assert decided.core_state == "otsustatud"
    (ref,) = decided.documents
    document = await star.core.document(ref.document_id)
    assert (len(document.content), hashlib.sha256(document.content).hexdigest()) == (ref.size, ref.sha256)
    assert document.media_type == "application/pdf"
    with pikepdf.open(io.BytesIO(document.content)) as paper:
        assert paper.check_pdf_syntax() == []
        drawn = paper.pages[0].Contents.read_bytes().decode("cp1252")
    assert "Üür on osaliselt üle piirmäära." in drawn
    assert "1\u00a0299,50\u00a0€" in drawn
    page = await official.see(f"/applications/{application_id}")
    assert "osaline andmine" in page
    assert "Portaalis veel avamata." in page
    download = await official.client.get(f"/applications/{application_id}/documents/{ref.document_id}")
    assert download.content == document.content


async def test_what_was_granted_runs_and_ends_as_a_benefit(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="yes")
    await official.act(
        application_id, "decide", outcome="granted", amount="320", per="month", reasons="Sobib."
    )
    await official.act(application_id, "in-force")
    await official.act(application_id, "end", reason="Tähtaeg läbi.")
    benefits = [event for event in await star.events() if event.subject.startswith("benefits/")]
    assert [(event.sequence, event.data.state) for event in benefits] == [(1, "running"), (2, "ended")]  # type: ignore[attr-defined]
    assert (await star.last("in-force")).core_state == "kehtib"
    assert "lõpetatud" in await official.see("/")


async def test_what_was_refused_does_not_run(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="yes")
    await official.act(application_id, "decide", outcome="refused", reasons="Sissetulek on suurem.")
    await official.act(application_id, "in-force")
    assert (await kinds(star))[-1] == "proceeding.decided"


async def test_a_vaie_is_decided(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="yes")
    await official.act(application_id, "decide", outcome="refused", reasons="Sissetulek on suurem.")
    decided = await star.last("decided")
    await star.core.put_decision_receipt(decided.proceeding_id, decided.decision_id, freeze(receipt()))
    vaie = challenge(decided.decision_id)
    await star.core.put_challenge(decided.proceeding_id, vaie.challenge_id, freeze(vaie))
    settled = {"challenge_id": str(vaie.challenge_id), "satisfied": "yes", "text": "Vaie rahuldatakse."}
    for _ in range(2):
        await official.act(application_id, "challenge", **settled)
    told = await star.last("challenge-decided")
    assert (told.challenge_id, told.satisfied) == (vaie.challenge_id, True)
    assert (await kinds(star)).count("proceeding.challenge-decided") == 1


async def test_an_official_writes_in_the_citizens_own_thread(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "message", text="Tere!")
    begun = await star.last("message.sent")
    asked = message(thread_id=begun.thread_id, application_id=application_id)
    await star.core.put_message(asked.message_id, freeze(asked))
    page = await official.see(f"/applications/{application_id}")
    assert "Kuhu saan pöörduda?" in page
    await official.act(application_id, "message", title="Vastus", text="Siia.")
    assert (await star.last("message.sent")).thread_id == begun.thread_id
    assert (await star.last("message.seen")).message_id == str(asked.message_id)
    assert (await kinds(star)).count("message.seen") == 1


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("ask", {"title": "", "text": "", "due_on": ""}, "Täitke see väli."),
        ("ask", {"title": "x", "text": "x", "due_on": "homme"}, "Kirjutage kuupäev."),
        ("ask", {"title": "x" * 501, "text": "x", "due_on": "2026-12-01"}, "Tekst on liiga pikk."),
        ("decide", {"reasons": "Sobib."}, "Täitke see väli."),
        ("decide", {"outcome": "granted", "reasons": "x", "amount": "kolm"}, "Kirjutage summa"),
        ("decide", {"outcome": "granted", "reasons": "x", "amount": "1,999"}, "Kirjutage summa"),
        ("decide", {"outcome": "granted", "reasons": "x", "calculation": "Piir 924"}, "nimetus, koolon"),
        ("decide", {"outcome": "võib-olla", "reasons": "x"}, "Seda väärtust ei saa kasutada."),
    ],
)
async def test_what_is_typed_wrong_is_kept_and_explained(
    star: Running, official: Official, act: str, typed: dict[str, str], words: str
) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="yes")
    before = await kinds(star)
    answer = await official.act(application_id, act, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Midagi jäi puudu" in answer.text
    assert all(value in answer.text for value in typed.values() if value != "võib-olla")
    assert await kinds(star) == before


async def test_the_same_form_sent_twice_acts_once(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    await official.act(application_id, "register", complete="no")
    typed = {"title": "Leping", "text": "Lisage.", "due_on": "2026-12-01", "once": str(uuid4())}
    for _ in range(2):
        await official.act(application_id, "ask", **typed)
    assert (await kinds(star)).count("proceeding.information-requested") == 1


async def test_an_act_that_the_state_does_not_allow_changes_nothing(
    star: Running, official: Official
) -> None:
    application_id = await sent_to(star)
    for act in ("decide", "end", "extend", "in-force", "challenge", "nonsense"):
        typed = {"outcome": "granted", "reasons": "x", "reason": "x", "until": "2026-12-01"}
        more = {"challenge_id": str(uuid4()), "satisfied": "yes", "text": "x"}
        await official.act(application_id, act, **typed, **more)
    assert await kinds(star) == []


async def test_a_form_without_its_token_is_refused(star: Running, official: Official) -> None:
    application_id = await sent_to(star)
    path = f"/applications/{application_id}/register"
    for token in ("", "x" * 32, "õ"):
        answer = await official.client.post(path, data={"csrf": token, "complete": "yes"})
        assert answer.status_code == 403
    assert await kinds(star) == []


async def test_an_official_sees_only_their_own_authority(tmp_path: Path, clock: FixedClock) -> None:
    others = (Caseworker("tartu", "Tartu Ametnik", authority="0793"),)
    async with running_core(tmp_path, clock, caseworkers=others) as star:
        application_id = await sent_to(star)
        official = Official(star.url)
        await official.sign_in("tartu")
        assert "Jõeorg" not in await official.see("/")
        answer = await official.client.get(f"/applications/{application_id}")
        assert answer.status_code == 404
        await official.close()


async def test_skais_says_states_in_its_own_words(tmp_path: Path, clock: FixedClock) -> None:
    async with running_core(tmp_path, clock, name="SKAIS") as running:
        core = direct("SKAIS", running.url, issuer="uks", key=running.portal_key, clock=clock)
        sent = application()
        await core.put_application(sent.application_id, freeze(sent))
        official = Official(running.url)
        await official.sign_in()
        await official.act(sent.application_id, "register", complete="yes")
        words = [event.data.core_state for event in (await core.changes(None)).events]
        assert words == ["vastu võetud", "vastu võetud", "töös"]
        await official.close()
        await core.close()


async def test_a_document_that_is_not_there_is_rejected(star: Running) -> None:
    with pytest.raises(CoreRejected) as refused:
        await star.core.document(str(uuid4()))
    assert refused.value.code == "document-unknown"
