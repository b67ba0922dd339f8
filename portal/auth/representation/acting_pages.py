"""`/auth/acting-for`: choosing for whom one acts, and going back to oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from portal.access import Action
from portal.access.parties import party
from portal.auth.language import language_before, speaking
from portal.auth.paths import local_path
from portal.auth.representation import Acting, Choice
from portal.auth.session_pages import check_token
from portal.db import Database
from portal.ui import BarePage, Problem, Visit


@dataclass(frozen=True, slots=True)
class ActingPages:
    """A plain POST from the chooser, the banner, or a page that met another party."""

    db: Database
    acting: Acting

    def routes(self) -> Sequence[BaseRoute]:
        """List the one address."""
        return [BarePage("/auth/acting-for", self.choose, Action.CHOOSE_PARTY, methods=("POST",))]

    async def choose(self, visit: Visit) -> Response:
        """Act for the named party from now on; `source` and `code` name a right, `party` somebody known here."""
        visit = speaking(visit, language_before(visit))
        assert visit.signed_in is not None
        form = await visit.data()
        check_token(visit.signed_in, str(form.get("csrf_token", "")))
        onward = local_path(str(form.get("next", "")), visit.path("/inbox"))
        named = str(form.get("party", ""))
        if named == str(visit.actor.person.id):
            await self.acting.back(visit.signed_in)
            return RedirectResponse(onward, 303)
        outcome = await self._chosen(visit, named, str(form.get("source", "")), str(form.get("code", "")))
        if outcome is Choice.HELD:
            return RedirectResponse(onward, 303)
        if outcome is Choice.SILENT:
            raise Problem(
                "Õigust ei saanud praegu kontrollida",
                "Register ei vasta. Proovige mõne minuti pärast uuesti. Enda nimel saate portaali kasutada nagu ikka.",
                status=503,
            )
        raise Problem(
            "Selle inimese eest Te praegu tegutseda ei saa",
            "Õigust ei ole või see on lõppenud. Vaadake, kelle eest saate tegutseda.",
            status=403,
        )

    async def _chosen(self, visit: Visit, named: str, source: str, code: str) -> Choice:
        assert visit.signed_in is not None
        if source:
            return await self.acting.choose(visit.signed_in, source, code)
        try:
            party_id = UUID(named)
        except ValueError:
            return Choice.GONE
        async with self.db.read() as session:
            known = await party(session, party_id)
        return await self.acting.choose_party(visit.signed_in, known.code) if known else Choice.GONE
