"""Starting an application, the list of drafts, and what concerns a draft as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute
from wtforms import SelectChoice  # type: ignore[attr-defined]

from journeys import queries
from journeys.definition import Journey
from journeys.drafts import begin, delete_draft, save_draft, start_draft
from journeys.envelopes import DraftForm, StartForm
from journeys.events import OnDraft, OnDraftGone, Prefill
from journeys.loading import Catalogue
from journeys.open_pages import place_of
from journeys.permission import barred, barred_from_starting, by_right
from journeys.queries import Found
from journeys.standing import draft_of, path_of, refusal_page
from journeys.terms import period_to_apply_for
from journeys.trail import note_reading
from portal.access import Action
from portal.authorities import authority
from portal.db import Database
from portal.files import Files
from portal.ui import NotFound, Page, Visit
from portal.ui.way_back import FindWayBack


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class DraftPages:
    """The door in, and drafts as wholes."""

    db: Database
    files: Files
    catalogue: Catalogue
    prefill: Prefill
    on_draft: OnDraft
    on_draft_gone: OnDraftGone
    way_back: FindWayBack

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        draft = "/drafts/{id:uuid}"
        return [
            Page("/apply/{journey}", self.door, Action.READ_DRAFT),
            Page("/apply/{journey}", self.start, Action.FILL_DRAFT, methods=["POST"]),
            Page("/drafts", self.drafts, Action.READ_DRAFT),
            Page(draft, self.go_on, Action.READ_DRAFT),
            Page(f"{draft}/delete", self.confirm_delete, Action.READ_DRAFT),
            Page(f"{draft}/delete", self.delete, Action.FILL_DRAFT, methods=["POST"]),
            Page(f"{draft}/period", self.move_to_this_month, Action.FILL_DRAFT, methods=["POST"]),
            Page(f"{draft}/facts", self.ask_registers_again, Action.FILL_DRAFT, methods=["POST"]),
        ]

    async def door(self, visit: Visit) -> Response:
        """Offer an open draft or a new one; nothing is written yet."""
        form = await visit.form(StartForm)
        place = place_of(visit.request.query_params.get("kov", ""))
        form.kov.data = place.code if place else ""
        way_back = self.way_back(visit.request.query_params.get("back"), form.kov.data)
        form.back.data = way_back.address if way_back else ""
        return await self._door(visit, form)

    async def start(self, visit: Visit) -> Response:
        """Start a draft; the same form again leads to the same draft."""
        form = await visit.form(StartForm)
        journey = self._journey(visit)
        if why := barred_from_starting(journey, visit.actor):
            return refusal_page(visit, journey, why)
        place = place_of(str(form.kov.data or ""))
        if place is None:
            form.kov.errors = [visit.gettext(_("Valige vald või linn, kus Te elate"))]
            return await self._door(visit, form, status=422)
        draft_id = form.once_only_id()
        # Who lives elsewhere goes back all the same to the site they came from.
        way_back = self.way_back(form.back.data)
        begun = await begin(self.prefill, visit.actor, journey, place.code, at=visit.now)
        async with self.db.write() as tx:
            own = await start_draft(
                tx,
                visit.actor,
                draft_id,
                begun,
                at=visit.now,
                on_draft=self.on_draft,
                way_back=way_back.address if way_back else None,
            )
        if not own:
            raise NotFound
        return visit.redirect(f"/drafts/{draft_id}")

    async def drafts(self, visit: Visit) -> Response:
        """List the drafts."""
        async with self.db.read() as session:
            rows = await queries.drafts(session, visit.actor)
            names = await queries.names(session, visit.actor, [row.person_id for row in rows])
        await note_reading(self.db, visit, "drafts-listed", visit.actor.party.id)
        known = self._known(rows)
        return visit.render("journeys/drafts.html", drafts=known, names=names, authority=authority)

    async def go_on(self, visit: Visit) -> Response:
        """Lead to the first step that is still to do."""
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        step = path_of(visit, draft, journey).first_unfinished(draft.done.split())
        return visit.redirect(f"/drafts/{draft.id}/{step.id if step else 'review'}")

    async def confirm_delete(self, visit: Visit) -> Response:
        """Ask whether the draft is really to go."""
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        envelope = await visit.form(DraftForm)
        way_back = self.way_back(draft.way_back)
        return visit.render(
            "journeys/delete.html", draft=draft, journey=journey, envelope=envelope, way_back=way_back
        )

    async def delete(self, visit: Visit) -> Response:
        """Delete the draft; a repeat finds nothing more to delete."""
        await visit.form(DraftForm)
        async with self.db.read() as session:
            draft = await queries.draft(session, visit.actor, visit.id())
        journey = self.catalogue.get(draft.journey) if draft else None
        if journey and (why := barred(journey, visit.actor)):
            return refusal_page(visit, journey, why)
        async with self.db.write() as tx:
            await delete_draft(
                tx, visit.actor, visit.id(), files=self.files, at=visit.now, on_draft_gone=self.on_draft_gone
            )
        return visit.redirect("/drafts")

    async def move_to_this_month(self, visit: Visit) -> Response:
        """Make the application one for this month: the month it was begun in has passed."""
        await visit.form(DraftForm)
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        month = period_to_apply_for(journey, visit.today)
        if month and str(month) != draft.period:
            # What was asked about the month is looked through again.
            async with self.db.write() as tx:
                await save_draft(
                    tx,
                    visit.actor,
                    draft,
                    path_of(visit, draft, journey),
                    done=(),
                    at=visit.now,
                    on_draft=self.on_draft,
                    period=str(month),
                )
        return visit.redirect(f"/drafts/{draft.id}")

    async def ask_registers_again(self, visit: Visit) -> Response:
        """Ask the registers that did not answer; what the person has said stays."""
        await visit.form(DraftForm)
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        begun = await begin(
            self.prefill, visit.actor, journey, draft.authority_code, at=visit.now, answers=draft.answers
        )
        if begun.facts.get("asked", True) and not begun.facts["down"]:
            async with self.db.write() as tx:
                await save_draft(
                    tx,
                    visit.actor,
                    draft,
                    path_of(visit, draft, journey).saying(begun.answers),
                    done=draft.done.split(),
                    at=visit.now,
                    on_draft=self.on_draft,
                    facts=begun.facts,
                )
        back = visit.request.query_params.get("step", "")
        step = journey.step(back)
        return visit.redirect(f"/drafts/{draft.id}/{step.id}" if step else f"/drafts/{draft.id}")

    async def _door(self, visit: Visit, form: StartForm, status: int = 200) -> Response:
        journey = self._journey(visit)
        if why := barred_from_starting(journey, visit.actor):
            return refusal_page(visit, journey, why)
        async with self.db.read() as session:
            rows = await queries.drafts(session, visit.actor)
            names = await queries.names(session, visit.actor, [row.person_id for row in rows])
        form.kov.flags.required = True
        form.kov.choices = [SelectChoice("", visit.gettext(_("Valige")))]
        return visit.render(
            "journeys/apply.html",
            status=status,
            journey=journey,
            form=form,
            way_back=self.way_back(form.back.data),
            open_drafts=[row for row in rows if row.journey == journey.id],
            names=names,
            authority=authority,
            right=by_right(visit.actor.right.kind, visit.gettext),
        )

    def _journey(self, visit: Visit) -> Journey:
        journey = self.catalogue.get(visit.request.path_params["journey"])
        if journey is None:
            raise NotFound
        return journey

    def _known(self, rows: Sequence[Found]) -> list[tuple[Found, Journey]]:
        known = ((row, self.catalogue.get(row.journey)) for row in rows)
        return [(row, journey) for row, journey in known if journey is not None]
