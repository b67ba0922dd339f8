"""What the guide for webmasters says is so: addresses, attributes, colours, looks, in both languages."""

import re
from pathlib import Path
from typing import Final

from starlette.routing import Match

from embeds.entry import Grade, Kind, Look
from embeds.files import ASSETS, ELEMENT
from tests.architecture.test_routes import routes

GUIDE: Final = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text(encoding="utf-8")
ESTONIAN, ENGLISH = GUIDE.split("\n## In English\n")
SCRIPT: Final = (ASSETS / ELEMENT).read_text(encoding="utf-8")


def test_the_attributes_are_those_of_the_element() -> None:
    observed = re.search(r"observedAttributes = \[(.*?)\]", SCRIPT)
    assert observed
    known = set(re.findall(r'"(\w+)"', observed[1]))
    assert set(re.findall(r"^\| `(\w+)` \|", ESTONIAN, re.M)) == known
    told = re.search(r"Attributes: (.*?)\. Colours", ENGLISH)
    assert told
    assert known <= set(re.findall(r"`(\w+)`", told[1]))
    for text in (ESTONIAN, ENGLISH):
        assert {f"`{each}`" for each in Look} <= set(re.findall(r"`\w+`", text))
        assert f"`{Kind.MATTER}`" in text


def test_the_colours_and_their_defaults_are_those_of_the_element() -> None:
    used = dict(re.findall(r"var\((--uks-[a-z-]+), ([^)]+)\)", SCRIPT))
    assert dict(re.findall(r"^\| `(--uks-[a-z-]+)` \| [^|]+ \| `([^`]+)` \|", ESTONIAN, re.M)) == used
    assert set(re.findall(r"`(--uks-[a-z-]+)`", ENGLISH)) == set(used)


def test_the_addresses_answer() -> None:
    named = set(re.findall(r"(/(?:embed/v1|oembed|et/embed|en/embed)[^\s?`\"<]*)", GUIDE))
    assert f"/embed/v1/{ELEMENT}" in named
    assert len(named) > 6
    for address in named:
        path = (
            address.rstrip(".,;:").replace("{municipality}", "rakvere-linn").replace("{service}", "tugiisik")
        )
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "root_path": ""}
        assert any(route.matches(scope)[0] is Match.FULL for route in routes()), path


def test_every_grade_is_told_in_both_languages() -> None:
    assert {str(each) for each in Grade} == {"link", "frame", "element", "oembed"}
    for text in (ESTONIAN, ENGLISH):
        for told in ("/embed/v1/go/", "/embed/v1/frame/", "uks-entry {", "/oembed?url="):
            assert told in text
