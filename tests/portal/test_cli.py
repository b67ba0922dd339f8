"""The command `uks`: each command does what the README says, and what is wrong is one line and exit 2."""

import asyncio
import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select, update
from typer.testing import CliRunner, Result

from core_bridge.signing import generate_key, public
from journeys.tables import DraftRow
from portal import audit
from portal.cli import app
from portal.clock import SystemClock
from portal.crypto import KeyRing, Unreadable, new_key
from portal.db import Database, Session, Transaction, new_id
from portal.demo.place import Place
from portal.files import FileRow, Files
from portal.migrations import metadata
from tests.conftest import Postgres

UKS = str(Path(sys.executable).with_name("uks"))
T = TypeVar("T")


@dataclass(frozen=True)
class Installation:
    """A folder with a database, files and a key ring, and the environment that names them."""

    folder: Path
    ring: str
    environment: pytest.MonkeyPatch

    def with_ring(self, ring: str) -> "Installation":
        self.environment.setenv("UKS_KEYS", ring)
        return Installation(self.folder, ring, self.environment)

    def read(self, ask: Callable[[Session], Awaitable[T]]) -> T:
        async def answer() -> T:
            db = Database(f"sqlite:///{self.folder / 'uks.db'}", KeyRing.parse(self.ring))
            try:
                async with db.read() as session:
                    return await ask(session)
            finally:
                await db.close()

        return asyncio.run(answer())

    def write(self, act: Callable[[Transaction], Awaitable[Any]]) -> None:
        async def do() -> None:
            db = Database(f"sqlite:///{self.folder / 'uks.db'}", KeyRing.parse(self.ring))
            try:
                async with db.write() as tx:
                    await act(tx)
            finally:
                await db.close()

        asyncio.run(do())


