"""What is somebody else's does not exist: on every address with an id, to look at or to send to."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.routing import Mount, Route

from journeys.tables import AttachmentRow
from portal.db import new_id
from tests.hostile.world import PDF, Person, World, told_plainly
from tests.journeys.page import Page

pytestmark = pytest.mark.anyio

# Addresses without anybody's id in them.
NOBODYS = {
    "/", "/et", "/services", "/services/{journey}", "/kov", "/kov/{slug}", "/apply/{journey}", "/drafts", "/inbox",
    "/inbox/ended", "/messages", "/messages/new", "/me", "/me/remove", "/me/confirm/{token}", "/accessibility",
    "/privacy", "/cookies", "/help", "/kept/{id:uuid}",
}  # fmt: skip
# The person's own affairs, and what is open to all: tests/access tries each as every kind of actor.
TRIED_ELSEWHERE = {"me", "representation", "passkey", "embed"}


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """List every address below a language, with its methods."""
    for route in world.parts.routes():
        if (
            isinstance(route, Mount)
            or not isinstance(route, Route)
            or not route.path.startswith("/{lang:lang}")
        ):
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path.removeprefix("/{lang:lang}")


async def things(world: World, mari: Person) -> dict[str, list[dict[str, str]]]:
    """Have one of everything; gives the ids by the kind of thing that an address starts with."""
    draft = await mari.draft()
    await mari.attach(draft, ("arve.pdf", PDF))
    async with world.db.read() as session:
        file = await session.scalar(select(AttachmentRow.id).filter_by(draft_id=UUID(draft)))
    asked, _ = await world.asked(mari)
    form = await mari.form(f"/et/inbox/{asked}/messages")
    files = [("files", ("arve.pdf", PDF, "application/pdf"))]
    await mari.post(f"/et/inbox/{asked}/messages", form | {"text": "Tere"}, files=files)
    decided, page = await world.decided(mari)
    await mari.send(page)
    found = {
        "task_id": await world.entry(asked, "task"),
        "decision_id": await world.entry(decided, "decision"),
    }
    documents = {
        asked: await world.entry(asked, "document"),
        decided: await world.entry(decided, "document"),
    }
    of_matter = [{"id": m, **found, "document_id": documents[m]} for m in (asked, decided)]
    of_draft = {"id": draft, "step": "teie", "slot": "bills", "file": str(file)}
    return {"drafts": [of_draft], "receipts": of_matter, "inbox": [*of_matter, {**of_matter[0], "id": draft}]}


def filled(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(f"{{{name}:uuid}}", value).replace(f"{{{name}}}", value)
    assert "{" not in path, path
    return f"/et{path}"


async def test_every_address_with_an_id_is_not_there_for_somebody_else(
    world: World, mari: Person, jaak: Person
) -> None:
    mine = await things(world, mari)
    before = await world.rows()
    tried = 0
    for method, path in addresses(world):
        if path in NOBODYS or path.split("/")[1] in TRIED_ELSEWHERE:
            continue
        for ids in mine[path.split("/")[1]]:
            address = filled(path, ids)
            typed = (await jaak.fresh()) | {
                "text": "x",
                "act": "next",
                "confirm": "y",
                "revision": "2",
                "reason": "x",
            }
            if method == "GET":
                answer = await jaak.client.get(address)
            else:
                answer = await jaak.post(address, typed)
            tried += 1
            if path.endswith("/delete") and method == "POST":
                # A repeat finds nothing more to delete, whoever asks.
                assert answer.headers["location"] == "/et/drafts"
            elif path.endswith("/autosave"):
                assert answer.status_code == 404, address
            else:
                told_plainly(answer, 404)
            assert "Männik" not in answer.text
    assert tried >= 30
    after = await world.rows()
    for table in before:
        if table != "session":
            assert after[table] == before[table], table


async def test_a_thing_under_a_matter_of_ones_own_is_still_somebody_elses(
    world: World, mari: Person, jaak: Person
) -> None:
    mine = (await things(world, mari))["inbox"][0]
    own, _ = await world.asked(jaak)
    form = (await jaak.fresh()) | {"text": "x"}
    for ending in ("tasks/{task_id}", "decisions/{decision_id}", "documents/{document_id}"):
        address = filled(f"/inbox/{own}/{ending}", mine)
        told_plainly(await jaak.client.get(address), 404)
        if not ending.startswith("documents"):
            told_plainly(await jaak.post(address, form), 404)


async def test_made_up_ids_are_not_there(world: World, mari: Person) -> None:
    made_up = {name: str(new_id()) for name in ("id", "task_id", "decision_id", "document_id", "file")}
    odd = {"step": "teie", "slot": "bills", "journey": "x", "slug": "x", "token": "x"}
    for method, path in addresses(world):
        if "{" not in path:
            continue
        address = filled(path, made_up | odd)
        answer = await (
            mari.client.get(address) if method == "GET" else mari.post(address, await mari.fresh())
        )
        if path.endswith(("/delete", "/passkeys/{id:uuid}/remove")) and method == "POST":
            continue
        told_plainly(answer, 404)


async def test_the_list_shows_only_ones_own(world: World, mari: Person, jaak: Person) -> None:
    await things(world, mari)
    sent = await jaak.sent()
    for path in ("/et/inbox", "/et/inbox/ended", "/et/drafts", "/et/me"):
        page = await jaak.get(path)
        assert "Männik" not in page.text
        ids = {link for link in Page(page.text).links if "/inbox/0" in link or "/drafts/0" in link}
        assert all(sent in link for link in ids), ids


async def test_an_actor_is_asked_of_every_address(world: World) -> None:
    """Every address below a language either is open or leads a stranger to the door."""
    client = world.client()
    ids: dict[str, Any] = {
        name: str(new_id()) for name in ("id", "task_id", "decision_id", "document_id", "file")
    }
    odd = {"step": "x", "slot": "x", "journey": "toimetulekutoetus", "slug": "rakvere-linn", "token": "x"}
    for method, path in addresses(world):
        answer = await client.request(method, filled(path, ids | odd))
        door = answer.headers.get("location", "").startswith("/auth/login?")
        assert door == (path.split("/")[1] not in _OPEN), (path, answer.status_code)
    await client.aclose()


_OPEN = {"", "services", "kov", "accessibility", "privacy", "cookies", "help", "passkey", "embed"}
