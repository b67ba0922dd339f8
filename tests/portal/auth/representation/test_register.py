"""The population register as a source of rights, asked over real HTTP; and choosing by it through the real door."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core_bridge.population import Codes, PopulationRegister, RegisterWay
from core_bridge.ways import Xtee, XteeMember
from portal.auth.actors import actor_of
from portal.auth.representation import Acting, Asking, Choice, Silent
from portal.auth.representation.register import Capacity, Death, RegisterSource
from portal.auth.tables import SessionRow
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database, new_id
from portal.demo.people import (
    AINO,
    IGOR,
    JAAK_KRISTJAN,
    KARL,
    LIISA,
    MARI_LIIS,
    MARY_ANN,
    SAARA,
    SERGEI,
    DemoPerson,
)
from portal.demo.register import INVENTED_CODES, Link, Register, create_register
from portal.demo.register.state import ADULT_GUARDIAN, CHILD_GUARDIAN, FOSTER_PARENT, PARENT
from portal.identity import ALL_ABILITIES, Person, RightKind, SignedIn
from tests.portal.auth.site import Browser, Site, on_one_store, open_site
from tests.serving import free_port, serving_beside

pytestmark = pytest.mark.anyio

SOURCE = "population-register"


@dataclass
class World:
    """The simulated register, the source that asks it, and the deaths it was told of."""

    register: Register
    source: RegisterSource
    deaths: list[str]

    async def ask(self, who: DemoPerson, whom: DemoPerson) -> Any:
        return await self.source.ask(asking(who), whom.code)

    async def names(self, who: DemoPerson) -> list[str]:
        return [one.name for one in await self.source.representees(asking(who))]


@contextmanager
def running(register: Register, patience: float = 3.0) -> Iterator[PopulationRegister]:
    port = free_port()
    way = Xtee(
        f"http://127.0.0.1:{port}",
        XteeMember("EE", "GOV", "70000000", "uks"),
        XteeMember("EE", "GOV", "70008440", "rr"),
        "domesticDataExchange",
    )
    with serving_beside(create_register(register), port):
        yield PopulationRegister(RegisterWay(way, "avalik"), timeout=patience)


@pytest.fixture
async def world(clock: FixedClock) -> AsyncIterator[World]:
    register, deaths = Register(), []

    async def told(death: Death) -> None:
        deaths.append(death.code)

    with running(register) as client:
        source = RegisterSource(client, clock, Codes.completed(INVENTED_CODES), told)
        yield World(register, source, deaths)
        await source.close()


def asking(who: DemoPerson) -> Asking:
    return Asking(Person(new_id(), who.code, who.given_name, who.family_name, who.birthdate), new_id())


async def test_a_mother_is_offered_her_children_and_nobody_elses(world: World) -> None:
    assert await world.names(MARI_LIIS) == ["Karl Männik", "Liisa Männik"]
    assert await world.names(JAAK_KRISTJAN) == ["Saara Jõeorg"]
    assert await world.names(IGOR) == ["Sergei Žaikovski"]
    for nobody in (AINO, KARL, MARY_ANN):
        assert await world.names(nobody) == []


async def test_a_right_over_a_child_says_until_when(world: World) -> None:
    found = await world.ask(MARI_LIIS, KARL)
    assert (found.source, found.code, found.name) == (SOURCE, KARL.code, "Karl Männik")
    assert found.right.kind is RightKind.PARENT
    assert found.right.scope == ALL_ABILITIES
    assert found.right.valid_until == datetime(2028, 5, 13, 21, 0, tzinfo=UTC)


async def test_a_right_ends_with_the_midnight_of_the_eighteenth_birthday(
    world: World, clock: FixedClock
) -> None:
    clock.moment = datetime(2028, 5, 13, 20, 59, 59, tzinfo=UTC)
    assert await world.ask(MARI_LIIS, KARL) is not None
    assert await world.names(MARI_LIIS) == ["Karl Männik", "Liisa Männik"]
    clock.advance(seconds=1)
    assert await world.ask(MARI_LIIS, KARL) is None
    assert await world.names(MARI_LIIS) == ["Liisa Männik"]


@pytest.mark.parametrize(
    ("kinds", "ward", "kind"),
    [
        (PARENT, SAARA, RightKind.PARENT),
        (CHILD_GUARDIAN, SAARA, RightKind.CHILD_GUARDIAN),
        (FOSTER_PARENT, SAARA, RightKind.FOSTER_PARENT),
        (ADULT_GUARDIAN, AINO, RightKind.ADULT_GUARDIAN),
    ],
)
async def test_every_kind_of_right_is_told_by_its_name(
    world: World, kinds: tuple[str, ...], ward: DemoPerson, kind: RightKind
) -> None:
    world.register.links = [Link(MARY_ANN.code, ward.code, kinds, date(2025, 1, 1))]
    found = await world.ask(MARY_ANN, ward)
    assert found.right.kind is kind
    assert (found.right.valid_until is None) == (kind is RightKind.ADULT_GUARDIAN)
    assert await world.ask(ward, MARY_ANN) is None


async def test_nobody_gets_a_right_over_somebody_elses_child_oneself_or_a_stranger(world: World) -> None:
    assert await world.ask(MARI_LIIS, SAARA) is None
    assert await world.ask(KARL, MARI_LIIS) is None
    assert await world.ask(MARI_LIIS, MARI_LIIS) is None
    for code in ("EE60001017869", "EE75012345", "CA12345", "", "EE", "61709229922"):
        assert await world.source.ask(asking(MARI_LIIS), code) is None


async def test_a_foreign_person_is_not_asked_about_at_all(world: World) -> None:
    foreign = Asking(Person(new_id(), "LV010180-12345", "Ilze", "Paraugs"), new_id())
    assert await world.source.representees(foreign) == ()
    assert await world.source.ask(foreign, KARL.code) is None
    assert world.register.asked == []


async def test_ended_custody_is_gone_at_once_from_the_list_and_from_the_answer(world: World) -> None:
    world.register.end(MARI_LIIS.code, KARL.code)
    assert await world.names(MARI_LIIS) == ["Liisa Männik"]
    assert await world.ask(MARI_LIIS, KARL) is None


async def test_custody_that_has_not_begun_is_none_yet(world: World, clock: FixedClock) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    world.register.links = [replace(link, since=tomorrow) for link in world.register.links]
    assert await world.ask(MARI_LIIS, KARL) is None
    clock.advance(days=1)
    assert await world.ask(MARI_LIIS, KARL) is not None


async def test_records_that_contradict_each_other_give_no_right(world: World) -> None:
    world.register.faults.contradictory = True
    assert await world.ask(MARI_LIIS, KARL) is None
    assert await world.ask(IGOR, SERGEI) is None


async def test_a_death_ends_every_right_and_is_told_on(world: World) -> None:
    world.register.bury(KARL.code)
    assert await world.names(MARI_LIIS) == ["Liisa Männik"]
    assert await world.ask(MARI_LIIS, KARL) is None
    assert set(world.deaths) == {KARL.code}
    world.deaths.clear()
    world.register.bury(IGOR.code)
    assert await world.ask(IGOR, SERGEI) is None
    assert world.deaths == [IGOR.code]


async def test_an_installation_that_has_named_no_codes_knows_parents_only(world: World) -> None:
    plain = replace(world.source, codes=Codes())
    assert await plain.ask(asking(MARI_LIIS), KARL.code) is not None
    assert await plain.ask(asking(IGOR), SERGEI.code) is None
    # The line between two adults is of unknown kind: neither of them can be said to act alone.
    assert (await plain.capacity(SERGEI.code)).restricted


async def test_a_silent_register_is_neither_yes_nor_no(clock: FixedClock) -> None:
    register = Register()
    with running(register, patience=0.3) as client:
        source = RegisterSource(client, clock, Codes())
        for fault, value in (("down", True), ("slow_seconds", 1.0), ("garbage", True), ("refusing", True)):
            setattr(register.faults, fault, value)
            for question in (
                source.representees(asking(MARI_LIIS)),
                source.ask(asking(MARI_LIIS), KARL.code),
                source.capacity(AINO.code),
            ):
                with pytest.raises(Silent):
                    await question
            register.faults.clear()
        await source.close()


async def test_capacity_tells_who_may_act_for_themselves(world: World) -> None:
    capacity = world.source.capacity
    assert await capacity(AINO.code) == Capacity(alive=True, minor=False, restricted=False)
    assert await capacity(IGOR.code) == Capacity(alive=True, minor=False, restricted=False)
    assert await capacity(KARL.code) == Capacity(alive=True, minor=True, restricted=False)
    assert await capacity(SERGEI.code) == Capacity(alive=True, minor=False, restricted=True)
    world.register.bury(AINO.code)
    assert await capacity(AINO.code) == Capacity(alive=False, minor=False, restricted=False, dead=True)
    assert (await capacity(AINO.code)).full is False
    assert not (await capacity("EE60001017869")).full
    assert not (await capacity("CA12345")).full


async def test_standing_is_asked_for_many_in_the_name_of_who_wants_to_know(world: World) -> None:
    told = await world.source.standing([AINO.code, LIISA.code, "CA12345"], asked_by=MARI_LIIS.code)
    assert {code: each.minor for code, each in told.items()} == {AINO.code: False, LIISA.code: True}
    [(headers, _)] = world.register.asked
    assert headers["x-road-userid"] == MARI_LIIS.code


# --- through the door


@pytest.fixture
async def site(database: Database, keys: KeyRing, clock: FixedClock, world: World) -> AsyncIterator[Site]:
    async with open_site(database, keys, clock, sources=[world.source]) as opened:
        yield opened


async def choose(browser: Browser, code: str) -> Any:
    token = await browser.csrf()
    return await browser.post("/auth/acting-for", token | {"party": "", "source": SOURCE, "code": code})


async def signed_in(site: Site) -> SignedIn:
    async with site.db.read() as session:
        row = (await session.execute(select(SessionRow))).one()
    return SignedIn(row.id, actor_of(row), "", site.clock.now(), None)


async def test_a_mother_chooses_her_son_and_acts_for_him(site: Site) -> None:
    browser = site.browser()
    await browser.sign_in()
    assert (await choose(browser, KARL.code)).status_code == 200
    actor = (await signed_in(site)).actor
    assert (actor.party.code, actor.party.name) == (KARL.code, "Karl Männik")
    assert actor.right.kind is RightKind.PARENT
    assert actor.right.valid_until == datetime(2028, 5, 13, 21, 0, tzinfo=UTC)


@on_one_store
async def test_a_crafted_choice_is_refused_in_plain_words(site: Site) -> None:
    browser = site.browser()
    await browser.sign_in()
    for code in (SAARA.code, AINO.code, "EE", "' OR 1=1"):
        assert (await choose(browser, code)).status_code == 403
    assert (await signed_in(site)).actor.for_self


@on_one_store
async def test_a_register_that_is_down_lets_nobody_choose_and_says_so(site: Site, world: World) -> None:
    browser = site.browser()
    await browser.sign_in()
    world.register.faults.down = True
    answer = await choose(browser, KARL.code)
    assert answer.status_code == 503
    assert "Register ei vasta" in answer.text
    world.register.faults.clear()
    assert (await choose(browser, KARL.code)).status_code == 200


async def test_before_a_binding_act_the_register_is_asked_again(site: Site, world: World) -> None:
    browser = site.browser()
    await browser.sign_in()
    await choose(browser, KARL.code)
    acting = Acting(site.db, site.clock, {SOURCE: world.source})
    before = await signed_in(site)
    assert await acting.confirm(before) is Choice.HELD
    world.register.faults.down = True
    assert await acting.confirm(before) is Choice.SILENT
    world.register.faults.clear()
    assert not (await signed_in(site)).actor.right.is_over(site.clock.now())
    world.register.faults.contradictory = True
    assert await acting.confirm(before) is Choice.GONE
    after = (await signed_in(site)).actor
    assert after.for_self or after.right.is_over(site.clock.now())
