"""The rules of the house that no tool's configuration can say."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", "journeys", "inbox", "embeds", "core_bridge")
FILES = [
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts
]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "queries.py"], ids=str)
def test_every_query_for_a_page_takes_the_session_and_then_the_actor(path: Path) -> None:
    for function in functions(path):
        if isinstance(function, ast.AsyncFunctionDef) and not function.name.startswith("_"):
            names = [argument.arg for argument in function.args.args]
            assert names[:2] in (["session", "actor"], ["tx", "actor"]), (
                f"{path}: {function.name}({', '.join(names)})"
            )


def test_no_page_uses_the_queries_of_the_system() -> None:
    for path in FILES:
        if "pages" in path.stem or path.stem == "pages" or "pages" in path.parts:
            assert not [name for name in imports(path) if name.endswith("system_queries")], path


def test_only_the_settings_read_the_environment() -> None:
    for path in FILES:
        if path != ROOT / "portal" / "settings.py":
            text = path.read_text(encoding="utf-8")
            assert "os.environ" not in text, path
            assert "getenv" not in text, path


def test_only_the_clocks_know_the_time() -> None:
    clocks = {ROOT / "portal" / "clock.py", ROOT / "core_bridge" / "clock.py"}
    for path in set(FILES) - clocks:
        text = path.read_text(encoding="utf-8")
        for forbidden in ("datetime.now(", "utcnow(", "date.today(", "time.time("):
            assert forbidden not in text, f"{path} asks {forbidden}"


def test_no_import_runs_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES)
    order = TopologicalSorter(
        {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    )
    order.prepare()  # raises CycleError, naming the circle


def test_files_and_functions_stay_small() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES]
    bodies = [(node.end_lineno or 0) - node.lineno + 1 for path in FILES for node in functions(path)]
    assert median(lengths) <= 80
    assert quantiles(lengths, n=10)[8] <= 200
    assert quantiles(bodies, n=10)[8] <= 30
