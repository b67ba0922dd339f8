"""`/representation/acts`: what others have done for the person, from the trail, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from portal import notify
from portal.access import Action
from portal.auth.representation import queries
from portal.auth.representation.words import Words
from portal.db import Database
from portal.ui import Page, PortalForm, Visit


def _(text: str) -> str:
    return text


WORDS: Final[Mapping[str, str]] = {
    "acting-for": _("Hakkas Teie eest tegutsema"),
    "right-gone": _("Tahtis Teie eest tegutseda, aga õigust enam ei olnud"),
    "inbox-read": _("Vaatas Teie asjade loetelu"),
    "matter-read": _("Vaatas Teie asja"),
    "drafts-listed": _("Vaatas Teie pooleli taotluste loetelu"),
    "draft-read": _("Vaatas pooleli taotlust"),
    "draft-started": _("Alustas taotlust"),
    "draft-saved": _("Täitis taotlust"),
    "draft-deleted": _("Kustutas pooleli taotluse"),
    "receipt-read": _("Vaatas saadetud taotluse kinnitust"),
    "application-sent": _("Saatis taotluse"),
    "application-withdrawn": _("Võttis taotluse tagasi"),
    "task-answered": _("Vastas asutuse küsimusele"),
    "message-written": _("Kirjutas asutusele"),
    "decision-opened": _("Avas otsuse"),
    "document-opened": _("Avas dokumendi"),
    "file-added": _("Lisas faili"),
    "file-removed": _("Eemaldas faili"),
    "mandate-accepted": _("Võttis volituse vastu"),
    "mandate-declined": _("Keeldus volitusest"),
    "mandate-ended": _("Lõpetas volituse"),
}
SOMETHING: Final = _("Tegi Teie eest toimingu")


@dataclass(frozen=True, slots=True)
class Done:
    """One line: what somebody did, by which right, and when."""

    at: datetime
    who: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class TrailPages:
    """What was done for me, and whether I want to be told of it by mail."""

    db: Database

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            Page("/representation/acts", self.show, Action.READ_RIGHTS),
            Page("/representation/acts", self.save, Action.CHANGE_CONTACTS, methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Show what others did, fifty at a time."""
        form = await visit.form(PortalForm)
        async with self.db.read() as session:
            rows = await queries.done_for(session, visit.actor, _before(visit))
            told = await notify.is_told_of_acts(session, visit.actor)
        words = Words(visit, {})
        return visit.render(
            "representation/acts.html",
            form=form,
            done=[_line(row, words) for row in rows[: queries.A_PAGE]],
            older=rows[queries.A_PAGE - 1].at.timestamp() if len(rows) > queries.A_PAGE else None,
            first="before" not in visit.request.query_params,
            told=told,
            saved=visit.request.query_params.get("done") == "saved",
        )

    async def save(self, visit: Visit) -> Response:
        """Take the wish to be told, or not to be."""
        await visit.form(PortalForm)
        wanted = (await visit.data()).get("wanted") == "y"
        async with self.db.write() as tx:
            await notify.tell_of_acts(tx, visit.actor, visit.lang, wanted=wanted)
        return visit.redirect("/representation/acts?done=saved")


def _line(row: Any, words: Words) -> Done:
    content: Mapping[str, Any] = row.content or {}
    right = words.acts_as(str(content.get("right", "")))
    return Done(row.at, row.name or "", words.say(WORDS.get(row.act, SOMETHING)), right)


def _before(visit: Visit) -> datetime:
    try:
        return datetime.fromtimestamp(float(visit.request.query_params["before"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return visit.now + timedelta(days=1)
