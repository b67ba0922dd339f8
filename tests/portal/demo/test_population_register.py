"""The simulated population register: it refuses what the real one would, and its page steers it."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from portal.demo.people import JAAK_KRISTJAN, MARI_LIIS, SAARA
from portal.demo.register import Register, create_register

ISIKUD = "/r1/EE/GOV/70008440/rr/domesticDataExchange/v1/isikud"
HEADERS = {
    "X-Road-Client": "EE/GOV/70000000/uks",
    "X-Road-UserId": MARI_LIIS.code,
    "X-Road-Id": "4f1c0a52-6f0e-4c1e-9b52-0d2c1a7f9d11",
    "RR-Request-Reason": "avalik",
}
QUESTION: dict[str, Any] = {
    "isikukoodid": [JAAK_KRISTJAN.code[2:]],
    "andmevaljad": {"isikuandmed": ["Isikukood", "IsikuStaatus"], "hooldusoigused": ["Liik"], "suhted": []},
}


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def client(register: Register) -> TestClient:
    return TestClient(create_register(register), follow_redirects=True)


def test_it_answers_as_the_register_writes_and_only_what_was_asked(client: TestClient) -> None:
    answer = client.post(ISIKUD, json=QUESTION, headers=HEADERS)
    kinds = [("H10", "täielik isikuhooldusõigus"), ("H20", "täielik varahooldusõigus")]
    assert answer.json() == [
        {
            "isikukood": "38001085718",
            "isikuStaatus": {"kood": "ISIKU_STAATUS", "elemendiKood": "E", "nimetus": "ELUS"},
            "hooldusoigused": [
                {"liik": {"kood": "HOOLDUSE_LIIK", "elemendiKood": kind, "nimetus": name}}
                for kind, name in kinds
            ],
        }
    ]
    assert answer.headers["x-road-id"] == HEADERS["X-Road-Id"]


@pytest.mark.parametrize("name", ["X-Road-Client", "X-Road-UserId", "RR-Request-Reason"])
def test_it_refuses_a_question_without_its_headers(client: TestClient, name: str) -> None:
    headers = {each: value for each, value in HEADERS.items() if each != name}
    answer = client.post(ISIKUD, json=QUESTION, headers=headers)
    assert answer.status_code == 400
    assert ("x-road-error" in answer.headers) == (name == "X-Road-Client")


@pytest.mark.parametrize(
    "wrong",
    [
        {"isikukoodid": []},
        {"isikukoodid": [str(number) for number in range(21)]},
        {"andmevaljad": {"isikuandmed": ["Pikkus"]}},
        {"andmevaljad": {"dokumendid": ["Number"]}},
        {"andmevaljad": None},
    ],
)
def test_it_refuses_too_many_people_and_unknown_fields(client: TestClient, wrong: dict[str, Any]) -> None:
    assert client.post(ISIKUD, json=QUESTION | wrong, headers=HEADERS).status_code == 400
    assert client.post(ISIKUD, content=b"{", headers=HEADERS).status_code == 400


def test_its_page_ends_custody_lets_somebody_die_and_begins_anew(
    client: TestClient, register: Register
) -> None:
    assert "Saara Jõeorg" in client.get("/").text
    pair = {"holder": JAAK_KRISTJAN.code, "ward": SAARA.code}
    assert "On lõppenud." in client.post("/simulator/custody", data=pair).text
    assert "<strong>surnud</strong>" in client.post("/simulator/death", data={"person": SAARA.code}).text
    client.post("/simulator/death", data={"person": "EE1"})
    assert register.dead == {SAARA.code}
    for fault in ("down", "slow", "contradictory"):
        client.post(f"/simulator/{fault}")
    assert (register.faults.down, register.faults.contradictory) == (True, True)
    assert register.faults.slow_seconds > 6
    page = client.post("/simulator/anew").text
    assert "On lõppenud." not in page
    assert "surnud</strong>" not in page
    assert not register.faults.down
