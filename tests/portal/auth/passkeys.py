"""What a person with a passkey does in a browser, over real HTTP."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlalchemy import select

from portal.audit import AuditRow
from portal.auth.passkeys.tables import PasskeyRow
from portal.demo.people import MARI_LIIS, DemoPerson
from tests.portal.auth.authenticator import Authenticator
from tests.portal.auth.site import Browser, Site

JSON = "application/json"


@dataclass
class Holder:
    """Somebody with a device of their own."""

    site: Site
    browser: Browser
    device: Authenticator = field(init=False)

    def __post_init__(self) -> None:
        self.device = Authenticator(self.site.url)

    async def add(self, name: str = "Punane telefon") -> httpx2.Response:
        """Add a passkey; the person is signed in through GovSSO."""
        return await self.send_new(self.device.create(await self.options()), name)

    async def options(self) -> Any:
        answer = await self.browser.post("/passkeys/options", await self.browser.csrf(), accept=JSON)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send_new(self, credential: str, name: str = "Punane telefon") -> httpx2.Response:
        fields = {**await self.browser.csrf(), "credential": credential, "name": name}
        return await self.browser.post("/et/me/passkeys", fields)

    async def challenge(self) -> Any:
        answer = await self.browser.post("/passkeys/challenge", accept=JSON)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def enter(self, return_to: str = "/et/inbox") -> httpx2.Response:
        """Sign in by passkey."""
        return await self.send(self.device.get(await self.challenge()), return_to)

    async def send(self, credential: str, return_to: str = "/et/inbox") -> httpx2.Response:
        return await self.browser.post("/et/passkey", {"credential": credential, "return_to": return_to})

    def leave(self) -> None:
        """Close the browser: its session's cookie is gone."""
        self.browser.client.cookies.clear()


async def with_passkey(site: Site, who: DemoPerson = MARI_LIIS, **device: Any) -> Holder:
    """Let somebody sign in through GovSSO, add a passkey, and close the browser."""
    holder = Holder(site, site.browser())
    for name, value in device.items():
        setattr(holder.device, name, value)
    await holder.browser.sign_in(who)
    page = await holder.add()
    assert page.status_code == 200, page.text
    assert "Pääsuvõti on lisatud" in page.text, page.text
    holder.leave()
    return holder


async def kept(site: Site) -> Any:
    """Give the rows of all passkeys."""
    async with site.db.read() as session:
        return (await session.execute(select(PasskeyRow).order_by(PasskeyRow.id))).all()


async def acts(site: Site, act: str) -> list[tuple[str, str | None]]:
    """Give result and reason of each such act of the trail, in order."""
    async with site.db.read() as session:
        rows = await session.execute(select(AuditRow).where(AuditRow.act == act).order_by(AuditRow.id))
    return [(row.result, row.content["detail"].get("why")) for row in rows]
