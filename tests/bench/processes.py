"""Servers as processes of their own, and what the kernel says that they cost."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK: Final = os.sysconf("SC_CLK_TCK")
_SLOWEST_START: Final = 60.0


@dataclass(frozen=True)
class Server:
    """A running server, how long it took to its first answer (and the CPU), and the database behind it."""

    port: int
    pid: int
    started_in: float
    start_cpu: float
    database: int | None

    def cpu(self) -> float:
        """Tell the CPU seconds of the server and its workers so far."""
        return _cpu(self.pid)

    def database_cpu(self) -> float:
        """Tell the CPU seconds of PostgreSQL so far; SQLite works inside the server."""
        return _cpu(self.database) if self.database else 0.0

    def workers(self) -> list[int]:
        """List the processes that answer: the children that serve, or the server itself."""
        serving = [pid for pid in _children(self.pid) if "spawn_main" in _command(pid)]
        return serving or [self.pid]

    def memory(self) -> float:
        """Tell the MiB of a worker, what is shared divided among those who share it; the largest counts."""
        return max(_pss(pid) for pid in self.workers())


@contextmanager
def serving(
    command: Sequence[str], port: int, environment: Mapping[str, str], *, database: int | None = None
) -> Iterator[Server]:
    """Start a server and wait for its first answer; stop it at the end."""
    began = time.perf_counter()
    log = tempfile.TemporaryFile()  # noqa: SIM115 it lives as long as the server
    process = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, **environment}, stdout=log, stderr=log
    )
    try:
        _first_answer(process, port)
        yield Server(port, process.pid, time.perf_counter() - began, _cpu(process.pid), database)
    finally:
        process.terminate()
        process.wait(20)


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _first_answer(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.perf_counter() + _SLOWEST_START
    request = f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as asking:
                asking.sendall(request)
                if asking.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"the server on port {port} did not answer")


def _cpu(pid: int) -> float:
    """Add up a process, its living descendants, and its children that have ended."""
    user, system, dead_user, dead_system = map(int, _stat(pid)[11:15])
    own = (user + system + dead_user + dead_system) / _TICK
    return own + sum(map(_cpu, _children(pid)))


def _stat(pid: int) -> list[str]:
    # The name in brackets may hold spaces: the fields are counted from behind it.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50


def _children(pid: int) -> list[int]:
    everybody = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [one for one in everybody if int(_stat(one)[1]) == pid]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
