"""Being a bad core for a while, on purpose; only the API suffers, never the screens."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core_bridge.clock import Clock


class Fault(StrEnum):
    """How the API misbehaves."""

    NONE = "none"
    SLOW = "slow"
    DOWN = "down"
    ERROR = "error"
    GARBAGE = "garbage"
    LOST = "lost"


@dataclass(slots=True)
class Faults:
    """The fault that is on, and until when; no end means until it is taken off."""

    fault: Fault = Fault.NONE
    until: datetime | None = None
    delay: float = 5.0

    def begin(self, fault: Fault, *, until: datetime | None = None, delay: float = 5.0) -> None:
        """Switch a fault on, or off with `Fault.NONE`."""
        self.fault, self.until, self.delay = fault, until, delay

    def now_on(self, now: datetime) -> Fault:
        """Return the fault that holds at this moment."""
        if self.until is not None and now >= self.until:
            self.begin(Fault.NONE)
        return self.fault


def lasting(now: datetime, seconds: float) -> datetime:
    """Return when a fault of so many seconds ends."""
    return now + timedelta(seconds=seconds)


async def _nowhere(message: Message) -> None:
    """Lose an answer after the work was done."""
    del message


class FaultyApi:
    """Stands before the app and breaks the answers of its API."""

    def __init__(self, app: ASGIApp, faults: Faults, clock: Clock) -> None:
        self._app = app
        self._faults = faults
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Misbehave, or pass on."""
        app = self._app
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            match self._faults.now_on(self._clock.now()):
                case Fault.SLOW:
                    await asyncio.sleep(self._faults.delay)
                case Fault.DOWN:
                    app = Response(status_code=503, headers={"Connection": "close", "Retry-After": "1"})
                case Fault.ERROR:
                    app = Response("Internal Server Error", 500, {"Connection": "close"})
                case Fault.GARBAGE:
                    app = Response("<html><p>\x00 tere {", 200, {"Connection": "close"}, "text/html")
                case Fault.LOST:
                    await self._app(scope, receive, _nowhere)
                    app = Response(status_code=503, headers={"Connection": "close"})
                case Fault.NONE:
                    pass
        await app(scope, receive, send)