def uks(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def well(*words: str) -> str:
    done = uks(*words)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*words: str) -> str:
    """Expect one line and exit 2."""
    done = uks(*words)
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith("uks: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demo's own history: rows in every table that matters, and files."""
    place = Place(8000, tmp_path_factory.mktemp("history"))
    # A process of its own: cores that are stopped in the middle of something leave threads behind.
    with pytest.MonkeyPatch.context() as environment:
        _forget_settings(environment)
        subprocess.run([UKS, "seed", "--data", str(place.data)], check=True, capture_output=True)
    return place


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation that has nothing yet."""
    return _installation(tmp_path / "uks", f"index:{new_key()},k1:{new_key()}", monkeypatch)


@pytest.fixture
def lived_in(history: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A copy of an installation in which much has happened."""
    folder = tmp_path / "uks"
    shutil.copytree(history.data, folder)
    return _installation(folder, history.kept()["ring"], monkeypatch)


def _installation(folder: Path, ring: str, environment: pytest.MonkeyPatch) -> Installation:
    _forget_settings(environment)
    environment.setenv("UKS_ENV", "test")
    environment.setenv("UKS_DATABASE_URL", f"sqlite:///{folder / 'uks.db'}")
    environment.setenv("UKS_FILES_URL", f"file://{folder / 'files'}")
    return Installation(folder, ring, environment).with_ring(ring)


def _forget_settings(environment: pytest.MonkeyPatch) -> None:
    from portal.settings import Settings

    for name in Settings.model_fields:
        environment.delenv(f"UKS_{name.upper()}", raising=False)


async def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table: what cannot be decrypted raises."""
    tables = metadata().sorted_tables
    return {
        table.name: [tuple(row) for row in await session.execute(select(table).order_by(*table.primary_key))]
        for table in tables
    }


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["serve", "--port", "palju"], "--port"),
        (["serve", "--workers", "0"], "--workers"),
        (["demo", "--port-base", "70000"], "--port-base"),
        (["ava"], "ava"),
        (["backup"], "target"),
        (["conformance", "http://127.0.0.1:9"], "--key"),
        (["openapi", "sideways"], "core"),
        (["conformance", "star", "--key", "none.json"], "http"),
        (["conformance", "http://127.0.0.1:9", "--key", "none.json"], "none.json"),
    ],
)
def test_a_wrong_argument_is_one_line_and_exit_2(words: list[str], names: str, tmp_path: Path) -> None:
    done = subprocess.run([UKS, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("uks: ")
    assert done.stderr.count("\n") == 1
    assert names in done.stderr


def test_without_a_word_it_shows_its_commands_and_leaves_with_2() -> None:
    done = subprocess.run([UKS], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "conformance" in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_production_refuses_to_start_and_lists_what_lacks(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("UKS_ENV", "production")
    told = refused(command)
    for name in ("UKS_PUBLIC_URL", "UKS_KEYS", "UKS_GOVSSO_ISSUER", "UKS_CLAMD_URL", "UKS_CORES"):
        assert name in told


def test_the_demo_refuses_production_and_so_does_seeding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UKS_ENV", "production")
    for command in ("demo", "seed"):
        assert "production" in refused(command, "--data", str(tmp_path / "demo"))
    assert not (tmp_path / "demo").exists()


def test_the_demo_says_which_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = refused("demo", "--port-base", str(port - 2), "--data", str(tmp_path / "demo"))
    assert re.search(r"port \d+ is in use; choose others with --port-base", told)


def test_the_demo_deletes_only_what_it_made(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    told = refused("demo", "--reset", "--port-base", "18990", "--data", str(tmp_path))
    assert "was not made by the demo" in told
    assert (tmp_path / "thesis.txt").exists()


def test_seeding_twice_plays_the_history_once(history: Place) -> None:
    before = (history.data / "STAR.db").read_bytes()
    assert "There was a history already." in well("seed", "--data", str(history.data))
    assert (history.data / "STAR.db").read_bytes() == before


def test_migrate_may_be_repeated(empty: Installation) -> None:
    for _ in range(2):
        assert well("migrate") == "The database is up to date.\n"
    assert empty.read(audit.verify) == (0, None)


def test_a_database_without_tables_is_told_with_the_remedy(empty: Installation) -> None:
    assert "`uks migrate`" in refused("audit", "verify")


def test_a_database_that_is_not_there_is_told_without_its_password(empty: Installation) -> None:
    empty.environment.setenv("UKS_DATABASE_URL", "postgresql://uks:saladus@127.0.0.1:9/uks")
    assert "saladus" not in refused("migrate")


def test_a_new_ring_is_fit_for_use_and_never_the_same() -> None:
    first, second = well("keys", "new"), well("keys", "new")
    assert KeyRing.parse(first.strip()).current == "k1"
    assert first != second


def test_rotating_encrypts_everything_anew_and_the_old_key_may_go(lived_in: Installation) -> None:
    before = lived_in.read(everything)
    content = lived_in.read(lambda session: _contents(session, lived_in.folder))
    assert content, "the history holds files"
    index, old = lived_in.ring.split(",")
    fresh = f"k2:{new_key()}"
    with pytest.raises(Unreadable):
        lived_in.with_ring(f"{index},{fresh}").read(everything)

    lived_in.with_ring(f"{index},{fresh},{old}")
    assert "draft: " in well("keys", "rotate")

    after = lived_in.with_ring(f"{index},{fresh}")
    assert after.read(everything) == before
    assert after.read(lambda session: _contents(session, lived_in.folder)) == content
    with pytest.raises(Unreadable):
        lived_in.with_ring(f"{index},{old}").read(everything)
    assert "acts fit" in well_with(after, "audit", "verify")


def well_with(installation: Installation, *words: str) -> str:
    installation.with_ring(installation.ring)
    return well(*words)


async def _contents(session: Session, folder: Path) -> dict[str, bytes]:
    files = Files.at(f"file://{folder / 'files'}", scanned=False)
    ids = (await session.scalars(select(FileRow.id))).all()
    return {str(each): await files.read(session, each) for each in ids}


def test_a_ring_without_the_key_of_the_data_is_told_in_one_line(lived_in: Installation) -> None:
    lived_in.with_ring(f"index:{new_key()},k9:{new_key()}")
    assert "UKS_KEYS: no key of the ring opens" in refused("audit", "verify")


def test_a_backup_comes_back_whole(lived_in: Installation, tmp_path: Path) -> None:
    before = lived_in.read(everything)
    content = lived_in.read(lambda session: _contents(session, lived_in.folder))
    archive = tmp_path / "uks.tar.gz"
    well("backup", str(archive))
    assert archive.stat().st_mode & 0o077 == 0
    assert lived_in.ring.encode() not in archive.read_bytes()

    elsewhere = _installation(tmp_path / "elsewhere", lived_in.ring, lived_in.environment)
    well("restore", str(archive))
    assert elsewhere.read(everything) == before
    assert elsewhere.read(lambda session: _contents(session, elsewhere.folder)) == content
    assert "has data already" in refused("restore", str(archive))
    assert elsewhere.read(everything) == before


def test_a_backup_never_overwrites_and_never_stays_half_written(
    lived_in: Installation, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.tar.gz"
    taken.write_text("yesterday's")
    assert "exists already" in refused("backup", str(taken))
    assert taken.read_text() == "yesterday's"
    assert "No such file" in refused("backup", str(tmp_path / "nowhere" / "uks.tar.gz"))
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_there_is_nothing_to_back_up_before_there_is_a_database(empty: Installation, tmp_path: Path) -> None:
    assert "there is no database" in refused("backup", str(tmp_path / "uks.tar.gz"))
    assert not (empty.folder / "uks.db").exists()


def test_what_is_no_backup_is_not_restored(empty: Installation, tmp_path: Path) -> None:
    text, other = tmp_path / "text.tar.gz", tmp_path / "other.tar.gz"
    text.write_text("not an archive")
    with tarfile.open(other, "w:gz") as archive:
        archive.add(text, "something-else")
    assert "text.tar.gz" in refused("restore", str(text))
    assert "was not written by `uks backup`" in refused("restore", str(other))
    assert "missing.tar.gz" in refused("restore", str(tmp_path / "missing.tar.gz"))
    assert not (empty.folder / "uks.db").exists()


def test_a_backup_that_climbs_out_of_its_folder_is_refused(empty: Installation, tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar.gz"
    (tmp_path / "content").write_text("x")
    with tarfile.open(evil, "w:gz") as archive:
        archive.add(tmp_path / "content", "../../climbed")
    assert "evil.tar.gz" in refused("restore", str(evil))
    assert not list(tmp_path.rglob("climbed"))


def test_the_backup_of_a_large_installation_is_somebody_elses_work(
    empty: Installation, tmp_path: Path
) -> None:
    empty.environment.setenv("UKS_DATABASE_URL", "postgresql://uks@127.0.0.1:9/uks")
    assert "pg_dump" in refused("backup", str(tmp_path / "uks.tar.gz"))


def test_the_trail_is_whole_until_somebody_touches_it(lived_in: Installation) -> None:
    assert re.fullmatch(r"([5-9]|\d\d+) acts fit; 0 wait for the sealer\.\n", well("audit", "verify"))
    # Content may be erased: the chain is made of digests.
    first = lived_in.read(lambda session: _numbered(session, 1))
    lived_in.write(lambda tx: tx.execute(update(audit.AuditRow).where(first).values(content=None)))
    assert "acts fit" in well("audit", "verify")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET act = 'nothing-happened' WHERE number = 3",
        "DELETE FROM audit WHERE number = 3",
        "UPDATE audit SET at = '2020-01-01 00:00:00' WHERE number = 3",
        "UPDATE audit SET digest = zeroblob(32) WHERE number = 3",
        "UPDATE audit SET content = (SELECT content FROM audit WHERE number = 4) WHERE number = 3",
    ],
)
def test_a_touched_trail_is_told_by_the_number_of_the_act(lived_in: Installation, tampering: str) -> None:
    database = sqlite3.connect(lived_in.folder / "uks.db")
    with database:
        assert database.execute(tampering).rowcount == 1
    database.close()
    done = uks("audit", "verify")
    assert done.exit_code == 1
    assert done.stderr == "The chain breaks at act 3.\n"


async def _numbered(session: Session, number: int) -> Any:
    return audit.AuditRow.id == await session.scalar(
        select(audit.AuditRow.id).where(audit.AuditRow.number == number)
    )


def test_retention_deletes_what_is_past_its_time_and_nothing_else(lived_in: Installation) -> None:
    async def drafts(session: Session) -> int:
        return await session.scalar(select(func.count()).select_from(DraftRow)) or 0

    kept = lived_in.read(drafts)
    assert kept >= 1, "the history holds a draft"
    assert well("retention", "run") == "Done.\n"
    assert lived_in.read(drafts) == kept
    old = SystemClock().now() - timedelta(days=1)
    lived_in.write(lambda tx: tx.execute(update(DraftRow).values(expires_at=old)))
    well("retention", "run")
    assert lived_in.read(drafts) == 0


@pytest.mark.parametrize(
    ("side", "address"), [("core", "/v1/applications/{applicationId}"), ("portal", "/bridge/v1/events")]
)
def test_the_contract_is_printed_as_openapi(side: str, address: str) -> None:
    document = json.loads(well("openapi", side))
    assert document["openapi"].startswith("3.")
    assert address in document["paths"]


def test_the_check_is_silent_when_all_is_well_and_loud_when_not(empty: Installation, tmp_path: Path) -> None:
    assert well("check") == "Journeys, texts and settings are in order.\n"
    done = uks("check", "--production")
    assert done.exit_code == 2
    assert "UKS_CLAMD_URL: no virus scanner is configured" in done.stderr.splitlines()
    empty.environment.setenv("UKS_CORES", str(tmp_path / "cores.toml"))
    assert "cores.toml" in refused("check")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[portal", "cores.toml"),
        ("", "portal"),
        ('[portal]\nkey = "uks.json"\n[cores.STAR]\naddress = "star"\nkey = "star.json"', "address"),
        ('[portal]\nkey = "none.json"\n[cores]', "none.json"),
        ('[portal]\nkey = "star.json"\n[cores]', "is not a private key"),
        ('[portal]\nkey = "bad.json"\n[cores]', "is not an EC key"),
        (
            '[portal]\nkey = "uks.json"\n[cores.STAR]\naddress = "http://star"\nkey = "bad.json"',
            "is not an EC key",
        ),
        ('[portal]\nkey = "uks.json"\n[cores.STAR]\nway = "pigeon"', "cores.STAR"),
    ],
)
def test_a_wrong_file_of_cores_is_one_line(empty: Installation, tmp_path: Path, text: str, told: str) -> None:
    key = generate_key()
    (tmp_path / "uks.json").write_text(json.dumps(key))
    (tmp_path / "star.json").write_text(json.dumps(public(generate_key())))
    (tmp_path / "bad.json").write_text('{"kty": "EC"}')
    (tmp_path / "cores.toml").write_text(text)
    empty.environment.setenv("UKS_CORES", str(tmp_path / "cores.toml"))
    for command in ("serve", "check"):
        line = refused(command)
        assert told in line
        assert key["d"] not in line


def test_the_reference_core_passes_what_any_core_is_put_through(tmp_path: Path) -> None:
    ours, port = generate_key(), _free_port()
    for name, key in (("uks", ours), ("uks-public", public(ours)), ("star", generate_key())):
        (tmp_path / f"{name}.json").write_text(json.dumps(key))
    core = [sys.executable, "-m", "core_bridge.reference_core", "--name", "STAR", "--port", str(port)]
    core += ["--data", str(tmp_path), "--key", str(tmp_path / "star.json")]
    core += ["--portal-key", str(tmp_path / "uks-public.json")]
    with subprocess.Popen(core) as running:
        try:
            _until_listening(port)
            done = uks("conformance", f"http://127.0.0.1:{port}", "--key", str(tmp_path / "uks.json"))
        finally:
            running.terminate()
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\nok") + done.stdout.startswith("ok") >= 15
    silent = uks("conformance", f"http://127.0.0.1:{port}", "--key", str(tmp_path / "uks.json"))
    assert silent.exit_code == 1
    assert "FAIL" in silent.stdout


def test_migrate_also_brings_postgresql_up_to_date(empty: Installation, postgres: Postgres) -> None:
    asyncio.run(postgres.execute("CREATE DATABASE from_the_command_line"))
    empty.environment.setenv("UKS_DATABASE_URL", postgres.url("from_the_command_line"))
    for _ in range(2):
        assert well("migrate") == "The database is up to date.\n"
    assert well("audit", "verify") == "0 acts fit; 0 wait for the sealer.\n"
    assert "outbox: 0" in well("keys", "rotate")


@pytest.fixture
def started(lived_in: Installation) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `uks …` as a process of its own; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [UKS, *words], cwd=lived_in.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_worker_that_is_told_to_stop_stops_in_peace(
    lived_in: Installation, started: Callable[..., subprocess.Popen[str]]
) -> None:
    for told in (signal.SIGTERM, signal.SIGINT):
        lived_in.write(lambda tx: audit.record(tx, None, "a-trial", about=new_id(), at=SystemClock().now()))
        worker = started("worker")
        _until(lambda: lived_in.read(audit.unsealed) == 0)
        worker.send_signal(told)
        _, said = worker.communicate(timeout=20)
        assert worker.returncode == 0, said
        assert "Traceback" not in said


@pytest.mark.parametrize("trusted", ["", "127.0.0.2,10.0.0.0/8"])
def test_where_a_call_comes_from_is_believed_of_trusted_proxies_alone(
    lived_in: Installation, started: Callable[..., subprocess.Popen[str]], trusted: str
) -> None:
    port = _free_port()
    lived_in.environment.setenv("UKS_TRUSTED_PROXIES", trusted)
    lived_in.environment.setenv("UKS_PUBLIC_URL", f"http://localhost:{port}")
    started("serve", "--port", str(port))
    _until_listening(port)

    def answers(forwarded_for: str, *, by: str) -> bool:
        # `/metrics` without a token answers this computer alone: 127.0.0.1, and not 127.0.0.2.
        said = _get(port, "/metrics", by, f"X-Forwarded-For: {forwarded_for}")
        return said.startswith("HTTP/1.1 200 ")

    assert answers("203.0.113.9", by="127.0.0.1"), "who is not trusted is not believed"
    assert not answers("203.0.113.9", by="127.0.0.2")
    assert answers("127.0.0.1", by="127.0.0.2") == bool(trusted)


def test_several_processes_serve_side_by_side(
    lived_in: Installation, started: Callable[..., subprocess.Popen[str]]
) -> None:
    port = _free_port()
    lived_in.environment.setenv("UKS_PUBLIC_URL", f"http://localhost:{port}")
    serving = started("serve", "--port", str(port), "--workers", "2")
    _until_listening(port)
    assert "ready" in _get(port, "/health/ready", "127.0.0.1", "X-Nothing: at all")
    assert _get(port, "/", "127.0.0.1", "Accept-Language: ru").split("location: ")[1].startswith("/ru/")
    serving.send_signal(signal.SIGTERM)
    serving.communicate(timeout=30)
    assert serving.returncode in (0, -signal.SIGTERM)


def _get(port: int, path: str, from_address: str, header: str) -> str:
    with socket.create_connection(("127.0.0.1", port), 20, (from_address, 0)) as line:
        ask = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{header}\r\nConnection: close\r\n\r\n"
        line.sendall(ask.encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_listening(port: int) -> None:
    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _until(listens)


def _until(happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        sleep(0.1)
    raise AssertionError("it did not happen within a minute")
