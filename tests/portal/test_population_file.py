"""The file of the population register: what is wrong in it is one line, and without it there is no such source."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from core_bridge.population.codes import Meaning
from portal.cli import app
from portal.clock import SystemClock
from portal.crypto import new_key
from portal.demo.place import Place
from portal.parts.population import BadPopulation, load_population
from portal.settings import Settings

HERE = 'security_server = "http://127.0.0.1:8080"\nclient = "EE/GOV/70000000/uks"\n'
ELSEWHERE = HERE.replace("http://127.0.0.1:8080", "https://xtee.example.ee")


def load(folder: Path, text: str) -> object:
    path = folder / "population.toml"
    path.write_text(text, encoding="utf-8")
    return load_population(path, SystemClock())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "population.toml"),
        ("", "security_server"),
        (HERE.replace("http:", "ftp:"), "security_server"),
        (HERE.replace("8080", "8080/path"), "security_server"),
        (HERE.replace("/uks", ""), "is not INSTANCE/CLASS/CODE/SUBSYSTEM"),
        (HERE + 'reason = "uudishimu"', "reason"),
        (HERE + "timeout = 0", "timeout"),
        (HERE + "timeout = 60", "timeout"),
        (HERE + "tiemout = 4", "tiemout"),
        (HERE + '[codes]\nguardian = ["H9"]', "'guardian' is none of"),
        (HERE + '[codes]\nward = ["H10"]', "'H10' would mean two things"),
        (HERE + '[codes]\nward = "H9"', "codes.ward"),
        (ELSEWHERE, "certificate, key and server_certificate are needed"),
        (
            ELSEWHERE + 'certificate = "a.crt"\nkey = "a.key"\nserver_certificate = "s.crt"',
            "No such file",
        ),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadPopulation) as wrong:
        load(tmp_path, text)
    assert told in str(wrong.value)


def test_the_check_tells_it_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "population.toml").write_text(ELSEWHERE, encoding="utf-8")
    monkeypatch.setenv("UKS_KEYS", f"index:{new_key()},k1:{new_key()}")
    monkeypatch.setenv("UKS_DATABASE_URL", f"sqlite:///{tmp_path / 'uks.db'}")
    monkeypatch.setenv("UKS_POPULATION", str(tmp_path / "population.toml"))
    done = CliRunner().invoke(app, ["check"])
    assert done.exit_code == 2
    assert "certificate, key and server_certificate are needed" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_file_there_is_no_such_source_and_the_check_notes_it() -> None:
    assert load_population(None, SystemClock()) is None
    assert Settings().notes() == ["UKS_POPULATION: parents and guardians cannot act for others"]
    assert Settings(population=Path("population.toml")).notes() == []
    done = CliRunner().invoke(app, ["check", "--production"])
    assert "note: UKS_POPULATION: parents and guardians cannot act for others" in done.stderr.splitlines()


def test_the_demos_file_names_every_code_that_the_simulator_invents(tmp_path: Path) -> None:
    place = Place(18490, tmp_path / "demo")
    place.prepare(reset=False)
    source = load_population(place.settings().population, SystemClock())
    assert source is not None
    assert source.codes.unverified() == [Meaning.HARMLESS]
