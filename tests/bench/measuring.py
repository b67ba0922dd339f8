"""Rounds: every candidate in turn, again and again, so that what else the machine does falls on all alike."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.load import Load
from tests.bench.processes import Server


@dataclass(frozen=True)
class Candidate:
    """Something to measure: a server, and the load put on it for so many seconds."""

    name: str
    server: Server
    load: Callable[[float], Load]


@dataclass(frozen=True)
class Sample:
    """What one round showed: how many a second, and the CPU that one took (ms)."""

    rate: float
    cpu: float
    database_cpu: float
    median: float


@dataclass(frozen=True)
class Figure:
    """The medians of all rounds, and the lowest and highest rate."""

    rate: float
    lowest: float
    highest: float
    cpu: float
    database_cpu: float
    median: float


def measure(candidates: Sequence[Candidate], *, rounds: int, seconds: float) -> dict[str, Figure]:
    """Measure all of them in interleaved rounds; the first, short one only warms up."""
    for candidate in candidates:
        candidate.load(min(1.0, seconds))
    samples: dict[str, list[Sample]] = defaultdict(list)
    for number in range(rounds):
        # Each round begins with another one.
        for candidate in [*candidates[number % len(candidates) :], *candidates[: number % len(candidates)]]:
            samples[candidate.name].append(_sample(candidate, seconds))
    return {name: _figure(taken) for name, taken in samples.items()}


def _sample(candidate: Candidate, seconds: float) -> Sample:
    server = candidate.server
    cpu, database = server.cpu(), server.database_cpu()
    load = candidate.load(seconds)
    each = 1000 / load.done
    return Sample(
        load.rate, (server.cpu() - cpu) * each, (server.database_cpu() - database) * each, load.median * 1000
    )


def _figure(samples: Sequence[Sample]) -> Figure:
    rates = [sample.rate for sample in samples]
    return Figure(
        rate=median(rates),
        lowest=min(rates),
        highest=max(rates),
        cpu=median(sample.cpu for sample in samples),
        database_cpu=median(sample.database_cpu for sample in samples),
        median=median(sample.median for sample in samples),
    )
