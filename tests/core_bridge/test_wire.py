"""The wire models: what they take, what they refuse, and that frozen bytes stay the same."""

import json
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core_bridge import wire
from core_bridge.wire import Application, Event, batch, changes_page, event, freeze, freeze_batch
from tests.core_bridge.messages import NOW, application


def complete(**changed: Any) -> Event:
    data = wire.Complete(proceeding_id="p1", application_id=uuid4(), complete_at=NOW, core_state="menetluses")
    given: dict[str, Any] = {"event_id": "e1", "source": "STAR", "subject": "proceedings/p1", "sequence": 3}
    return event(data, time=NOW, **{**given, **changed})


def broken(**changed: Any) -> bytes:
    """Return a batch of one event with something else in its envelope."""
    (told,) = json.loads(freeze_batch((complete(),)))
    return json.dumps([{**told, **changed}]).encode()


def test_the_same_message_freezes_to_the_same_bytes_and_reads_back() -> None:
    sent = application()
    assert freeze(sent) == freeze(sent)
    assert Application.model_validate_json(freeze(sent)) == sent
    assert freeze(Application.model_validate_json(freeze(sent))) == freeze(sent)


def test_names_are_camel_case_and_times_have_their_zone() -> None:
    told = json.loads(freeze(application()))
    assert told["submittedBy"]["person"]["code"] == "EE38001085718"
    assert told["sentAt"] == "2026-11-17T12:00:00Z"
    assert told["answers"][0]["register"]["asOf"] == "2026-11-17T12:00:00Z"
    assert told["answers"][3]["rows"][0][0]["value"] == "Mari Näidis"


@pytest.mark.parametrize(
    "time", ["2026-11-17", "2026-11-17T12:00:00", "1700000000", 1700000000, None, "17.11.2026", "homme"]
)
def test_a_time_without_its_zone_is_no_time(time: Any) -> None:
    told = {**json.loads(freeze(application())), "sentAt": time}
    with pytest.raises(ValidationError):
        Application.model_validate_json(json.dumps(told))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("applicant", {"code": "38001085718", "name": "Koodil puudub riik"}),
        ("applicant", {"code": "EE38001085718", "name": "x" * 501}),
        ("applicant", {"code": "EE38001085718", "name": "null\u0000märk"}),
        ("contentHash", "abc"),
        ("journey", {"id": "../../etc", "version": 1}),
        ("journey", {"id": "toetus", "version": 0}),
        ("delivery", "tuviga"),
        ("answers", [{"id": "a", "labelEt": "A", "value": {"b": 1}}]),
        ("answers", [{"id": "a", "labelEt": "A", "value": "x" * 20_001}]),
        ("answers", [{"id": "a", "labelEt": "A", "value": 10**16}]),
        ("answers", [{"id": "a", "labelEt": "A"}] * 501),
        ("files", [{"fileId": "x"}]),
    ],
)
def test_what_is_out_of_bounds_is_refused(field: str, value: Any) -> None:
    told = {**json.loads(freeze(application())), field: value}
    with pytest.raises(ValidationError):
        Application.model_validate_json(json.dumps(told))


def test_what_a_newer_side_adds_is_passed_over() -> None:
    told = {**json.loads(freeze(application())), "somethingNew": {"deep": [1]}}
    assert Application.model_validate_json(json.dumps(told))


def test_an_event_travels_as_cloudevents_and_keeps_its_type() -> None:
    (told,) = json.loads(freeze_batch((complete(),)))
    assert told["specversion"] == "1.0"
    assert told["type"] == "ee.uks.proceeding.complete.v1"
    assert told["sequence"] == "3"
    assert told["data"]["coreState"] == "menetluses"
    (read,) = batch(freeze_batch((complete(),)))
    assert isinstance(read.data, wire.Complete)


@pytest.mark.parametrize(
    "changed",
    [
        {"specversion": "0.3"},
        {"sequence": "0"},
        {"sequence": "-1"},
        {"sequence": "1.5"},
        {"sequence": True},
        {"sequence": "9" * 17},
        {"subject": "proceedings"},
        {"subject": "proceedings/../x"},
        {"subject": "proceedings/a/b"},
        {"id": ""},
        {"time": "2026-11-17T12:00:00"},
        {"data": {"proceedingId": "p1"}},
        {"data": None},
    ],
)
def test_a_broken_event_is_refused_when_pushed(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        batch(broken(**changed))


def test_broken_data_in_the_feed_stays_so_that_the_others_go_on() -> None:
    events = json.loads(broken(data={"proceedingId": "p1"})) + json.loads(freeze_batch((complete(),)))
    page = changes_page(json.dumps({"events": events, "next": "2", "more": False}).encode())
    first, second = page.events
    assert isinstance(first.data, wire.Unrecognised)
    assert first.data.raw == {"proceedingId": "p1"}
    assert "completeAt" in first.data.problem
    assert isinstance(second.data, wire.Complete)


def test_a_type_that_we_do_not_know_yet_is_kept_whole() -> None:
    (read,) = batch(broken(type="ee.uks.proceeding.complete.v2", data={"new": 1}))
    assert isinstance(read.data, wire.Unrecognised)
    assert read.data.raw == {"new": 1}


def test_every_type_of_the_contract_has_its_model() -> None:
    names = "registered forwarded assessment in-progress information-requested request-cancelled"
    names += " hearing-opened waiting-third-party complete extended decided queued in-force suspended"
    names += " resumed ended withdrawn left-unexamined challenge-decided"
    expected = {f"ee.uks.proceeding.{name}.v1" for name in names.split()}
    rest = "message.sent message.seen document.added benefit.changed offer.made representation.changed"
    expected |= {f"ee.uks.{name}.v1" for name in rest.split()}
    assert {data.TYPE for data in wire.ALL} == expected


def test_an_amount_is_exact_money() -> None:
    line = wire.CalculationLine(label="Toimetulekupiir", amount="924.00")
    assert json.loads(freeze(line))["amount"] == "924.00"
    for amount in ("1.001", "NaN", "Infinity", "1e20", "kolm"):
        with pytest.raises(ValidationError):
            wire.CalculationLine(label="x", amount=amount)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for read in (batch, changes_page, Application.model_validate_json):
        with suppress(ValidationError):
            read(body)


def test_a_period_reads_from_and_to() -> None:
    told = json.loads(freeze(wire.Period(first=date(2026, 11, 1), last=date(2026, 11, 30))))
    assert told == {"from": "2026-11-01", "to": "2026-11-30"}
    assert wire.Period.model_validate(told).first == date(2026, 11, 1)
