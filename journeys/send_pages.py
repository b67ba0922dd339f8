"""Looking everything over, sending, and the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.errors import CoreUnavailable
from journeys import queries
from journeys.envelopes import SendForm
from journeys.estimate import Estimate, Household, Unknown, estimate, household_of
from journeys.events import OnSent
from journeys.facts import known_facts
from journeys.flow import Path
from journeys.loading import Catalogue
from journeys.permission import by_right
from journeys.queries import Found
from journeys.reader import Reader
from journeys.review import cards, slots
from journeys.standing import draft_of, month_passed, path_of, reader_of
from journeys.submit import Sending, ToSend, receipt_number, submit
from journeys.terms import decision_due, payment_due
from journeys.trail import note_reading
from journeys.words import Period
from portal.access import Action
from portal.authorities import authority
from portal.db import Database
from portal.identity import RightKind, birth_date
from portal.ui import NotFound, Page, Problem, Visit
from portal.ui.way_back import FindWayBack


def _(text: str) -> str:
    return text


_ERRORS = {
    Sending.CHANGED: _("Taotlust muudeti teises aknas. Kontrollige see uuesti üle ja saatke siis"),
    Sending.UNFINISHED: _("Mõnele küsimusele on vaja veel vastata"),
    Sending.MONTH_PASSED: _("Kuu, mille kohta taotlesite, on läbi. Muutke taotlus selle kuu taotluseks"),
}


@dataclass(frozen=True, slots=True)
class SendPages:
    """The review and what comes after it."""

    db: Database
    catalogue: Catalogue
    on_sent: OnSent
    way_back: FindWayBack

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        review = "/drafts/{id:uuid}/review"
        return [
            Page(review, self.review, Action.READ_DRAFT),
            Page(review, self.send, Action.SEND_APPLICATION, methods=["POST"]),
            Page("/receipts/{id:uuid}", self.receipt, Action.READ_DRAFT),
        ]

    async def review(self, visit: Visit) -> Response:
        """Show everything that will be sent."""
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        path = path_of(visit, draft, journey)
        if not path.may_visit("review", draft.done.split()):
            return visit.redirect(f"/drafts/{draft.id}")
        await note_reading(self.db, visit, "draft-read", draft.id)
        return await self._review(visit, draft, path, await visit.form(SendForm), [])

    async def send(self, visit: Visit) -> Response:
        """Send what was reviewed; the same form again leads to the same receipt."""
        form = await visit.form(SendForm)
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        path = path_of(visit, draft, journey)
        if not form.confirm.data:
            words = visit.gettext(_("Kinnitage, et andmed on õiged"))
            form.confirm.errors = [words]
            return await self._review(visit, draft, path, form, [("confirm", words)])
        result = Sending.CHANGED
        if form.seen() == draft.revision:
            to_send = ToSend(journey, draft, visit.lang, visit.now)
            async with self.db.write() as tx:
                result = await submit(tx, visit.actor, to_send, on_sent=self.on_sent)
        if result in (Sending.SENT, Sending.ALREADY_SENT):
            # The draft is gone, and what was sent keeps no way back: the address of the receipt carries it.
            way_back = self.way_back(draft.way_back)
            carried = f"?{urlencode({'back': way_back.address})}" if way_back else ""
            return visit.redirect(f"/receipts/{draft.id}{carried}")
        if result is Sending.GONE:
            raise Problem(
                _("Seda taotlust enam ei ole"), _("See kustutati teises aknas. Midagi ei saadetud.")
            )
        return await self._review(visit, draft, path, form, [("", visit.gettext(_ERRORS[result]))])

    async def receipt(self, visit: Visit) -> Response:
        """Show that it is here, when it came, and how far it has gone."""
        async with self.db.read() as session:
            row = await queries.receipt(session, visit.actor, visit.id())
            if row is None:
                raise NotFound
            files = await queries.attachments(session, visit.actor, row.id)
            names = await queries.names(session, visit.actor, [row.person_id])
        waiting = None if row.handed_at or row.topic is None else row
        journey = self.catalogue.get(row.journey)
        if journey is None:
            raise NotFound
        await note_reading(self.db, visit, "receipt-read", row.id)
        period = Period.parse(row.period) if row.period else None
        missing = [slot for slot in journey.documents if slot.id in row.missing.split()]
        return visit.render(
            "journeys/receipt.html",
            application=row,
            journey=journey,
            reader=Reader(visit.lang, visit.gettext, period, visit.actor.for_self),
            number=receipt_number(row.id, row.sent_at),
            place=authority(row.authority_code),
            # Only a silent core is said to be silent: a file may be in the scanner, or the fault be ours.
            silent=waiting is not None and waiting.last_error == CoreUnavailable.__name__,
            trying=waiting if waiting is not None and waiting.last_error and waiting.attempts > 0 else None,
            withheld=[each for each in files if each.withheld_at],
            files=files,
            missing=missing,
            way_back=self.way_back(visit.request.query_params.get("back")),
            late_file=visit.request.query_params.get("file") == "late",
            sender=names.get(row.person_id, ""),
            right=_right_of(visit, row),
            decision=decision_due(journey, None),
            payment=payment_due(journey, None),
        )

    async def _review(
        self, visit: Visit, draft: Found, path: Path, form: SendForm, errors: list[tuple[str, str]]
    ) -> Response:
        async with self.db.read() as session:
            files = await queries.attachments(session, visit.actor, draft.id)
        form.revision.data = str(draft.revision)
        reader = reader_of(visit, draft)
        return visit.render(
            "journeys/review.html",
            status=422 if errors else 200,
            errors=errors,
            envelope=form,
            draft=draft,
            journey=path.journey,
            reader=reader,
            cards=cards(path, reader, known_facts(draft.facts)),
            slots=slots(path, reader, files),
            documents_step=next((step for step in path.route() if step.documents), None),
            place=authority(draft.authority_code),
            total=len(path.route()) + 1,
            back=f"/drafts/{draft.id}/{path.route()[-1].id}",
            month_passed=month_passed(path.journey, draft, visit.today),
            way_back=self.way_back(draft.way_back),
            estimate=_estimate(visit, draft, path),
            right=by_right(visit.actor.right.kind, visit.gettext),
        )


def _right_of(visit: Visit, application: Found) -> str:
    """Say by what right it was sent; nothing for what the party sent itself, or before that was kept."""
    if application.right_kind in (None, RightKind.SELF):
        return ""
    return by_right(application.right_kind, visit.gettext)


def _estimate(visit: Visit, draft: Found, path: Path) -> Estimate | Unknown | None:
    """Return the estimate for the reader's eyes only: it is neither kept nor sent."""
    if path.journey.estimate is None or draft.period is None:
        return None
    household = household_of(path, birth_date(visit.actor.party.code), visit.today)
    if not isinstance(household, Household):
        return household
    return estimate(path.journey, Period.parse(draft.period), household)
