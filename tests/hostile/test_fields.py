"""Every field of every form meets every bad value: an answer in words, never a fault, and what was typed stays."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from journeys.loading import load_catalogue
from journeys.tables import DraftRow
from portal.access.parties import party_of
from portal.clock import FixedClock
from portal.identity import Party, RightKind
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow
from tests.conftest import Sqlite
from tests.hostile.world import JOURNEY, Person, World, fields_of, form_of, opened, told_plainly, words
from tests.journeys.answering import WHOLE
from tests.journeys.page import Page

pytestmark = pytest.mark.anyio

CATALOGUE = load_catalogue()
WAYS = [
    pytest.param(journey.id, kind, step.id, id=f"{journey.id}-{kind}-{step.id}")
    for journey in CATALOGUE
    for kind in (RightKind.SELF, RightKind.PARENT, RightKind.ADULT_GUARDIAN)
    if kind in journey.on_behalf_of
    for step in journey.steps
    if step.groups
]
CHILD, AUNT = ("EE61706119949", "Saara Jõeorg"), ("EE44405089938", "Aino Männik")
SCRIPT = "<script>alert(1)</script>"
BAD = {
    "empty": "",
    "spaces": " \u00a0\u2003",
    "negative": "-5",
    "infinite": "1e999",
    "no number": "NaN",
    "fraction": "0.00000000000000001",
    "arabic digits": "١٢٣",
    "NUL": "a\x00b",
    "controls": "\x01\x07\x1b[31m\x7f\x85",
    "right to left": "\u202eabc\u2066\u200f",
    "lone surrogate": "\ud800",
    "markup": f'">{SCRIPT}</textarea></title>',
    "template": "{{ 7*7 }} %(name)s {name} ${7*7}",
    "statement": "'; DROP TABLE draft; --",
    "emoji": "👩‍👩‍👧" * 50,
    "composed": "a" + "\u0301" * 300,
    "header": "a\r\nSet-Cookie: x=1",
    "day": "31.02.2026",
    "year": "1.1.99999",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
ODD = ("NUL", "controls", "right to left", "lone surrogate", "markup", "header")
HUGE = {"long": "x" * 1_000_000, "long number": "9" * 1_000_000, "long spaces": " " * 1_000_000}


def encoded(typed: dict[str, Any]) -> bytes:
    """Encode a form as a browser does, but let lone halves of letters through."""
    from urllib.parse import quote_plus

    pairs = [(n, v) for n, value in typed.items() for v in (value if isinstance(value, list) else [value])]
    return "&".join(
        f"{quote_plus(n)}={quote_plus(str(v).encode('utf-8', 'surrogatepass'))}" for n, v in pairs
    ).encode()


async def post(person: Person, path: str, typed: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await person.client.post(path, content=encoded(typed), headers=headers)


def stored(value: str) -> str:
    """What a text becomes by being sent: half a letter cannot be written down."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\r\n", "\n")


async def applying(mari: Person, kind: RightKind) -> None:
    """Act for oneself, for one's child, or for an old aunt."""
    if kind is not RightKind.SELF:
        code, name = CHILD if kind is RightKind.PARENT else AUNT
        async with mari.world.db.write() as tx:
            known = await party_of(tx, code, name)
        await mari.acts_for(Party(known, code, name), kind)


def test_every_journey_meets_the_bad_values() -> None:
    assert {journey.id for journey in CATALOGUE} == WHOLE.keys()


@pytest.mark.parametrize(("journey", "kind", "step"), WAYS)
async def test_no_value_in_a_step_is_a_fault_and_what_was_typed_stays(
    mari: Person, journey: str, kind: RightKind, step: str
) -> None:
    await applying(mari, kind)
    draft = await mari.draft(journey)
    path = f"/et/drafts/{draft}/{step}"
    for value in BAD.values():
        page = await mari.get(path)
        form, names = form_of(page, path), fields_of(page, path)
        own = {n: v for n, v in form.items() if n in ("csrf_token", "party", "form_id", "revision")}
        keys = {n: v for n, v in form.items() if n.endswith(("-key", "-shown"))}
        typed = {
            n: value for n in names if n not in own and n not in keys and n not in ("act", "add", "remove")
        }
        answer = await post(mari, path, typed | own | keys | {"act": "next"})
        assert answer.status_code in (303, 422), (value, answer.status_code, words(answer))
        if answer.status_code == 303:
            continue
        told_plainly(answer, 422)
        assert SCRIPT not in answer.text
        shown = form_of(answer, path)
        for name in typed.keys() & shown.keys():
            kept = str(shown[name]).replace("\r\n", "\n")
            assert kept in (stored(value).replace("\x00", "\ufffd"), stored(value), ""), (name, value)


