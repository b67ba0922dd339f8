"""What the documents say is so: settings, commands, addresses, links, pictures, examples."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import typer
from pydantic import SecretStr
from starlette.routing import Match

from core_bridge.population.codes import TABLE
from core_bridge.signing import generate_key, public
from journeys.fields import FieldType
from journeys.loading import load_journey
from portal.cli import app
from portal.clock import SystemClock
from portal.crypto import KeyRing, new_key
from portal.db import Database
from portal.parts.cores import load_cores
from portal.settings import PREFIX, Settings
from tests.architecture.test_routes import ID, routes

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
REGISTRIES: Final = (
    *("pypi.org", "pythonhosted.org", "npmjs.org", "npmjs.com", "yarnpkg.com", "crates.io", "anaconda.org"),
    *("jsdelivr.net", "unpkg.com", "rubygems.org", "docker.io", "ghcr.io", "quay.io", "goproxy.io"),
)


def rows(heading: str) -> list[str]:
    """The rows of the first table under a heading of the README."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    table = re.search(r"\n\| ---[^\n]*\n((?:\|[^\n]*\n)+)", section)
    assert table, heading
    return table[1].splitlines()


def commands() -> Iterator[tuple[str, str, Any]]:
    """Every command with its words, what it says of itself, and the command."""
    for name, each in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(each, "commands", None)
        yield from (
            ((f"uks {name} {sub}", its.help, its) for sub, its in inner.items())
            if inner
            else [(f"uks {name}", each.help, each)]
        )


def fenced(document: Path, *languages: str) -> Iterator[str]:
    """The code blocks of a document in one of these languages."""
    text = document.read_text(encoding="utf-8")
    return (block for kind, block in re.findall(r"```(\w*)\n(.*?)```", text, re.S) if kind in languages)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_the_table_of_settings_is_that_of_the_code() -> None:
    def shown(default: Any) -> str:
        plain = default.get_secret_value() if isinstance(default, SecretStr) else default
        return "" if plain in ("", None, ()) else f"`{plain}`"

    wanted = [
        f"| `{PREFIX}{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    assert rows("Settings") == wanted


def test_the_table_of_commands_is_that_of_the_code() -> None:
    wanted = []
    for words, says, command in commands():
        asked = [each.name.upper() for each in command.params if each.param_type_name == "argument"]
        wanted.append(f"| `{' '.join([words, *asked])}` | {says} |")
    assert rows("Commands") == wanted


def test_the_drawing_of_the_house_is_the_contract_that_is_kept() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    section = README.split("\n## The house\n", 1)[1]
    drawing = section.split("```")[1].strip().splitlines()
    drawn = [re.split(r"\s{2,}", line)[0].replace("│", "|").strip() for line in drawing]
    assert drawn == layers


def test_the_targets_of_make_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        named = set(re.findall(r"`make ([a-z]+)", text)) | {
            name for block in fenced(document, "sh") for name in re.findall(r"^make ([a-z]+)", block, re.M)
        }
        assert named <= targets, document
    told = re.search(r"`make` knows (.*?)\.\n", README)
    assert told
    assert set(re.findall(r"`([a-z]+)`", told[1])) == targets


def test_the_commands_that_are_named_exist_with_their_options() -> None:
    known = {words: command for words, _says, command in commands()}
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        found = re.findall(r"`uks ([^`]+)`", text)
        for block in fenced(document, "sh", "ini"):
            found += re.findall(r"bin/uks ([^\n#]+)", block)
        for line in found:
            words = line.split()
            name = next(
                (" ".join(["uks", *words[:n]]) for n in (2, 1) if " ".join(["uks", *words[:n]]) in known),
                None,
            )
            groups = {each.rpartition(" ")[0] for each in known}
            assert name or line == "…" or f"uks {line.strip()}" in groups, f"{document}: uks {line}"
            options = {option for each in known[name].params for option in each.opts} if name else set()
            assert {word for word in words if word.startswith("--")} <= options, f"{document}: uks {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_links_to_is_there(document: Path) -> None:
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (document.parent / path).resolve() if path else document
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            missing.append(target)
    assert missing == []


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_document_is_linked_from_another() -> None:
    linked = {
        (document.parent / target.partition("#")[0]).resolve()
        for document in DOCUMENTS
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    }
    assert {document for document in DOCUMENTS[1:] if document not in linked} == set()


def test_files_that_documents_name_exist() -> None:
    for document in DOCUMENTS:
        for name in re.findall(
            r"`((?:portal|journeys|inbox|embeds|core_bridge|tests|templates|docs)/[\w/.-]*)`",
            document.read_text(encoding="utf-8"),
        ):
            assert (ROOT / name).exists(), f"{document}: {name}"


def test_the_published_addresses_answer() -> None:
    section = README.split("\n## Addresses\n", 1)[1].split("\n## ")[0]
    with_language = [each for row in rows("Addresses") for each in re.findall(r"`(/[^`]*)`", row)]
    without = re.findall(r"`(/[^`]+)`", section.split("\nWithout a language:", 1)[1])
    assert len(with_language) > 10
    assert len(without) > 10
    for address in [*(f"/et{each}" for each in with_language), *without]:
        path = address.replace("{step}", "teie").replace("{id}", ID)
        scopes = [
            {"type": "http", "method": method, "path": path, "headers": [], "root_path": ""}
            for method in ("GET", "POST")
        ]
        assert any(route.matches(scope)[0] is Match.FULL for scope in scopes for route in routes()), address


def test_the_examples_of_the_cores_can_be_read(tmp_path: Path) -> None:
    direct, xtee, *_ = fenced(ROOT / "README.md", "toml")
    for name, key in (("uks.key", generate_key()), ("star.public", None), ("skais.public", None)):
        (tmp_path / f"{name}.json").write_text(json.dumps(key or public(generate_key())))
    (tmp_path / "cores.toml").write_text(direct, encoding="utf-8")
    db = Database(f"sqlite:///{tmp_path / 'uks.db'}", KeyRing.parse(f"index:{new_key()},k1:{new_key()}"))
    read = load_cores(tmp_path / "cores.toml", db, SystemClock())
    assert set(read.named) == {"STAR", "SKAIS"}
    from portal.parts.cores import _File

    assert _File.model_validate(tomllib.loads(xtee)).cores["STAR"].way == "xtee"


def test_the_example_of_the_population_register_can_be_read_and_tells_the_defaults() -> None:
    from portal.parts.population import _File

    (example,) = (each for each in fenced(ROOT / "README.md", "toml") if "domesticDataExchange" in each)
    read = _File.model_validate(tomllib.loads(example))
    for line in example.splitlines():
        if "the default" in line:
            name = line.partition(" ")[0]
            assert getattr(read, name) == _File.model_fields[name].default
    told = (
        (ROOT / "docs" / "operations.md")
        .read_text(encoding="utf-8")
        .split("\n## The population register\n")[1]
    )
    rows = "".join(
        line.partition("| ")[2].partition(" |")[0] for line in told.splitlines() if line.startswith("| `")
    )
    unverified = {each.meaning for each in TABLE if not each.verified}
    assert set(re.findall(r"`(\w+)`", rows)) == unverified


def test_the_example_of_a_journey_can_be_read(tmp_path: Path) -> None:
    document = ROOT / "docs" / "adding-a-service.md"
    (example,) = fenced(document, "yaml")
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    assert load_journey(tmp_path / "example.yaml").step("dokumendid")
    told = re.search(r"Kinds of answers: ([^.]+)\.", document.read_text(encoding="utf-8"))
    assert told
    assert re.findall(r"`(\w+)`", told[1]) == [str(each) for each in FieldType]


def test_the_example_of_an_installation_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = list(fenced(ROOT / "docs" / "operations.md", "sh"))
    (block,) = (block for block in blocks if "UKS_ENV=production" in block)
    ring = f"index:{new_key()},k1:{new_key()}"
    for line in block.splitlines():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, ring if name == "UKS_KEYS" else value)
    assert Settings().lacks() == []


