"""The load: a process of its own that reads a job from its input and writes what came of it.

A job names what to do (`views`, `steps` or `applications`), the port, for how many seconds, and the citizens;
one connection a citizen, each asking again as soon as it has its answer.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import uvloop

from tests.bench import walk
from tests.bench.citizens import Citizen
from tests.bench.wire import Connection, get, post

CONNECTIONS: Final = 16


@dataclass(frozen=True)
class Load:
    """What came of a job."""

    done: int
    seconds: float
    slowest: float
    median: float

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / self.seconds


def run(what: str, port: int, seconds: float, citizens: Sequence[Citizen], path: str = "") -> Load:
    """Run a job in a process of its own."""
    job = {
        "what": what,
        "port": port,
        "seconds": seconds,
        "path": path,
        "citizens": [one.as_json() for one in citizens],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 60,
    )
    return Load(**json.loads(done.stdout))


Once = Callable[[], Awaitable[None]]


async def views(connection: Connection, job: dict[str, Any], citizens: Sequence[Citizen]) -> Once:
    """Look at a page again and again, as one citizen after the other."""
    requests = cycle([get(job["port"], job["path"], one.cookie) for one in citizens])

    async def once() -> None:
        answer = await connection.ask(next(requests))
        assert answer.status == 200, answer

    return once


async def steps(connection: Connection, job: dict[str, Any], citizens: Sequence[Citizen]) -> Once:
    """Send one step of a draft, changed every time."""
    citizen = citizens[0]
    address = f"/et/drafts/{citizen.draft}/{walk.HOUSING}"
    page = await connection.ask(get(job["port"], address, citizen.cookie))
    filled = walk.hidden_of(page, "vorm")
    revision, count = int(filled["revision"]), 0

    async def once() -> None:
        nonlocal revision, count
        count += 1
        # Every sending changes an answer, else nothing would be written.
        typed = walk.housing(rent=200 + (revision + count) % 7, area=40 + count % 2)
        body = walk.encoded(filled | {"revision": str(revision)} | typed)
        answer = await connection.ask(post(job["port"], address, citizen.cookie, body))
        assert answer.status == 303, answer
        revision += 1

    return once


async def applications(connection: Connection, job: dict[str, Any], citizens: Sequence[Citizen]) -> Once:
    """Apply from beginning to end."""
    walker = walk.Walk(connection, job["port"], citizens[0])
    return walker.apply


_JOBS: Final = {"views": views, "steps": steps, "applications": applications}


async def _run(job: dict[str, Any]) -> dict[str, float]:
    citizens = [Citizen(**one) for one in job["citizens"]]
    takes: list[float] = []
    everybody = []
    # One after the other, so that the workers share them as evenly as the kernel lets them.
    for number in range(CONNECTIONS):
        connection = await Connection.open(job["port"])
        everybody.append(await _JOBS[job["what"]](connection, job, citizens[number::CONNECTIONS]))
    began = time.perf_counter()
    until = began + job["seconds"]

    async def keep_on(once: Once) -> None:
        while (before := time.perf_counter()) < until:
            await once()
            takes.append(time.perf_counter() - before)

    await asyncio.gather(*map(keep_on, everybody))
    seconds = time.perf_counter() - began
    takes.sort()
    return {"done": len(takes), "seconds": seconds, "slowest": takes[-1], "median": takes[len(takes) // 2]}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
