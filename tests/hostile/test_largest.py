"""The largest application that can be filled in: it is sent, handed over and shown like any other."""

from typing import Any

import pytest
from sqlalchemy import select

from core_bridge.wire import Application
from journeys.answers import LONGEST
from journeys.definition import Journey
from journeys.fields import AskedField, FieldType, Group
from journeys.loading import load_catalogue
from journeys.tables import ApplicationRow
from tests.hostile.world import JOURNEY, World, form_of, words

pytestmark = pytest.mark.anyio

EXTREMES: dict[FieldType, Any] = {
    FieldType.YES_NO: "yes", FieldType.MONEY: "999 999,99 €", FieldType.INTEGER: "9", FieldType.DECIMAL: "999,99",
    FieldType.DATE: "1.11.2026", FieldType.PERSON: "1.1.1950", FieldType.IBAN: "EE38 2200 2210 2014 5685",
    FieldType.PHONE: "+" + "9" * 15, FieldType.EMAIL: "a@" + "b" * 60 + "." + "c" * 60 + ".ee", FieldType.MUNICIPALITY: "0663",
}  # fmt: skip


def extreme(field: AskedField) -> Any:
    if field.type is FieldType.CHOICES:
        return [option.value for option in field.options]
    if field.type is FieldType.CHOICE:
        return field.options[-1].value
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        return "Õ" * min(field.max_length, LONGEST)
    if field.maximum:
        return f"{field.maximum:f}".replace(".", ",")
    return EXTREMES[field.type]


def filled(group: Group) -> dict[str, Any]:
    answers: dict[str, Any] = {field.id: extreme(field) for field in group.fields()}
    for part in group.repeated():
        assert part.repeat is not None
        answers[part.id] = [{"key": f"k{n}", **filled(part)} for n in range(part.repeat.maximum)]
    return answers


def everything(journey: Journey) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for step in journey.steps:
        if step.scope is not None:
            answers |= filled(step.scope)
    return answers


async def test_the_largest_application_arrives_like_any_other(alone: World) -> None:
    mari = await alone.person("Õ" * 120, "Ž" * 120)
    answers = everything(load_catalogue()[JOURNEY])
    draft = await mari.draft(**answers)
    for step in ("teie", "pere", "eluase", "dokumendid", "konto"):
        path = f"/et/drafts/{draft}/{step}"
        page = await mari.get(path)
        answer = await mari.post(path, form_of(page, path) | {"act": "next"})
        if answer.status_code != 303:
            answer = await mari.post(path, form_of(answer, path) | {"act": "next"})
        assert answer.status_code == 303, (step, words(answer)[:600])
    review = f"/et/drafts/{draft}/review"
    sent = await mari.send(review, confirm="y")
    assert sent.headers.get("location") == f"/et/receipts/{draft}", words(sent)
    await alone.work()
    async with alone.db.read() as session:
        row = (await session.execute(select(ApplicationRow))).one()
    assert row.handed_at is not None
    assert len(Application.model_validate_json(row.body).answers) > 20
    assert "ÕÕÕ" in await alone.official.see(f"/applications/{draft}")
    await mari.get(f"/et/receipts/{draft}")
    assert await alone.entry(draft, "event", what="handed_over")


async def test_the_longest_letter_in_any_alphabet_arrives_and_one_letter_more_comes_back(
    alone: World,
) -> None:
    mari = await alone.person()
    sent = await mari.sent()
    await alone.work()
    path = f"/et/inbox/{sent}/messages"
    for letter in ("x", "Ж", "💶"):
        form = await mari.form(path)
        told = {name: (None, value) for name, value in (form | {"text": letter * 20_001}).items()}
        too_long = await mari.client.post(path, files=told)
        assert too_long.status_code == 422
        assert form_of(too_long, path)["text"] == letter * 20_001
        told = {name: (None, value) for name, value in (form | {"text": letter * 20_000}).items()}
        assert (await mari.client.post(path, files=told)).status_code == 303
    await alone.work(minutes=1)
    assert (await mari.get(path)).text.count("edastatud 17.11") == 3
