"""What a page weighs on its way to a phone: Minu suhtlus with twenty lines, packed as a proxy would pack it."""

import gzip
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from inbox.tables import InteractionRow
from portal.clock import FixedClock
from portal.ui.static import BUILT
from tests.bench.people import line_rows
from tests.conftest import Sqlite
from tests.portal.whole import Whole, open_whole

pytestmark = pytest.mark.anyio

KB = 1024
_STATIC = re.compile(r"""(?:href|src)="(/static/[^"#]+)""")
_FACE = re.compile(r"@font-face\{[^}]*url\(([^)]+)\)[^}]*unicode-range:([^};]+)")


@pytest.fixture
async def whole(sqlite: Sqlite, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Whole]:
    async with sqlite.fresh(tmp_path) as url, open_whole(url, tmp_path, clock) as opened:
        async with opened.parts.db.write() as tx:
            await tx.execute(insert(InteractionRow), line_rows(opened.actor.party.id, clock.now()))
        yield opened


async def test_without_fonts_the_list_weighs_at_most_20_kb(whole: Whole) -> None:
    page = (await whole.browser.get("/et/inbox")).text
    assert page.count('class="matter"') == 19, "one of the twenty stands in the panel"

    assert sum((await _weights(whole, page)).values()) <= 20 * KB


async def test_with_the_fonts_of_an_estonian_page_it_weighs_at_most_100_kb(whole: Whole) -> None:
    page = (await whole.browser.get("/et/inbox")).text
    fonts = _fonts(page)

    assert fonts
    assert sum((await _weights(whole, page)).values()) + sum(fonts.values()) <= 100 * KB


async def test_scripts_weigh_at_most_8_kb(whole: Whole) -> None:
    weights = await _weights(whole, (await whole.browser.get("/et/inbox")).text)

    scripts = [weight for path, weight in weights.items() if path.endswith(".js")]
    assert scripts
    assert sum(scripts) <= 8 * KB


async def _weights(whole: Whole, page: str) -> dict[str, int]:
    weights = {"/": _packed(page.encode())}
    for path in set(_STATIC.findall(page)):
        answer = await whole.browser.get(path)
        assert answer.status_code == 200, path
        weights[path] = _packed(answer.content)
    return weights


def _fonts(page: str) -> dict[str, int]:
    """The font files that a browser fetches for these letters, in both thicknesses that the page uses."""
    style = (BUILT / "app.css").read_text()
    return {
        path: (BUILT / path).stat().st_size
        for path, ranges in _FACE.findall(style)
        if any(_covers(ranges, letter) for letter in set(page))
    }


def _covers(ranges: str, letter: str) -> bool:
    return any(low <= ord(letter) <= high for low, high in _ranges(ranges))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.replace("U+", "").split(","):
        low, _, high = part.partition("-")
        yield int(low.replace("?", "0"), 16), int((high or low).replace("?", "F"), 16)


def _packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))
