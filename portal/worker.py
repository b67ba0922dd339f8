"""The worker process: delivers the outbox, reads what the cores say, scans files, seals the trail, tidies up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from portal import audit
from portal.outbox import deliver_next
from portal.parts import Parts

_log = structlog.get_logger()

DELIVERERS: Final = 4
_IDLE: Final = 0.5
_HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done over and over; tells whether there may be more at once, else it rests for `pause` seconds."""

    name: str
    do: Callable[[], Awaitable[bool]]
    pause: float


async def run(parts: Parts, stop: asyncio.Event | None = None) -> None:
    """Work until told to stop, and then finish what is in hand; each chore fails and recovers alone."""
    told = stop or asyncio.Event()
    await asyncio.gather(*(repeat(chore, told) for chore in chores(parts)))


async def drain(parts: Parts) -> None:
    """Do every chore until none has anything left; for tests and for the seeding of the demo."""
    busy = True
    while busy:
        busy = False
        for chore in chores(parts):
            while await chore.do():
                busy = True


def chores(parts: Parts) -> list[Chore]:
    """List what the worker does; feeds stand before the outbox, since what they bring plans deliveries."""
    return [
        *(Chore(f"feed.{name}", feed.read, parts.feed_pause) for name, feed in parts.feeds.items()),
        *(
            Chore("outbox", lambda: deliver_next(parts.db, parts.handlers, parts.clock), _IDLE)
            for _ in range(DELIVERERS)
        ),
        Chore("scan", parts.scan_next, 2.0),
        Chore("seal", lambda: _seal(parts), 5.0),
        Chore("tidy", parts.tidy, _HOUR),
    ]


async def _seal(parts: Parts) -> bool:
    async with parts.db.write() as tx:
        return await audit.seal(tx) > 0


async def repeat(chore: Chore, stop: asyncio.Event) -> None:
    """Do a chore over and over until told to stop, or cancelled."""
    this = asyncio.current_task()
    assert this is not None
    # A driver that was waiting when it was cancelled may make a fault of its own of that.
    while not stop.is_set() and not this.cancelling():
        try:
            more = await chore.do()
        except Exception:
            _log.exception("worker.chore_failed", chore=chore.name)
            more = False
        if not more and not this.cancelling():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), chore.pause)