@pytest.mark.parametrize(("journey", "kind", "step"), WAYS)
async def test_one_bad_value_leaves_the_other_answers_as_they_were(
    mari: Person, journey: str, kind: RightKind, step: str
) -> None:
    await applying(mari, kind)
    draft = await mari.draft(journey)
    path = f"/et/drafts/{draft}/{step}"
    before = form_of(await mari.get(path), path)
    typed = [
        n for n, v in before.items() if v and n not in ("csrf_token", "party", "form_id", "revision", "act")
    ]
    for name in typed:
        if name.endswith("-key"):
            continue
        answer = await post(mari, path, before | {"act": "next", name: SCRIPT})
        shown = form_of(await mari.get(path), path) if answer.status_code == 303 else form_of(answer, path)
        for other in typed:
            if other != name and other in shown:
                assert shown[other] == before[other], (name, other)
        mended = await post(mari, path, shown | before | {"act": "next", "revision": shown["revision"]})
        assert mended.status_code == 303, (name, words(mended))
        before["revision"] = str(int(shown["revision"]) + 1)


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
async def test_a_megabyte_in_one_field_is_answered_in_words(mari: Person, value: str) -> None:
    draft = await mari.draft()
    for step, name in (
        ("teie", "residence"),
        ("pere", "members-0-name"),
        ("eluase", "cost_rent"),
        ("konto", "iban"),
    ):
        path = f"/et/drafts/{draft}/{step}"
        form = form_of(await mari.get(path), path)
        answer = await post(mari, path, form | {"act": "next", name: value})
        told_plainly(answer)
        assert len(answer.text) < 600_000


async def test_thousands_of_members_are_not_kept(world: World, mari: Person) -> None:
    draft = await mari.draft()
    path = f"/et/drafts/{draft}/pere"
    form = form_of(await mari.get(path), path)
    many = {f"members-{n}-key": f"k{n}" for n in range(1900)}
    answer = await post(mari, path, form | many | {"act": "next"})
    told_plainly(answer)
    async with world.db.read() as session:
        from sqlalchemy import select

        kept = await session.scalar(select(DraftRow.answers))
    assert kept is not None
    assert len(kept["members"]) <= 30
    told_plainly(await post(mari, path, form | {f"members-{n}-key": f"k{n}" for n in range(9000)}))


@pytest.mark.parametrize(
    "extra",
    [
        {"unknown": "x", "__proto__": "x", "members": "x", "answers": "{}"},
        {"members-0-incomes-99999999999-amount": "1"},
        {"members--1-name": "x", "members-0-0-0": "x", "members-x-key": "y"},
        {"add": "members-0-nothing"},
        {"add": "members-99-incomes"},
        {"add": "-" * 5000},
        {"remove": "members"},
        {"remove": "members-0"},
        {"remove": "members-99"},
        {"remove": "members-0-incomes-0-key"},
        {"remove": "members-" + "9" * 5000},
        {"act": "unknown"},
        {"revision": "-1"},
        {"revision": "9" * 5000},
        {"revision": "zwei"},
        {"form_id": "x" * 5000},
        {"form_id": "\x00"},
        {"members-0-key": ""},
        {"members-0-key": "x" * 5000},
        {"members-0-key": SCRIPT},
        {"members-1-key": "m0"},
        {"lives_there": ["yes", "no", SCRIPT]},
        {"residence": ["one", "two"]},
        {"csrf_token": ["", "x"]},
    ],
    ids=lambda extra: repr(extra)[:40],
)
async def test_forged_names_and_doubled_fields_are_no_fault(mari: Person, extra: dict[str, Any]) -> None:
    draft = await mari.draft()
    for step in ("teie", "pere"):
        path = f"/et/drafts/{draft}/{step}"
        form = form_of(await mari.get(path), path)
        answer = await post(mari, path, form | {"act": "next"} | extra)
        assert answer.status_code < 500, words(answer)
        if answer.status_code >= 400:
            told_plainly(answer)
        saved = await post(mari, f"{path}/autosave", form | extra)
        assert saved.status_code < 500
        await mari.get(path)


@pytest.mark.parametrize("value", [*BAD.values(), *HUGE.values()], ids=[*BAD, *HUGE])
async def test_no_value_in_the_small_forms_is_a_fault(world: World, mari: Person, value: str) -> None:
    draft = await mari.draft()
    sent = await mari.sent()
    targets: list[tuple[str, str, dict[str, str]]] = [
        (f"/et/apply/{JOURNEY}", f"/et/apply/{JOURNEY}", {"kov": value}),
        (f"/et/drafts/{draft}/review", f"/et/drafts/{draft}/review", {"confirm": value, "revision": value}),
        (f"/et/inbox/{sent}/messages", f"/et/inbox/{sent}/messages", {"text": value}),
        ("/et/messages/new", "/et/messages/new", {"authority": value, "subject": value, "text": value}),
        ("/et/messages/new", "/et/messages/new", {"authority": "0663", "subject": value, "text": "Tere"}),
        (f"/et/drafts/{draft}/delete?x={draft}", f"/et/drafts/{draft}/files/bills", {"files": value}),
        (f"/et/drafts/{draft}/delete?x={draft}", f"/et/drafts/{draft}/facts?step=x", {"step": value}),
    ]
    for shown, target, typed in targets:
        form = mari.tokens((await mari.get(shown)).text)
        answer = await post(mari, target, form | typed)
        assert answer.status_code < 500, (target, words(answer))
        if answer.status_code >= 400:
            told_plainly(answer)
            assert SCRIPT not in answer.text