def test_the_figures_to_watch_are_those_of_the_code() -> None:
    written = set(
        re.findall(r'"(uks_[a-z_]+)"', (ROOT / "portal/parts/operations.py").read_text(encoding="utf-8"))
    )
    told = set(
        re.findall(r"^\| `(uks_[a-z_]+)`", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.M)
    )
    assert told == written


def test_what_the_log_is_said_to_say_is_in_the_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in tracked() if path.suffix == ".py")
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for event in set(re.findall(r"`((?:ui|worker|scan|inbox|journeys|outbox)\.[a-z_]+)`", text)):
        assert f'"{event}"' in code, event


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(
        r"^(\d+)\. \[(.+)\]\((.+)\)$", (folder / "README.md").read_text(encoding="utf-8"), re.M
    )
    there = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for _, _, name in listed] == there
    for number, title, name in listed:
        assert int(name[:2]) == int(number)
        assert (folder / name).read_text(encoding="utf-8").startswith(f"# {title}\n"), name


def test_no_tracked_file_names_a_registry() -> None:
    # Theirs, with its own words in it.
    licences = {"LICENSE", "THIRD_PARTY_NOTICES.md"}
    found = []
    for path in tracked():
        if path == Path(__file__) or path.name in licences or path.suffix in (".woff2", ".png"):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_a_lock_file_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "sha512-" in text or "--hash=sha256:" in text
    assert not re.search(r"https?://[^\s\"]*\.(?:whl|tgz|tar\.gz|zip)", text)
    assert "--index-url" not in text
    assert '"resolved"' not in text
    hosts = {urlsplit(address).hostname for address in re.findall(r"https?://[^\s\"]+", text)}
    assert hosts <= _FUNDING, "only what packages say of their own funding"


_FUNDING: Final = {"github.com", "opencollective.com", "tidelift.com", "patreon.com", "ko-fi.com"}


def test_no_document_waits_to_be_filled_in() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"@@|TODO|FIXME|TBD", document.read_text(encoding="utf-8")), document


def test_no_document_knows_the_machine_it_was_written_on() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|root|home|tmp)/", text), document
