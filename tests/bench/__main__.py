"""`make bench`: the figures of the portal beside the ceilings that this machine has at this moment."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.crypto import KeyRing, new_key
from tests.bench import table
from tests.bench.citizens import Citizen
from tests.bench.measuring import Candidate, Figure, measure
from tests.bench.processes import Server, free_ports, serving
from tests.bench.stores import Store, stores
from tests.bench.walk import HOUSING

_VIEWERS: Final = 16
_APPLICANTS: Final = 16
# A municipality's page asks for the data of its element without any cookie.
_NOBODY: Final = [Citizen("", "", "", "")] * 16
_ENTRY: Final = "/embed/v1/data/rakvere-linn.json?services=toimetulekutoetus&lang=et"


@dataclass(frozen=True)
class Length:
    """How long to measure."""

    rounds: int
    seconds: float
    applications: float
    starts: int
    others: int


_WHOLE: Final = Length(rounds=4, seconds=1.2, applications=4.0, starts=3, others=400)
_QUICK: Final = Length(rounds=1, seconds=1.0, applications=4.0, starts=1, others=100)


@dataclass(frozen=True)
class Bench:
    """What a run has to work with."""

    folder: Path
    keys: str
    length: Length

    def environment(self, store: Store, port: int) -> dict[str, str]:
        """Write the settings of a server, and nothing else of ours."""
        return {
            "UKS_ENV": "test",
            "UKS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "UKS_DATABASE_URL": store.url,
            "UKS_FILES_URL": f"file://{self.folder / 'files'}",
            "UKS_KEYS": self.keys,
            "UKS_IDLE_MINUTES": "720",
        }

    @contextmanager
    def portal(self, store: Store, workers: int = 1) -> Iterator[Server]:
        """Start `uks serve`."""
        [port] = free_ports(1)
        command = ["-c", "from portal.cli import main; main()"]
        command += ["serve", "--port", str(port), "--workers", str(workers)]
        with serving(command, port, self.environment(store, port), database=store.pid) as server:
            yield server

    @contextmanager
    def ceiling(self, store: Store) -> Iterator[Server]:
        """Start the ceilings, under the same server as the portal."""
        [port] = free_ports(1)
        command = ["-m", "uvicorn", "--factory", "tests.bench.ceiling:from_environment", "--port", str(port)]
        command += ["--no-access-log", "--no-server-header", "--log-level", "warning"]
        with serving(command, port, self.environment(store, port), database=store.pid) as server:
            yield server


def one_worker(bench: Bench, places: dict[str, Store]) -> dict[str, Figure]:
    """The page and the step beside their ceilings, one worker each."""
    with ExitStack() as open_servers:
        candidates = []
        for name, store in places.items():
            portal = open_servers.enter_context(bench.portal(store))
            ceiling = open_servers.enter_context(bench.ceiling(store))
            viewers, fillers = store.citizens[:_VIEWERS], store.citizens[_VIEWERS:][:_APPLICANTS]
            step = f"et/drafts/{fillers[0].draft}/{HOUSING}"
            candidates += [
                Candidate(f"inbox {name}", portal, "views", viewers, "/et/inbox"),
                Candidate(f"inbox rendered {name}", ceiling, "views", viewers, "/rendered/et/inbox"),
                Candidate(f"inbox looked up {name}", ceiling, "views", viewers, "/looked-up/et/inbox"),
                Candidate(f"step {name}", portal, "steps", fillers),
                Candidate(f"step rendered {name}", ceiling, "views", fillers[:1], f"/rendered/{step}"),
                Candidate(f"step looked up {name}", ceiling, "views", fillers[:1], f"/looked-up/{step}"),
                Candidate(f"entry {name}", portal, "views", _NOBODY, _ENTRY),
                Candidate(f"plain text {name}", ceiling, "views", _NOBODY, "/health/live"),
            ]
        return measure(candidates, rounds=bench.length.rounds, seconds=bench.length.seconds)


def two_workers(bench: Bench, store: Store) -> tuple[dict[str, Figure], float]:
    """What two workers on PostgreSQL do, and what the larger of them weighs afterwards."""
    with bench.portal(store, workers=2) as portal:
        viewers, applicants = store.citizens[:_VIEWERS], store.citizens[_VIEWERS:][:_APPLICANTS]
        look = Candidate("views", portal, "views", viewers, "/et/inbox")
        apply = Candidate("applications", portal, "applications", applicants)
        figures = measure(
            [look], rounds=max(1, bench.length.rounds - 2), seconds=bench.length.applications / 2
        )
        figures |= measure([apply], rounds=max(1, bench.length.rounds - 2), seconds=bench.length.applications)
        return figures, portal.memory()


def starts(bench: Bench, store: Store) -> tuple[float, float]:
    """How long a warm start takes to its first answer, and how much CPU: the best of them."""
    took = []
    for _ in range(bench.length.starts):
        with bench.portal(store) as portal:
            took.append((portal.started_in, portal.start_cpu))
    return min(took)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="less of everything: for a look, not for quoting"
    )
    # Whoever stops the run stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    length = _QUICK if parser.parse_args().quick else _WHOLE
    with tempfile.TemporaryDirectory(prefix="uks-bench-") as name:
        bench = Bench(Path(name), f"index:{new_key()},k1:{new_key()}", length)
        people = _VIEWERS + _APPLICANTS
        busy = os.getloadavg()[0]
        with stores(
            bench.folder, KeyRing.parse(bench.keys), signed_in=people, others=length.others
        ) as places:
            table.print_ratios(one_worker(bench, places))
            figures, memory = two_workers(bench, places["PostgreSQL"])
            table.print_aims(figures, memory, starts(bench, places["PostgreSQL"]))
        table.print_machine(busy)


if __name__ == "__main__":
    main()
