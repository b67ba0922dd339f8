"""The load: a process of its own that reads a job from its input and writes what came of it.

A job names what to do (`views`, `steps` or `applications`), the port, for how many seconds, and the citizens;
one connection a citizen, each asking again as soon as it has its answer.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def prepared(
    what: str, port: int, seconds: float, citizens: Sequence[Citizen], path: str = ""
) -> Iterator[Callable[[], Load]]:
    """Start a job in a process of its own, up to where the clock starts; calling what is given runs it."""
    job = {
        "what": what,
        "port": port,
        "seconds": seconds,
        "path": path,
        "citizens": [one.as_json() for one in citizens],
    }
    command = [sys.executable, "-m", "tests.bench.load"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, heard = process.stdin, process.stdout
        print(json.dumps(job), file=told, flush=True)
        if heard.readline() != "ready\n":
            raise RuntimeError(f"the load did not get ready: {what}")

        def go() -> Load:
            print("go", file=told, flush=True)
            return Load(**json.loads(heard.readline()))

        yield go


Once = Callable[[], Awaitable[None]]


async def views(connection: Connection, job: dict[str, Any], citizens: Sequence[Citizen]) -> Once:
    """Look at a page again and again, as one citizen after the other."""
    every = [get(job["port"], job["path"], one.cookie) for one in citizens]
    # Everybody has looked once before: noting last activity, once a minute, is no part of the figure.
    for each in every:
        await connection.ask(each)
    requests = cycle(every)

    async def once() -> None:
        answer = await connection.ask(next(requests))
        assert answer.status == 200, answer.said

    return once


async def steps(connection: Connection, job: dict[str, Any], citizens: Sequence[Citizen]) -> Once:
    """Send one step of a draft, changed every time."""
    citizen = citizens[0]
    address = f"/et/drafts/{citizen.draft}/{walk.HOUSING}"
    page = await connection.ask(get(job["port"], address, citizen.cookie))
    filled = walk.hidden_of(page, address)
    revision = int(filled["revision"])

    async def once() -> None:
        nonlocal revision
        # Every sending changes two answers, else nothing would be written.
        typed = walk.housing(rent=200 + revision, area=40 + revision % 2)
        body = walk.encoded(filled | {"revision": str(revision)} | typed)
        answer = await connection.ask(post(job["port"], address, citizen.cookie, body))
        assert answer.status == 303, answer.said
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
        everybody.append(
            await _JOBS[job["what"]](connection, job, citizens[number % len(citizens) :: CONNECTIONS])
        )
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
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
    print(json.dumps(uvloop.run(_run(json.loads(sys.stdin.readline())))))
