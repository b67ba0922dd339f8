"""A family before the pages of journeys and of Minu suhtlus: Saara, both her parents, and whoever else."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from inbox import matters
from inbox.pages import InboxPages
from journeys.loading import Catalogue
from journeys.pages import JourneyPages
from portal.access.parties import party_of
from portal.clock import FixedClock
from portal.db import Database
from portal.files import Files
from portal.identity import ALL_ABILITIES, Actor, Assurance, Party, Person, RightKind
from portal.parts.services import services
from tests import factories
from tests.journeys.page import Page
from tests.journeys.site import Registers, registers
from tests.site import browser

SAARA = ("EE61706119949", "Saara", "Jõeorg")
KARL = ("EE51005149910", "Karl", "Männik")
FATHER = ("EE38001085718", "Jaak-Kristjan", "Jõeorg")
MOTHER = ("EE47101010033", "Mari-Liis", "Männik")
AINO = ("EE44405089938", "Aino", "Männik")

FOR_A_CHILD: dict[str, dict[str, Any]] = {
    "kellele": {"kov": "0784", "school": "Näidise Kool"},
    "kontaktid": {
        "residence": "Näidise tn 3",
        "lives_there": "yes",
        "rep_phone": "5123 4567",
        "contact_language": "et",
    },
    "vajadus": {"goal": "Koolis on raske üksi olla.", "known_person": "no"},
    "dokumendid": {},
    "otsus": {"delivery": "portal"},
}
FOR_ONESELF: dict[str, dict[str, Any]] = {
    "kellele": {"kov": "0663", "for_whom": "oneself"},
    "kontaktid": {
        "residence": "Lille tn 2",
        "lives_there": "yes",
        "phone": "5123 4567",
        "contact_language": "et",
    },
    "vajadus": {"goal": "Vajan tuge asjaajamisel.", "known_person": "no"},
    "otsus": {"delivery": "portal"},
}
FOR_A_WARD = FOR_ONESELF | {"kontaktid": FOR_ONESELF["kontaktid"] | {"rep_phone": "5765 4321"}}


@dataclass
class Browser:
    """Somebody with a browser, for whomever they act."""

    actor: Actor
    client: httpx2.AsyncClient

    async def page(self, path: str, status: int = 200) -> Page:
        answer = await self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.headers.get("location"))
        return Page(answer.text)

    async def press(self, path: str, ending: str, **typed: Any) -> httpx2.Response:
        """Open a page, type, send the form whose address ends so."""
        shown = await self.page(path)
        return await self.client.post(
            next(a for a in shown.forms if a.endswith(ending)), data={**shown.form(ending), **typed}
        )

    async def start(self, journey: str = "tugiisik", kov: str = "0784") -> str:
        answer = await self.press(f"/et/apply/{journey}", journey, kov=kov)
        assert answer.status_code == 303, Page(answer.text).text
        return str(answer.headers["location"])

    async def fill(self, draft: str, steps: dict[str, dict[str, Any]]) -> None:
        for step, typed in steps.items():
            answer = await self.press(f"{draft}/{step}", f"/{step}", act="next", **typed)
            assert answer.status_code == 303, (step, Page(answer.text).text)

    async def send(self, draft: str) -> str:
        answer = await self.press(f"{draft}/review", "/review", confirm="y")
        assert answer.status_code == 303, Page(answer.text).text
        return str(answer.headers["location"])

    async def sees(self, draft: str) -> bool:
        """Tell whether a draft or matter exists for them anywhere; the places must agree."""
        id_ = draft.rsplit("/", 1)[-1]
        answers = [
            (await self.client.get(path)).status_code != 404
            for path in (f"/et/drafts/{id_}", f"/et/receipts/{id_}", f"/et/inbox/{id_}")
        ]
        listed = id_ in "".join([(await self.client.get(path)).text for path in ("/et/drafts", "/et/inbox")])
        assert any(answers) == listed, (answers, listed)
        return listed


@dataclass
class Home:
    """The pages, and the people before them."""

    db: Database
    files: Files
    clock: FixedClock
    catalogue: Catalogue
    prefill: Registers

    async def person(self, known: tuple[str, str, str]) -> Person:
        code, given, family = known
        async with self.db.write() as tx:
            id_ = await party_of(tx, code, f"{given} {family}")
        return factories.person(code, given, family, known_as=id_)

    async def actor(
        self,
        who: tuple[str, str, str],
        whom: tuple[str, str, str] | None = None,
        kind: RightKind = RightKind.PARENT,
        *,
        scope: frozenset[str] = ALL_ABILITIES,
        assurance: Assurance = Assurance.GOVSSO,
    ) -> Actor:
        person = await self.person(who)
        party: Party | None = factories.party(await self.person(whom)) if whom else None
        return factories.actor(person, for_party=party, kind=kind, scope=scope, assurance=assurance)

    def open(self, actor: Actor) -> Browser:
        pages = JourneyPages(
            self.db,
            self.files,
            self.catalogue,
            self.prefill,
            matters.draft_saved,
            matters.draft_gone,
            matters.sent,
        )
        inbox = InboxPages(self.db, self.files, services(self.catalogue))
        return Browser(actor, browser([*pages.routes(), *inbox.routes()], self.clock, actor))

    async def __call__(
        self,
        who: tuple[str, str, str],
        whom: tuple[str, str, str] | None = None,
        kind: RightKind = RightKind.PARENT,
        **more: Any,
    ) -> Browser:
        return self.open(await self.actor(who, whom, kind, **more))


def home(
    db: Database, files: Files, clock: FixedClock, catalogue: Catalogue, prefill: Registers | None = None
) -> Home:
    """Open the pages."""
    return Home(db, files, clock, catalogue, prefill or registers())


def id_of(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[-1])
