"""The way of one applicant: every page a browser would fetch, every form as the page gave it, filled in and sent."""

import os
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final
from urllib.parse import quote_plus, urlencode

from tests.bench.citizens import Citizen
from tests.bench.wire import Answer, Connection, get, post

JOURNEY: Final = "toimetulekutoetus"
HOUSING: Final = "eluase"
FILE: Final = b"%PDF-1.4\n" + os.urandom(200 * 1024)
# What one person alone must say, and the rent: 18 fields over four steps.
ANSWERS: Final[Mapping[str, dict[str, str]]] = {
    "teie": {
        "kov": "0663",
        "residence": "Pikk tn 14–6, Rakvere",
        "lives_there": "yes",
        "contact_language": "et",
        "first_time": "no",
        "fourth_time": "no",
    },
    "pere": {
        "members-0-status": "unemployed",
        "members-0-has_income": "no",
        "has_undocumented": "no",
        "pays_maintenance": "no",
        "has_enforcement": "no",
    },
    "eluase": {"dwelling_area": "32", "dwelling_rooms": "1", "cost_rent": "260", "has_loan": "no"},
    "dokumendid": {},
    "konto": {"iban": "EE38 2200 2210 2014 5685", "own_account": "yes", "delivery": "portal"},
}
_HIDDEN: Final = re.compile(r'<input[^>]* type="hidden"[^>]*>')
_NAME: Final = re.compile(r' name="([^"]*)"')
_VALUE: Final = re.compile(r' value="([^"]*)"')
_BOUNDARY: Final = "----uks"


class Walk:
    """An applicant with a connection: applies as often as asked."""

    def __init__(self, connection: Connection, port: int, citizen: Citizen) -> None:
        self.connection, self.port, self.citizen = connection, port, citizen
        self.requests = 0

    async def apply(self) -> None:
        """Go from the door to the receipt: 18 requests."""
        door = f"/et/apply/{JOURNEY}?kov=0663"
        page = await self.open(door)
        page = await self.send(
            door.partition("?")[0], hidden_of(page, door.partition("?")[0]) | {"kov": "0663"}
        )
        for step, typed in ANSWERS.items():
            here = f"{self.draft}/{step}"
            assert self.path == here, (self.path, here)
            if not typed:
                page = await self.attach(page)
            page = await self.send(here, hidden_of(page, here) | typed | {"act": "next"})
        here = f"{self.draft}/review"
        page = await self.send(here, hidden_of(page, here) | {"confirm": "y"})
        assert self.path.startswith("/et/receipts/"), (self.path, page.said)

    async def attach(self, page: Answer) -> Answer:
        """Add a file to the first slot, and see it there."""
        address = f"{self.draft}/files/bills"
        body = multipart(hidden_of(page, address))
        media_type = f"multipart/form-data; boundary={_BOUNDARY}"
        return await self.follow(
            await self.ask(post(self.port, address, self.citizen.cookie, body, media_type))
        )

    async def open(self, path: str) -> Answer:
        """Fetch a page, whatever leads there."""
        self.path = path
        return await self.follow(await self.ask(get(self.port, path, self.citizen.cookie)))

    async def send(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form and go where the answer leads."""
        return await self.follow(await self.ask(post(self.port, path, self.citizen.cookie, encoded(fields))))

    async def follow(self, answer: Answer) -> Answer:
        """Go where an answer leads, as far as a page."""
        while answer.status == 303:
            self.path = answer.location.partition("#")[0]
            answer = await self.ask(get(self.port, self.path, self.citizen.cookie))
        assert answer.status == 200, (self.path, answer.said)
        return answer

    async def ask(self, request: bytes) -> Answer:
        """Send one request."""
        self.requests += 1
        return await self.connection.ask(request)

    @property
    def draft(self) -> str:
        """The address of the draft that is being filled in."""
        return "/".join(self.path.split("/")[:4])


def hidden_of(page: Answer, action: str) -> dict[str, str]:
    """Read the hidden fields of the form that is sent to an address."""
    text = page.body.decode()
    start = text.index(f'action="{action}"')
    form = text[start : text.index("</form>", start)]
    return dict(_pairs(form))


def encoded(fields: Mapping[str, str]) -> bytes:
    """Write fields as a browser sends them."""
    return urlencode(fields, quote_via=quote_plus).encode()


def housing(rent: int, area: int) -> dict[str, str]:
    """Fill in the step of housing costs."""
    return {
        "dwelling_area": str(area),
        "dwelling_rooms": "2",
        "cost_rent": str(rent),
        "cost_water": "18,40",
        "cost_electricity": "31.60",
        "cost_heating": "32 €",
        "cost_waste": "",
        "has_loan": "no",
        "act": "next",
    }


def multipart(fields: Mapping[str, str]) -> bytes:
    """Write fields and one file of 200 KiB as a browser sends them."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    disposition = 'Content-Disposition: form-data; name="files"; filename="arved.pdf"'
    file = f"--{_BOUNDARY}\r\n{disposition}\r\nContent-Type: application/pdf\r\n\r\n"
    return b"".join([*parts, file.encode(), FILE, f"\r\n--{_BOUNDARY}--\r\n".encode()])


def _pairs(form: str) -> Iterator[tuple[str, str]]:
    for field in _HIDDEN.findall(form):
        name, value = _NAME.search(field), _VALUE.search(field)
        if name:
            yield unescape(name[1]), unescape(value[1]) if value else ""
