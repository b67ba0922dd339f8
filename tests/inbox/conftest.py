import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from inbox.model.services import Service, Term
from inbox.pages import InboxPages
from portal.clock import FixedClock
from portal.db import Database
from portal.files import Files
from portal.identity import Actor
from tests.site import browser, form_of

SUBSISTENCE = Service(
    {"et": "toimetulekutoetus", "en": "subsistence benefit", "ru": "прожиточное пособие"},
    decision=Term("complete", "SHS § 134 lg 2", working_days=5),
    payment=Term("decision", "SHS § 134 lg 6", working_days=3),
)


@dataclass
class Visitor:
    """Somebody who browses Minu suhtlus; every page they see is looked over."""

    actor: Actor
    client: httpx2.AsyncClient

    async def see(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:2000]}"
        look_over(answer.text)
        return answer.text

    async def send(self, path: str, files: Any = None, **typed: str) -> httpx2.Response:
        answer = await self.client.post(path, data=form_of(self.actor) | typed, files=files)
        if answer.status_code not in (303, 307):
            look_over(answer.text)
        return answer


def look_over(html: str) -> None:
    """Find what no page may have: two h1, an id twice, words left in a template."""
    assert len(re.findall(r"<h1[ >]", html)) == 1, "one h1 a page"
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), f"ids repeat: {sorted(each for each in ids if ids.count(each) > 1)}"
    for left in ("None", "{{", "%(", "Undefined"):
        assert left not in re.sub(r"<[^>]*>", "", html), left


def services(journey: str) -> Service | None:
    return SUBSISTENCE if journey == "kov_toimetulekutoetus" else None


Visitors = Callable[[Actor], Visitor]


@pytest.fixture
def visitor(database: Database, clock: FixedClock, files: Files) -> Visitors:
    """Open the pages for somebody."""
    pages = InboxPages(database, files, services)
    return lambda actor: Visitor(actor, browser(pages.routes(), clock, actor))
