"""Every line of GovSSO's acceptance list is shown by a test, is told of in the document, and stands in the table."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.portal.auth.acceptance import LINES, line_by_line, print_table

ROOT = Path(__file__).parents[3]


def shown() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    marks = re.findall(r"\bpytest\.mark\.acceptance\(([^)\[]*)\)", text)
    return {line for mark in marks for line in re.findall(r'"([^"]+)"', mark)}


def test_every_line_has_a_test_and_no_test_names_a_line_that_is_none() -> None:
    assert shown() == set(LINES)


def test_the_document_tells_of_every_line() -> None:
    text = (ROOT / "docs" / "govsso.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+?) \|", text, re.M))
    assert {line: words for line, words in told.items() if line in LINES} == LINES


def report(nodeid: str, *lines: str) -> SimpleNamespace:
    return SimpleNamespace(nodeid=nodeid, user_properties=[("acceptance", line) for line in lines])


def test_a_line_is_good_when_all_its_tests_passed_and_ended_well() -> None:
    passed = [report("a", "state"), report("b", "state", "nonce"), report("c", "tabs")]
    stats = {"passed": passed, "error": [report("b", "state", "nonce")], "skipped": [report("d", "tabs")]}
    assert line_by_line(stats) == {"state": (1, 2), "nonce": (0, 1), "tabs": (1, 2)}


@pytest.mark.parametrize(("stats", "lines"), [({}, 0), ({"passed": [report("a", "state")]}, len(LINES))])
def test_the_table_is_printed_when_one_of_its_tests_ran(stats: dict[str, list[object]], lines: int) -> None:
    said: list[str] = []
    reporter = SimpleNamespace(
        stats=stats,
        section=lambda *_, **__: None,
        write_line=lambda line, **_: said.append(line),
    )
    print_table(reporter)
    assert len(said) == lines
    assert lines == 0 or any(line.startswith("ok        1/1    state") for line in said)
