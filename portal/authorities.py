"""The authorities that decide: 78 municipalities (by EHAK) and the Social Insurance Board (SKA)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "municipalities.json"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who decides; `code` is the EHAK code of a municipality, or `SKA`."""

    code: str
    name: str
    place: str
    kind: str
    slug: str
    county: str


SKA = Authority("SKA", "Sotsiaalkindlustusamet", "Eesti", "amet", "sotsiaalkindlustusamet", "")


@cache
def municipalities() -> Sequence[Authority]:
    """List the municipalities in the order of their names."""
    rows = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(sorted((Authority(**row) for row in rows), key=lambda found: _alphabet(found.place)))


def authority(code: str) -> Authority:
    """Find an authority by its code; raises `KeyError`."""
    return _by("code")[code]


def by_slug(slug: str) -> Authority | None:
    """Find a municipality by the name in its page's address."""
    return _by("slug").get(slug)


@cache
def _by(attribute: str) -> dict[str, Authority]:
    return {getattr(found, attribute): found for found in (*municipalities(), SKA)}


def _alphabet(name: str) -> list[int]:
    # The Estonian order: s š z ž stand before t, and õ ä ö ü end it.
    order = "abcdefghijklmnopqrsšzžtuvwõäöüxy- "
    return [order.find(letter) for letter in name.lower()]
