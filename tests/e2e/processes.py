"""The processes of an installation as a machine runs them: each is started, killed and started again."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.crypto import KeyRing
from portal.demo.place import Place

_UKS = str(Path(sys.executable).with_name("uks"))


@dataclass(slots=True)
class Program:
    """One program of the installation; a kill hits it and its children without a warning."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    kills: int = 0
    _running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, in a process group of its own."""
        with self.log.open("ab") as out:
            self._running = subprocess.Popen(
                self.command, stdout=out, stderr=out, env=self.environment, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it with SIGKILL: nothing is finished, nothing is put away."""
        if self._running is not None:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._running = None
            self.kills += 1

    def fell_by_itself(self) -> bool:
        """Tell whether it ended without having been killed."""
        return self._running is not None and self._running.poll() is not None


@dataclass(frozen=True, slots=True)
class Installation:
    """A portal, its worker and a core, with the addresses and keys that they share."""

    place: Place
    url: str
    database_url: str
    portal: Program
    worker: Program
    star: Program

    @property
    def programs(self) -> Sequence[Program]:
        """List what can be killed."""
        return self.portal, self.worker, self.star

    @property
    def keys(self) -> KeyRing:
        """The key ring of the portal."""
        return KeyRing.parse(self.place.kept()["ring"])

    @property
    def star_database(self) -> Path:
        """Where the core keeps what it got."""
        return self.place.data / "star.sqlite"

    def logs(self) -> str:
        """Give the end of what each program said."""
        return "\n".join(f"--- {each.name}\n{_end(each.log)}" for each in self.programs)


@contextmanager
def installed(data: Path, database_url: str, *, web_processes: int = 1) -> Iterator[Installation]:
    """Start an installation on free ports; whatever still runs at the end is killed."""
    place = Place(free_ports(7), data)
    place.prepare(reset=False)
    url = f"http://127.0.0.1:{place.port('portal')}"
    made = Installation(
        place,
        url,
        database_url,
        _program(place, "portal", [_UKS, "serve", *_at(place, "portal"), "--workers", str(web_processes)]),
        _program(place, "worker", [_UKS, "worker"]),
        _program(place, "STAR", _core_command(place, url)),
    )
    for program in (made.portal, made.worker):
        program.environment.update(_settings(place, url, database_url))
    try:
        for program in made.programs:
            program.start()
        yield made
    finally:
        for program in made.programs:
            program.kill()


def free_ports(count: int) -> int:
    """Find the first of `count` free ports in a row; test processes side by side look in different places."""
    for _ in range(1000):
        base = random.randrange(18100, 32000)
        sockets = [socket.socket() for _ in range(count)]
        try:
            for number, each in enumerate(sockets):
                each.bind(("127.0.0.1", base + number))
        except OSError:
            continue
        else:
            return base
        finally:
            for each in sockets:
                each.close()
    raise OSError("no free ports")


def _program(place: Place, name: str, command: Sequence[str]) -> Program:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UKS_")}
    return Program(name, command, environment, place.data / f"{name}.log")


def _at(place: Place, server: str) -> list[str]:
    return ["--port", str(place.port(server))]


def _settings(place: Place, url: str, database_url: str) -> dict[str, str]:
    return {
        "UKS_ENV": "demo",
        "UKS_PUBLIC_URL": url,
        "UKS_DATABASE_URL": database_url,
        "UKS_FILES_URL": f"file://{place.data / 'files'}",
        "UKS_KEYS": place.kept()["ring"],
        "UKS_GOVSSO_ISSUER": place.address("GovSSO") + "/",
        "UKS_CORES": str(place.data / "cores.toml"),
    }


def _core_command(place: Place, portal_url: str) -> list[str]:
    key = place.data / "STAR.key.json"
    key.write_text(json.dumps(place.kept()["keys"]["STAR"]), encoding="utf-8")
    told = {
        "--name": "STAR",
        "--port": str(place.port("STAR")),
        "--data": str(place.data),
        "--portal-key": str(place.data / "uks.key.json"),
        "--portal-url": portal_url,
        "--key": str(key),
    }
    return [
        sys.executable,
        "-m",
        "core_bridge.reference_core",
        *(part for pair in told.items() for part in pair),
    ]


def _end(log: Path) -> str:
    return log.read_text(errors="replace")[-4000:] if log.exists() else "(nothing)"
