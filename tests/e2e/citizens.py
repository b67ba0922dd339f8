"""Citizens with a browser and patience: what does not get through is sent again, until a page tells the rest."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx2

from inbox.matters import draft_saved
from journeys.behalf import ONESELF
from journeys.definition import Journey
from journeys.drafts import Start, save_draft, start_draft
from journeys.facts import nothing_known
from journeys.flow import Path
from journeys.queries import draft
from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.sessions import start
from portal.calendar import tallinn_day
from portal.db import Database, Transaction, new_id
from portal.identity import Actor
from tests.journeys.answering import family_of_three
from tests.journeys.filling import STEPS
from tests.journeys.page import Page

_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
_NUMBER = re.compile(r"\b\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_JOURNEY = "/et/apply/toimetulekutoetus"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt said to the person who looked at it, and the files they had added."""

    id: UUID
    number: str
    content_hash: str
    files: frozenset[str]
    """SHA-256 of each."""


@dataclass(slots=True)
class Tally:
    """What all citizens went through."""

    receipts: dict[UUID, Receipt] = field(default_factory=dict)
    answered: int = 0
    again: int = 0
    broken: list[str] = field(default_factory=list)
    """Answers that no kill explains."""


@dataclass(slots=True)
class Citizen:
    """Somebody signed in, in a hurry and stubborn."""

    actor: Actor
    client: httpx2.AsyncClient
    dice: Random
    tally: Tally

    async def send_draft(self, draft_id: UUID, files: int, *, twice: bool) -> None:
        """Add files to a finished draft, send it, and look at the receipt."""
        review = f"/et/drafts/{draft_id}/review"
        form = await self._hidden(review)
        kept = [await self._add(draft_id, form, n) for n in range(files)]
        form |= {**(await self._hidden(review) if files else {}), "confirm": "y"}
        posts = [self._post(review, form) for _ in range(2 if twice else 1)]
        for answer in await asyncio.gather(*posts):
            if answer.headers.get("location") != f"/et/receipts/{draft_id}":
                self.tally.broken.append(
                    f"sending led to {answer.status_code} {answer.headers.get('location')}"
                )
        shown = await self._get(f"/et/receipts/{draft_id}")
        number, content_hash = _NUMBER.search(shown), _HASH.search(shown)
        assert number, shown
        assert content_hash, shown
        self.tally.receipts[draft_id] = Receipt(draft_id, number[0], content_hash[0], frozenset(kept))

    async def fill_in(self) -> UUID:
        """Start an application and go through all its steps, page by page."""
        form = (await self._page(_JOURNEY)).form("/toimetulekutoetus") | {"kov": "0663"}
        path = (await self._post(_JOURNEY, form)).headers["location"]
        for step, typed in STEPS.items():
            await self._fill_step(f"{path}/{step}", typed)
        return UUID(path.rpartition("/")[2])

    async def _fill_step(self, path: str, typed: dict[str, str]) -> None:
        """Go on until the step is done: an answer may open further questions, a lost answer ask for a look."""
        for _ in range(5):
            form = (await self._page(path)).form(path) | {"act": "next", **typed}
            answer = await self._post(path, form)
            if answer.status_code == 303:
                return
        raise AssertionError(f"{path} never ended: {Page(answer.text).text}")

    async def inbox(self) -> Page:
        """Look at Minu suhtlus."""
        return await self._page("/et/inbox")

    async def _add(self, draft_id: UUID, form: dict[str, Any], n: int) -> str:
        content = b"%PDF-1.7\n" + self.dice.randbytes(20_000) + f"\n{draft_id} {n}\n%%EOF".encode()
        path = f"/et/drafts/{draft_id}/files/bills"
        told = {"csrf_token": form["csrf_token"], "party": form["party"], "form_id": str(new_id())}
        upload = {"files": (f"arve {n}.pdf", content, "application/pdf")}
        answer = await self._until(lambda: self.client.post(path, data=told, files=upload))
        if answer.status_code != 303:
            self.tally.broken.append(f"a file met {answer.status_code}")
        return hashlib.sha256(content).hexdigest()

    async def _page(self, path: str) -> Page:
        return Page(await self._get(path))

    async def _hidden(self, path: str) -> dict[str, Any]:
        """Open a page and take what its forms carry unseen."""
        return dict(_HIDDEN.findall(await self._get(path)))

    async def _get(self, path: str) -> str:
        answer = await self._until(lambda: self.client.get(path))
        told = f"{path} met {answer.status_code} {answer.headers.get('location', '')}"
        assert answer.status_code == 200, told
        return answer.text

    async def _post(self, path: str, form: dict[str, Any]) -> httpx2.Response:
        return await self._until(lambda: self.client.post(path, data=form))

    async def _until(self, call: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
        """Do the same again until there is an answer, as a person presses the button again."""
        for _ in range(600):
            try:
                answer = await call()
            except httpx2.TransportError:
                self.tally.again += 1
                await asyncio.sleep(self.dice.uniform(0.1, 0.5))
                continue
            self.tally.answered += 1
            if answer.status_code < 500:
                return answer
            self.tally.broken.append(f"{answer.status_code}: {' '.join(answer.text.split())[-300:]}")
            await asyncio.sleep(0.5)
        raise TimeoutError("nobody answered")


def invented_codes(count: int) -> list[str]:
    """Make personal codes of people who cannot exist: the serials 990-999 were never given out."""
    born = (datetime(1960, 1, 1) + timedelta(days=n * 37) for n in range(count))  # noqa: DTZ001
    return [_with_check_digit(f"{3 + n % 2}{day:%y%m%d}{990 + n % 10}") for n, day in enumerate(born)]


async def sign_in(
    tx: Transaction, code: str, now: datetime, lasts: timedelta = timedelta(hours=1)
) -> tuple[str, Actor]:
    """Begin a session, as after GovSSO's answer; gives the cookie's token."""
    who = Identity(
        sub=f"EE{code}",
        given_name="Näidis",
        family_name=f"Kodanik{code[-4:]}",
        birthdate=None,
        sid=code,
        acr="high",
        amr="idcard",
        nonce="once",
        auth_time=now,
        expires_at=now + lasts,
    )
    token, actor, _ = await start(tx, Tokens(who, "", ""), "et", now, None)
    return token, actor


async def finished_draft(db: Database, journey: Journey, actor: Actor, now: datetime) -> UUID:
    """Make a draft that only waits for its sending."""
    answers, draft_id = family_of_three(), new_id()
    answers["members"][0] |= {"name": actor.person.name, "code": actor.person.code.removeprefix("EE")}
    path = Path.of(journey, answers, tallinn_day(now), ONESELF)
    steps: Sequence[str] = [step.id for step in path.route()]
    begun = Start(journey, "0663", answers, nothing_known(now))
    async with db.write() as tx:
        await start_draft(tx, actor, draft_id, begun, at=now, on_draft=draft_saved)
        found = await draft(tx, actor, draft_id)
        assert found is not None
        await save_draft(tx, actor, found, path, done=steps, at=now, on_draft=draft_saved)
    return draft_id


def _with_check_digit(ten: str) -> str:
    for weights in ("1234567891", "3456789123"):
        rest = sum(int(digit) * int(weight) for digit, weight in zip(ten, weights, strict=True)) % 11
        if rest < 10:
            return f"{ten}{rest}"
    return f"{ten}0"
