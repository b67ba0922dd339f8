"""Every address is asked by every kind of actor, with a real request, and answers as the table says."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from starlette.routing import Route

from core_bridge.inbound import SignedRoute
from portal.clock import FixedClock
from portal.db import new_id
from portal.ui import BarePage
from tests.access.belongings import Belongings
from tests.access.comers import Comer, GivenRights, Reply, also_asked, comer, form
from tests.access.examples import EXAMPLES, MAY_FILE, Example
from tests.access.kinds import NOW, STRANGER, Answer, Kind, everybody
from tests.conftest import Sqlite
from tests.hostile.world import World, opened

pytestmark = pytest.mark.anyio

STEP_UP = "Selleks logige sisse ID-kaardi, mobiil-ID või Smart-IDga"
OPEN_AS = ("See on inimese asi, kelle eest saate tegutseda", "See on Teie enda asi")
STALE_FORM = "Vorm ei kehti enam"
OTHER_PARTY = "See vorm on teise inimese asjas"


@dataclass
class Scene:
    """The portal, the owner's things, and somebody of each kind; the owner comes last."""

    world: World
    things: Belongings
    comers: list[Comer]

    @property
    def owner(self) -> str:
        return str(self.things.owner.actor.party.id)


@pytest.fixture(scope="module")
async def scene(
    sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("access")
    async with (
        sqlite.fresh(folder) as url,
        opened(url, folder, FixedClock(NOW), contact="uks@example.ee") as world,
    ):
        owner = await world.person("Mari-Liis", "Männik")
        things = Belongings(world, owner)
        await things.gather()
        given = GivenRights(owner.actor.party)
        also_asked(world, given)
        kinds = sorted(everybody(), key=lambda kind: kind.owner)
        comers = [await comer(world, kind, owner, given, 100 + n) for n, kind in enumerate(kinds)]
        yield Scene(world, things, comers)


def pages(world: World) -> dict[tuple[str, str], BarePage]:
    found = {}
    for route in world.parts.routes():
        if isinstance(route, BarePage):
            for method in (route.methods or set()) - {"HEAD"}:
                found[method, route.path] = route
    return found


async def test_every_address_is_in_the_table_with_its_action(scene: Scene) -> None:
    real = pages(scene.world)
    missing, gone = sorted(set(real) - set(EXAMPLES)), sorted(set(EXAMPLES) - set(real))
    assert missing == [], "these addresses need an example in tests/access/examples.py"
    assert gone == [], "these examples are of addresses that are not there"
    for address, page in real.items():
        assert page.action is EXAMPLES[address].action, address


async def test_what_is_no_page_is_for_machines(scene: Scene) -> None:
    """Signed calls of cores are tried in tests/contract; all else shows nothing of anybody."""
    for route in scene.world.parts.routes():
        if isinstance(route, Route) and not isinstance(route, BarePage | SignedRoute):
            assert re.fullmatch(r"/bridge/v1/[a-z-]*openapi\.json", route.path), route.path


@pytest.mark.parametrize(("method", "path"), EXAMPLES)
async def test_it_answers_every_kind_of_actor_as_the_table_says(scene: Scene, method: str, path: str) -> None:
    example, wrong = EXAMPLES[method, path], []
    for one in scene.comers:
        expected = told_by_the_table(one.kind, example, reading=method == "GET")
        if example.uses == "my session":
            # Whoever ended their sessions has ended those of the same person's other browsers as well.
            await one.sign_in()
        answer = await ask(scene, one, method, example)
        got = kind_of(answer)
        if got is not expected:
            wrong.append(f"{one.kind.name}: {got} ({answer.status}), the table says {expected}")
        if example.uses in scene.things.ids and answer.status == 303 and one.party == scene.owner:
            await scene.things.renew(example.uses)
    if example.uses == "my session":
        for one in scene.comers:
            await one.sign_in()
    assert not wrong, "\n".join([f"{method} {path}", *wrong])


@pytest.mark.parametrize(
    ("method", "path"), [each for each in EXAMPLES if EXAMPLES[each].others is Answer.ALLOWED]
)
async def test_where_everybody_is_told_yes_nothing_of_others_is_touched(
    scene: Scene, method: str, path: str
) -> None:
    before = await scene.world.rows()
    for one in scene.comers:
        if one.party != scene.owner and one.me != scene.owner:
            await ask(scene, one, method, EXAMPLES[method, path])
    after = await scene.world.rows()
    assert {name for name in before if before[name] != after[name]} <= {"session", "audit", "kept_form"}


async def ask(scene: Scene, one: Comer, method: str, example: Example) -> Reply:
    address = example.path.format_map(scene.things.ids)
    if method == "GET":
        return await one.ask("GET", address)
    return await one.ask("POST", address, form(one, example.form, str(new_id())))


def told_by_the_table(kind: Kind, example: Example, *, reading: bool) -> Answer:
    if kind is STRANGER and example.stranger is not None:
        return example.stranger
    told = kind.answered(example.action, thing=example.names_a_thing, reading=reading)
    if told is Answer.ALLOWED and kind.right is not None:
        narrow = example.begins and (kind.right.is_limited or not kind.right.allows(example.begins))
        if narrow or (example.filing and kind.right.kind not in MAY_FILE):
            return Answer.REFUSED
    return example.others if told is Answer.NOT_FOUND and example.others is not None else told


def kind_of(answer: Reply) -> Answer | str:
    """Tell what an answer is, by its status and its heading."""
    title = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    said = unescape(title[1]).strip() if title else ""
    if answer.headers.get("location", "").startswith("/auth/login?"):
        return Answer.SIGN_IN
    if said in (STALE_FORM, OTHER_PARTY) or answer.status == 500:
        return said or "a fault"
    if answer.status == 404:
        return Answer.OPEN_AS if said in OPEN_AS else Answer.NOT_FOUND
    if answer.status in (401, 403, 410):
        return Answer.STEP_UP if said == STEP_UP else Answer.REFUSED
    return Answer.ALLOWED
