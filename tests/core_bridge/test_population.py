"""The population register over real HTTP: what is asked, what is understood, and every way to get no answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core_bridge.population import (
    BadCodes,
    Codes,
    Custody,
    Meaning,
    PopulationRegister,
    RegisterBroken,
    RegisterError,
    RegisterRejected,
    RegisterUnavailable,
    RegisterWay,
    Wanted,
)
from core_bridge.population.answer import read
from core_bridge.population.codes import Block
from core_bridge.population.record import UNREADABLE
from core_bridge.population.request import body
from core_bridge.ways import Xtee, XteeMember
from portal.demo.people import IGOR, KARL, LIISA, MARI_LIIS, PEOPLE, SERGEI
from portal.demo.register import Register, create_register
from tests.serving import serving

pytestmark = pytest.mark.anyio

US = XteeMember("EE", "GOV", "70000000", "uks")
RR = XteeMember("EE", "GOV", "70008440", "rr")


@asynccontextmanager
async def asking(app: Starlette, patience: float = 5.0) -> AsyncIterator[PopulationRegister]:
    async with serving(app) as url:
        way = RegisterWay(Xtee(url, US, RR, "domesticDataExchange"), "avalik")
        client = PopulationRegister(way, timeout=patience)
        yield client
        await client.close()


async def ask(client: PopulationRegister, *people: Any, wanted: Wanted = Wanted.CUSTODY) -> Any:
    codes = [one.code[2:] for one in people]
    return await client.people(codes, user=MARI_LIIS.code, wanted=wanted)


def saying(text: str, status: int = 200, **headers: str) -> Starlette:
    async def answer(request: Request) -> Response:
        return Response(text, status, headers, "application/json")

    return Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])


async def test_a_mothers_record_names_her_children_with_kind_state_and_beginning() -> None:
    async with asking(create_register()) as client:
        found = await ask(client, MARI_LIIS)
    record = found[MARI_LIIS.code[2:]]
    assert (record.status, record.born) == ("E", date(1971, 1, 1))
    assert (record.given_name, record.family_name) == ("MARI-LIIS", "MÄNNIK")
    assert Custody("H10", "H1", KARL.birthdate, KARL.code[2:], "E", "KARL", "MÄNNIK") in record.custody
    assert {line.other for line in record.custody} == {KARL.code[2:], LIISA.code[2:]}


async def test_the_question_carries_the_headers_and_only_the_fields_that_are_needed() -> None:
    register = Register()
    async with asking(create_register(register)) as client:
        await ask(client, MARI_LIIS)
        [capacity] = (await ask(client, MARI_LIIS, wanted=Wanted.CAPACITY)).values()
    (headers, custody), (_, other) = register.asked
    assert headers["x-road-client"] == "EE/GOV/70000000/uks"
    assert headers["x-road-userid"] == MARI_LIIS.code
    assert UUID(headers["x-road-id"])
    assert headers["rr-request-reason"] == "avalik"
    fields: Any = custody["andmevaljad"]
    assert {block for block, names in fields.items() if names} == {"isikuandmed", "hooldusoigused"}
    assert "Eesnimi" not in str(other)
    assert capacity.given_name == capacity.custody[0].other_given_name == ""


async def test_who_is_not_found_is_not_in_the_answer() -> None:
    async with asking(create_register()) as client:
        found = await client.people(["60001017869"], user=MARI_LIIS.code, wanted=Wanted.CUSTODY)
    assert found == {}


async def test_more_than_twenty_people_are_asked_about_in_several_questions() -> None:
    register = Register()
    everybody = [one.code[2:] for one in PEOPLE] + [f"6000101{number}" for number in range(1000, 1020)]
    async with asking(create_register(register)) as client:
        found = await client.people(everybody, user=MARI_LIIS.code, wanted=Wanted.CAPACITY)
    assert len(found) == len(PEOPLE)
    assert len(register.asked) == 2
    with pytest.raises(ValueError, match="1 to 20"):
        body([str(number) for number in range(21)], Wanted.CUSTODY)


async def test_a_register_that_is_down_or_slow_is_unavailable() -> None:
    register = Register()
    async with asking(create_register(register), patience=0.3) as client:
        register.faults.down = True
        with pytest.raises(RegisterUnavailable, match="500"):
            await ask(client, MARI_LIIS)
        register.faults.clear()
        register.faults.slow_seconds = 1.0
        with pytest.raises(RegisterUnavailable):
            await ask(client, MARI_LIIS)
        register.faults.clear()
        assert await ask(client, MARI_LIIS)


async def test_a_register_that_nobody_serves_is_unavailable() -> None:
    way = RegisterWay(Xtee("http://127.0.0.1:9", US, RR, "domesticDataExchange"), "avalik")
    client = PopulationRegister(way, timeout=1.0)
    with pytest.raises(RegisterUnavailable):
        await ask(client, MARI_LIIS)
    await client.close()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
async def test_a_refusal_of_any_kind_is_no_answer_and_its_words_are_not_repeated(status: int) -> None:
    said = f'{{"code": "{MARI_LIIS.code}", "title": "{MARI_LIIS.code}"}}'
    async with asking(saying(said, status)) as client:
        with pytest.raises(RegisterRejected) as refused:
            await ask(client, MARI_LIIS)
    assert str(refused.value) == str(status)


async def test_a_fault_of_x_tee_itself_is_told_from_a_refusal() -> None:
    for kind, error in (("server.clientproxy.x", RegisterUnavailable), ("client.x", RegisterRejected)):
        async with asking(saying("{}", 400, **{"X-Road-Error": kind})) as client:
            with pytest.raises(error):
                await ask(client, MARI_LIIS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "[{}]",
        "<html>",
        '[{"isikukood": null}]',
        '[{"isikukood": "47101010033", "hooldusoigused": {}}]',
        '[{"isikukood": "47101010033"}, {"isikukood": "47101010033"}]',
        '[{"isikukood": "37101010021"}]',
    ],
)
async def test_an_answer_that_is_not_what_was_promised_breaks(text: str) -> None:
    async with asking(saying(text)) as client:
        with pytest.raises(RegisterBroken) as broken:
            await ask(client, MARI_LIIS)
    assert "47101010033" not in str(broken.value)


def test_what_is_missing_or_unreadable_in_a_record_stays_empty() -> None:
    line = '{"liik": null, "hooldusoigusAlgus": "eile", "teineIsikIsikukood": "61709229922"}'
    text = f'[{{"isikukood": "1", "synniKuupaev": "1950-00-00", "uus": 1, "hooldusoigused": [{line}]}}]'
    [record] = read(text.encode(), ["1"]).values()
    assert (record.status, record.born) == ("", None)
    assert record.custody == (Custody("", "", UNREADABLE, "61709229922"),)


async def test_the_log_has_the_message_and_the_time_it_took_and_nobodys_code() -> None:
    register = Register()
    async with asking(create_register(register)) as client:
        with structlog.testing.capture_logs() as logs:
            await ask(client, IGOR, SERGEI)
            register.faults.refusing = True
            with pytest.raises(RegisterError):
                await ask(client, IGOR, SERGEI)
    answered, refused = logs
    assert answered["message_id"] == register.asked[0][0]["x-road-id"]
    assert (answered["query"], answered["result"]) == ("custody", "answered")
    assert refused["result"] == "RegisterRejected"
    assert answered["milliseconds"] >= 0
    assert "37101010021" not in str(logs)
    assert "SERGEI" not in str(logs).upper()


def test_only_what_was_seen_in_use_has_a_meaning_until_an_installation_names_more() -> None:
    codes = Codes()
    assert codes.meaning(Block.PERSON, "E") is Meaning.ALIVE
    assert codes.meaning(Block.STATE, "H1") is Meaning.VALID
    assert codes.meaning(Block.KIND, "H10") is Meaning.PERSONAL
    assert codes.meaning(Block.KIND, "H20") is Meaning.PROPERTY
    assert codes.meaning(Block.KIND, "H1") is None
    assert not codes.knows(Meaning.ADULT_GUARDIAN)
    named = Codes.completed({"adult_guardian": ["H70", "H71"]})
    assert named.meaning(Block.KIND, "H71") is Meaning.ADULT_GUARDIAN
    assert Meaning.ADULT_GUARDIAN not in named.unverified()
    assert Meaning.WARD in named.unverified()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"guardian": ["H9"]}, "'guardian' is none of"),
        ({"ward": ["H10"]}, "'H10' would mean two things"),
        ({"ward": ["H9"], "adult_guardian": ["H9"]}, "'H9' would mean two things"),
        ({"dead": [""]}, "a code is empty"),
    ],
)
def test_codes_that_could_be_misread_are_refused(given: dict[str, list[str]], told: str) -> None:
    with pytest.raises(BadCodes, match=told):
        Codes.completed(given)
