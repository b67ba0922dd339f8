"""The worker's round of chores: a fault rests and goes on, and the end is the end."""

import asyncio

import pytest

from portal.worker import Chore, repeat

pytestmark = pytest.mark.anyio


async def test_a_chore_that_fails_is_done_again() -> None:
    tries: list[int] = []
    done = asyncio.Event()

    async def falter() -> bool:
        tries.append(len(tries))
        if len(tries) == 1:
            raise RuntimeError("a fault of the moment")
        if len(tries) == 3:
            done.set()
        return len(tries) < 3

    going = asyncio.create_task(repeat(Chore("falter", falter, pause=0.001), asyncio.Event()))
    await done.wait()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going


async def test_a_driver_that_swallows_the_cancelling_keeps_no_worker_alive() -> None:
    waiting = asyncio.Event()

    async def swallow() -> bool:
        waiting.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            raise RuntimeError("interrupted") from error
        return True

    going = asyncio.create_task(repeat(Chore("swallow", swallow, pause=60), asyncio.Event()))
    await waiting.wait()
    going.cancel()
    await asyncio.wait_for(asyncio.wait([going]), 5)
    assert going.done()


async def test_who_is_told_to_stop_finishes_what_is_in_hand_and_rests_no_more() -> None:
    begun, finished, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> bool:
        begun.set()
        await asyncio.sleep(0.05)
        finished.set()
        return False

    going = asyncio.create_task(repeat(Chore("work", work, pause=60), stop))
    await begun.wait()
    stop.set()
    await asyncio.wait_for(going, 5)
    assert finished.is_set()