@pytest.mark.parametrize("value", [*map(BAD.get, ODD), "x" * 20_000], ids=[*ODD, "long"])
async def test_no_query_is_a_fault(mari: Person, value: str) -> None:
    from urllib.parse import quote_plus

    odd = quote_plus(value.encode("utf-8", "surrogatepass"))
    for path in (
        "/et/services?q=", "/et/services?event=", f"/et/services/{JOURNEY}?kov=", f"/et/apply/{JOURNEY}?kov=",
        "/et/kov?ehak=", "/et/inbox?show=", "/et/inbox?authority=", "/et/me?done=", "/auth/login?lang=",
        "/et/messages/new?authority=",
        "/auth/login?return_to=", "/auth/callback?state=", "/auth/callback?code=", "/auth/callback?error=",
        "/auth/logged-out?state=", "/auth/logged-out?state=et.logout.",
    ):  # fmt: skip
        answer = await mari.client.get(path + odd)
        assert answer.status_code < 500 or "/auth/login" in path, (path, words(answer))
        assert SCRIPT not in answer.text
        if answer.status_code == 200:
            Page(answer.text)


@pytest.mark.parametrize("value", [*map(BAD.get, ODD), "x" * 20_000], ids=[*ODD, "long"])
async def test_no_address_is_a_fault(mari: Person, value: str) -> None:
    from urllib.parse import quote

    odd = quote(value.encode("utf-8", "surrogatepass"), safe="")
    draft = await mari.draft()
    for path in (
        f"/et/{odd}", f"/{odd}", f"/et/services/{odd}", f"/et/kov/{odd}", f"/et/apply/{odd}", f"/et/drafts/{odd}",
        f"/et/drafts/{draft}/{odd}", f"/et/receipts/{odd}", f"/et/inbox/{odd}", f"/et/me/confirm/{odd}",
        f"/static/{odd}", f"/static/x/{odd}", f"/auth/{odd}", f"/et/kept/{odd}",
    ):  # fmt: skip
        answer = await mari.client.get(path)
        assert answer.status_code < 500, (path, words(answer))
        assert SCRIPT not in answer.text
        form = await mari.fresh() if "drafts" in path else {}
        answer = await mari.client.post(path, data=form)
        assert answer.status_code < 500, (path, words(answer))


@pytest.fixture(scope="module")
async def mailing(
    sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Person]:
    """Give somebody whose portal sends mail; no server is there, and none is needed."""
    folder, clock = tmp_path_factory.mktemp("mail"), FixedClock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    async with (
        sqlite.fresh(folder) as url,
        opened(url, folder, clock, smtp_url="smtp://127.0.0.1:9") as world,
    ):
        yield await world.person()


HEADERS = {
    "a second header": "mari@naide.ee\r\nBcc: k@evil.example",
    "a list": "mari@naide.ee,k@evil.example",
    "a group": "x:mari@naide.ee;",
    "a comment": "mari(k@evil.example)@naide.ee",
    "quoted": '"mari\\r\\nBcc: k"@naide.ee',
    "an address literal": "mari@[127.0.0.1]",
    "a long domain": "mari@" + "a." * 5000 + "ee",
    "half a letter": "mari@\udcff.ee",
}


@pytest.mark.parametrize(
    "value", [*BAD.values(), *HUGE.values(), *HEADERS.values()], ids=[*BAD, *HUGE, *HEADERS]
)
async def test_no_address_to_write_to_is_a_fault_and_what_was_typed_stays(
    mailing: Person, value: str
) -> None:
    for typed in ({"address": value, "language": "et"}, {"address": "mari@naide.ee", "language": value}):
        answer = await post(mailing, "/et/me", (await mailing.form("/et/me")) | typed)
        told_plainly(answer, 400, 422)
        if answer.status_code == 422:
            kept = form_of(answer, "/et/me")["address"].replace("\r\n", "\n")
            assert kept in (stored(typed["address"]).replace("\x00", "\ufffd"), stored(typed["address"]))
    assert await mailing.world.count(OutboxRow) == 0
    assert await mailing.world.count(ContactRow) == 0
