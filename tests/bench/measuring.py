"""Rounds: every candidate in turn, again and again, so that what else the machine does falls on all alike."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.citizens import Citizen
from tests.bench.load import prepared
from tests.bench.processes import Server


@dataclass(frozen=True)
class Candidate:
    """Something to measure: a server, and the load put on it."""

    name: str
    server: Server
    what: str
    citizens: Sequence[Citizen]
    path: str = ""


@dataclass(frozen=True)
class Sample:
    """What one round showed: how many a second, and the CPU that one took (ms)."""

    rate: float
    cpu: float
    database_cpu: float
    median: float


@dataclass(frozen=True)
class Figure:
    """The medians of all rounds, the lowest and highest rate, and the CPU of the least disturbed round."""

    rate: float
    lowest: float
    highest: float
    cpu: float
    database_cpu: float
    median: float


def measure(candidates: Sequence[Candidate], *, rounds: int, seconds: float) -> dict[str, Figure]:
    """Measure all of them in interleaved rounds, once every worker has shown its pages for the first time."""
    for candidate in candidates:
        _sample(candidate, seconds)
    samples: dict[str, list[Sample]] = defaultdict(list)
    for number in range(rounds):
        # Each round begins with another one.
        for candidate in [*candidates[number % len(candidates) :], *candidates[: number % len(candidates)]]:
            samples[candidate.name].append(_sample(candidate, seconds))
    return {name: _figure(taken) for name, taken in samples.items()}


def _sample(candidate: Candidate, seconds: float) -> Sample:
    server = candidate.server
    with prepared(candidate.what, server.port, seconds, candidate.citizens, candidate.path) as go:
        cpu, database = server.cpu(), server.database_cpu()
        load = go()
        each = 1000 / load.done
        used, database_used = (server.cpu() - cpu) * each, (server.database_cpu() - database) * each
    return Sample(load.rate, used, database_used, load.median * 1000)


def _figure(samples: Sequence[Sample]) -> Figure:
    rates = [sample.rate for sample in samples]
    return Figure(
        rate=median(rates),
        lowest=min(rates),
        highest=max(rates),
        # What else runs on the machine can only make this larger.
        cpu=min(sample.cpu for sample in samples),
        database_cpu=min(sample.database_cpu for sample in samples),
        median=median(sample.median for sample in samples),
    )
