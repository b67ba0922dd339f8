"""No form of the portal loses what was typed into it when its session has ended: every page that takes words."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.sessions import start
from portal.auth.tables import KeptFormRow
from portal.clock import FixedClock
from portal.db import new_id
from tests.access.belongings import Belongings
from tests.access.examples import EXAMPLES
from tests.access.kinds import NOW
from tests.conftest import Sqlite
from tests.hostile.world import Person, World, opened, words
from tests.journeys.page import Page

pytestmark = pytest.mark.anyio

TYPED = "Kirjutasin seda & „pool tundi“"
# Not sent by a person who has typed something: machines, the way in and out, and what has one button alone.
NO_WORDS = re.compile(
    r"^/auth/|^/passkeys/|/passkey$|/autosave$|/remove$|/end$|/end-(others|all)$|/read$|/decline$"
)


def posts() -> Iterator[str]:
    """List the addresses that take what somebody has typed."""
    for method, path in EXAMPLES:
        if method == "POST" and not NO_WORDS.search(path):
            yield path


@pytest.fixture(scope="module")
async def had(
    sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Belongings]:
    """Somebody who has one of everything."""
    folder: Path = tmp_path_factory.mktemp("typed")
    async with sqlite.fresh(folder) as url, opened(url, folder, FixedClock(NOW)) as world:
        things = Belongings(world, await world.person("Mari-Liis", "Männik"))
        await things.gather()
        yield things


async def ended(world: World, whose: Person) -> tuple[Person, str]:
    """Sign the person in for a minute, and let the minute pass; gives them and the token of their forms."""
    late = await again(world, whose, timedelta(minutes=1))
    token = (await late.fresh())["csrf_token"]
    world.clock.advance(minutes=2)
    return late, token


async def again(world: World, whose: Person, lasts: timedelta) -> Person:
    """Sign the same person in once more, in another browser."""
    who, now = whose.actor.person, world.clock.now()
    told = Identity(
        who.code, who.given_name, who.family_name, None, "sid-late", "high", "idcard", "n", now, now + lasts
    )
    async with world.db.write() as tx:
        token, actor, session_id = await start(tx, Tokens(told, "id-token", "refresh"), "et", now, None)
    client = await world.stack.enter_async_context(world.client())
    client.cookies.set(world.cookie, token)
    return Person(world, client, actor, token, session_id)


@pytest.mark.parametrize("path", list(posts()))
async def test_what_was_typed_is_kept_and_comes_back_to_its_writer_alone(had: Belongings, path: str) -> None:
    world = had.world
    late, token = await ended(world, had.owner)
    address = EXAMPLES["POST", path].path.format_map(had.ids)
    form: dict[str, Any] = {"csrf_token": token, "party": str(late.actor.party.id), "form_id": str(new_id())}
    over = await late.post(address, form | {"text": TYPED, "revision": "1", "act": "next"})
    assert over.status_code == 401, (address, words(over))
    assert "Teie kirjutatu on alles." in over.text
    kept_at = f"/et/kept/{await newest(world)}"
    back = await again(world, had.owner, timedelta(hours=1))
    page = Page((await back.get(kept_at)).text)
    assert TYPED in page.text
    assert page.forms[address]["text"] == TYPED
    stranger = await world.person("Jaak", "Võõras")
    assert TYPED not in (await stranger.get(kept_at, 404)).text


async def newest(world: World) -> Any:
    async with world.db.read() as session:
        return await session.scalar(select(KeptFormRow.id).order_by(KeptFormRow.id.desc()))


def test_the_forms_that_have_a_button_alone_are_named_so() -> None:
    assert len(list(posts())) >= 15
