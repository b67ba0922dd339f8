"""A core that is down, slow, broken, forgetful or stubborn: nothing is lost or doubled, and the pages say what is true."""

from uuid import UUID

import pytest

from core_bridge.reference_core import Fault
from core_bridge.wire import freeze
from tests.core_bridge.messages import application
from tests.portal.faults.world import World

pytestmark = pytest.mark.anyio

KEPT = "Taotlus on meil kindlalt alles."
SILENT = "STAR ei vasta. Proovime edasi, viimati 14.00"
DELAYED = "Edastamine süsteemi STAR viibib. Proovime edasi, viimati 14.00"


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> float:
    """How long the portal waits: not for a slow core."""
    return 0.4 if "slow" in request.node.callspec.id else 10.0


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.DOWN, SILENT),
        (Fault.ERROR, SILENT),
        (Fault.GARBAGE, DELAYED),
        (Fault.LOST, SILENT),
        (Fault.SLOW, SILENT),
    ],
    ids=["down", "500", "garbage", "lost answer", "slow"],
)
async def test_a_core_that_fails_gets_the_application_once_when_it_is_well(
    world: World, fault: Fault, says: str
) -> None:
    world.star.faults.begin(fault, delay=1.0)
    sent = await world.apply(with_file=True)
    await world.work()
    receipt = await world.see(f"/et/receipts/{sent}")
    assert says in receipt
    assert KEPT in receipt
    assert "Edastatud" not in receipt
    matter = await world.see(f"/et/inbox/{sent}")
    assert "Rakvere Linnavalitsus ei vasta praegu" in matter
    assert f"{KEPT} Anname selle ise üle" in matter
    assert "Rakvere Linnavalitsus ei vasta praegu." in await world.see("/et/inbox")
    for _ in range(4):
        await world.work(minutes=6)
    # The application goes when its file has gone: while no answer comes back, that is never.
    assert await world.in_star() == []
    world.star.faults.begin(Fault.NONE)
    await world.work(minutes=6)
    assert await world.in_star() == [sent]
    assert await world.waiting() == []
    assert await world.told(sent, "handed_over") == 1
    assert "Edastatud süsteemi STAR 14.30" in await world.see(f"/et/receipts/{sent}")
    for page in (f"/et/inbox/{sent}", "/et/inbox"):
        assert "ei vasta" not in await world.see(page)


async def test_an_answer_that_was_lost_makes_no_second_application(world: World) -> None:
    world.star.faults.begin(Fault.LOST)
    sent = await world.apply()
    for _ in range(3):
        await world.work(minutes=6)
    assert await world.in_star() == [sent]
    assert "Edastatud" not in await world.see(f"/et/receipts/{sent}")
    world.star.faults.begin(Fault.NONE)
    await world.work(minutes=6)
    assert await world.in_star() == [sent]
    assert "Edastatud süsteemi STAR" in await world.see(f"/et/receipts/{sent}")


async def test_a_core_that_holds_another_body_under_our_id_is_not_said_to_have_ours(world: World) -> None:
    sent = await world.apply()
    await world.star.core.put_application(sent, freeze(application(sent)))
    for _ in range(3):
        await world.work(minutes=6)
    receipt = await world.see(f"/et/receipts/{sent}")
    assert "Edastamine süsteemi STAR viibib" in receipt
    assert KEPT in receipt
    assert "Edastatud" not in receipt
    assert "ei vasta" not in receipt
    assert await world.waiting() == ["Conflict"]
    assert await world.told(sent, "handed_over") == 0


async def test_what_is_known_is_shown_with_the_moment_from_which_it_is(world: World) -> None:
    sent = await world.apply()
    await world.work()
    await world.official.act(sent, "register", complete="yes")
    await world.work(minutes=1)
    assert "ei vasta" not in await world.see(f"/et/inbox/{sent}")
    world.star.faults.begin(Fault.DOWN)
    await world.work(minutes=30)
    matter, lines = await world.see(f"/et/inbox/{sent}"), await world.see("/et/inbox")
    assert "Rakvere Linnavalitsus ei vasta praegu" in matter
    assert "Näitame, mis oli teada" in matter
    assert "kell 14.01" in matter
    assert "Selle asutuse asjad on seisuga" in lines
    world.star.faults.begin(Fault.NONE)
    await world.work(minutes=1)
    assert "ei vasta" not in await world.see(f"/et/inbox/{sent}")


async def test_an_answer_to_a_task_reaches_the_core_once_however_often_the_answer_is_lost(
    world: World,
) -> None:
    sent = await _asked(world)
    task = await _task_path(world, sent)
    world.star.faults.begin(Fault.LOST)
    assert (await world.send(task, text="Lisan selgituse.")).status_code == 303
    for _ in range(3):
        await world.work(minutes=6)
    assert "ootab edastamist" in await world.see(f"/et/inbox/{sent}")
    world.star.faults.begin(Fault.NONE)
    await world.work(minutes=6)
    assert (await world.official.see(f"/applications/{sent}")).count("Lisan selgituse.") == 1
    assert await world.waiting() == []


async def _asked(world: World) -> UUID:
    sent = await world.apply()
    await world.work()
    await world.official.act(sent, "register", complete="no")
    await world.official.act(
        sent, "ask", title="Lisage väljavõte", text="Oktoobri kohta.", due_on="2026-11-30"
    )
    await world.work()
    return sent


async def _task_path(world: World, matter: UUID) -> str:
    html = (await world.browser.get(f"/et/inbox/{matter}")).text
    start = html.index(f"/et/inbox/{matter}/tasks/")
    return html[start : html.index('"', start)]
