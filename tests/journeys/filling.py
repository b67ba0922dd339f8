"""Going through the pages as a person does: reading each page and sending what stands in it."""

from typing import Any

import httpx2

from tests.journeys.page import Page
from tests.journeys.site import Site

TEIE = {
    "residence": "Pikk tn 14–6, Rakvere",
    "lives_there": "yes",
    "phone": "5123 4567",
    "email": "mari@näide.ee",
    "contact_language": "et",
    "first_time": "no",
    "fourth_time": "no",
}
PERE = {
    "members-0-status": "employed",
    "members-0-has_income": "no",
    "has_undocumented": "no",
    "pays_maintenance": "no",
    "has_enforcement": "no",
}
ELUASE = {"dwelling_area": "48", "dwelling_rooms": "2", "cost_rent": "260,00", "has_loan": "no"}
KONTO = {"iban": "EE38 2200 2210 2014 5685", "own_account": "yes", "delivery": "portal"}
STEPS: dict[str, dict[str, str]] = {
    "teie": TEIE,
    "pere": PERE,
    "eluase": ELUASE,
    "dokumendid": {},
    "konto": KONTO,
}


async def start(site: Site, kov: str = "0663") -> str:
    """Start an application; returns the address of the draft."""
    door = Page((await site.client.get("/et/apply/toimetulekutoetus")).text)
    answer = await site.client.post(
        "/et/apply/toimetulekutoetus", data={**door.form("/toimetulekutoetus"), "kov": kov}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def page(site: Site, path: str) -> Page:
    answer = await site.client.get(path)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("location"))
    return Page(answer.text)


async def send(site: Site, path: str, **typed: Any) -> httpx2.Response:
    """Open a step, type into it, press "Salvesta ja jätka"."""
    shown = await page(site, path)
    return await site.client.post(path, data={**shown.form(path), "act": "next", **typed})


async def fill(site: Site, draft: str, until: str = "review") -> str:
    """Go through the steps up to one; returns where the last sending led."""
    at = f"{draft}/teie"
    for step, typed in STEPS.items():
        if step == until:
            return at
        answer = await send(site, f"{draft}/{step}", **typed)
        if answer.status_code == 422 and step == "teie":
            answer = await send(site, f"{draft}/{step}", **typed)
        assert answer.status_code == 303, (step, Page(answer.text).text)
        at = str(answer.headers["location"])
    return at


async def send_off(site: Site, draft: str) -> httpx2.Response:
    """Confirm the review and send."""
    review = await page(site, f"{draft}/review")
    return await site.client.post(f"{draft}/review", data={**review.form("/review"), "confirm": "y"})
