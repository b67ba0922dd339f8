"""A step of a draft: shown, saved at every sending and by autosave, checked, and on to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from journeys import queries
from journeys.answers import Answers
from journeys.drafts import save_draft
from journeys.envelopes import DraftForm, UploadForm
from journeys.events import OnDraft
from journeys.loading import Catalogue
from journeys.review import slots
from journeys.sheets import Sheet
from journeys.standing import Standing, draft_of, month_passed, path_of, reader_of
from journeys.trail import note_reading
from portal import audit
from portal.access import Action
from portal.authorities import authority
from portal.db import Database
from portal.texts.words import clock_time
from portal.ui import NotFound, Page, Visit
from portal.ui.way_back import FindWayBack


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class StepPages:
    """The steps of drafts."""

    db: Database
    catalogue: Catalogue
    on_draft: OnDraft
    way_back: FindWayBack

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        step = "/drafts/{id:uuid}/{step}"
        return [
            Page(step, self.show, Action.READ_DRAFT),
            Page(step, self.save, Action.FILL_DRAFT, methods=["POST"]),
            Page(f"{step}/autosave", self.autosave, Action.FILL_DRAFT, methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Show a step; one that lies ahead leads to the first that is still to do."""
        stands = await self.standing(visit)
        if isinstance(stands, Response):
            return stands
        if not stands.path.may_visit(stands.step.id, stands.done):
            return visit.redirect(f"/drafts/{stands.draft.id}")
        await note_reading(self.db, visit, "draft-read", stands.draft.id)
        envelope = await visit.form(DraftForm)
        return await self.render(visit, stands, envelope, stands.sheet())

    async def save(self, visit: Visit) -> Response:
        """Keep what was typed, whatever it is; then go on, or say what to put right."""
        envelope, sent = await visit.form(DraftForm), await visit.data()
        stands = await self.standing(visit)
        if isinstance(stands, Response):
            return stands
        if not stands.is_on_path:
            return visit.redirect(f"/drafts/{stands.draft.id}")
        answers = stands.came(sent, envelope.seen())
        if envelope.seen() != stands.draft.revision and stands.is_contradicted_by(answers):
            return await self._both(visit, stands, envelope, answers)
        if place := stands.changed_list(sent, answers):
            answers, anchor = place
            if not await self._write(visit, stands, answers, stands.done):
                return await self._both(visit, stands, envelope, answers)
            return visit.redirect(f"/drafts/{stands.draft.id}/{stands.step.id}{anchor}")
        return await self._go_on(visit, stands, envelope, answers, sent)

    async def autosave(self, visit: Visit) -> Response:
        """Keep what is typed so far, without checking it; answered in JSON for the script."""
        envelope, sent = await visit.form(DraftForm), await visit.data()
        stands = await self.standing(visit)
        if isinstance(stands, Response):
            return JSONResponse({"sent": True}, 410)
        answers = stands.came(sent, envelope.seen())
        if envelope.seen() != stands.draft.revision and stands.is_contradicted_by(answers):
            return JSONResponse({"stale": True}, 409)
        revision, reshaped = stands.draft.revision, False
        if answers != stands.draft.answers:
            reshaped = stands.looks_different_with(answers)
            # A script saves every few seconds: in one's own draft only the pressing of the button is an act.
            noted = not visit.actor.for_self
            if not await self._write(visit, stands, answers, stands.done, noted=noted):
                return JSONResponse({"stale": True}, 409)
            revision += 1
        saved_at = clock_time(visit.now, visit.lang)
        return JSONResponse({"savedAt": saved_at, "revision": revision, "reshaped": reshaped})

    async def render(
        self,
        visit: Visit,
        stands: Standing,
        envelope: DraftForm,
        shown: Sheet,
        *,
        status: int = 200,
        revision: int | None = None,
        **more: Any,
    ) -> Response:
        """Render a step; `more` holds errors and notices."""
        draft, route = stands.draft, stands.path.route()
        envelope.revision.data = str(revision or draft.revision)
        number = next(n for n, step in enumerate(route, 1) if step.id == stands.step.id)
        context: dict[str, Any] = {
            "errors": [],
            "refused": [],
            "upload_slot": "",
            "asks_more": False,
            "others": {},
            "slots": [],
        }
        if stands.step.documents:
            async with self.db.read() as session:
                files = await queries.attachments(session, visit.actor, draft.id)
            context["slots"] = slots(stands.path, stands.reader, files)
            context["upload_form"] = partial(_upload_form, visit)
        context.update(more)
        return visit.render(
            "journeys/step.html",
            status=status,
            draft=draft,
            journey=stands.journey,
            step=stands.step,
            reader=stands.reader,
            envelope=envelope,
            sheet=shown,
            number=number,
            total=len(route) + 1,
            back=f"/drafts/{draft.id}/{route[number - 2].id}" if number > 1 else "/drafts",
            place=authority(draft.authority_code),
            month_passed=month_passed(stands.journey, draft, visit.today),
            behalf=stands.path.behalf,
            way_back=self.way_back(draft.way_back),
            value_of=stands.words,
            **context,
        )

    async def standing(self, visit: Visit) -> Standing | Response:
        """Return where the visit stands, or the way to the receipt of what has been sent meanwhile."""
        found = await draft_of(visit, self.db, self.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        step = journey.step(visit.request.path_params["step"])
        if step is None:
            raise NotFound
        return Standing(draft, journey, step, path_of(visit, draft, journey), reader_of(visit, draft))

    async def _go_on(
        self, visit: Visit, stands: Standing, envelope: DraftForm, answers: Answers, sent: FormData
    ) -> Response:
        step, draft = stands.step, stands.draft
        after = stands.saying(answers)
        complaints = after.path.complaints(step)
        done = [each for each in stands.done if each != step.id or not complaints]
        if not complaints and step.id not in done:
            done.append(step.id)
        changed = answers != draft.answers or done != stands.done
        if changed and not await self._write(visit, stands, answers, done):
            return await self._both(visit, stands, envelope, answers)
        if sent.get("act") == "leave":
            return visit.redirect("/drafts")
        if not complaints:
            return visit.redirect(f"/drafts/{draft.id}/{after.next}")
        # Questions that an answer has just opened were not on the page: they are asked, not complained of.
        before = {asked.name for asked in stands.path.asked(step)}
        opened = {
            asked.name for asked, _ in complaints if asked.name not in before and asked.name not in sent
        }
        shown = after.sheet()
        return await self.render(
            visit,
            after,
            envelope,
            shown,
            status=422,
            # What the autosave has kept already is not written again.
            revision=draft.revision + changed,
            errors=shown.form.check(visit.today, opened),
            asks_more=bool(opened),
        )

    async def _both(self, visit: Visit, stands: Standing, envelope: DraftForm, answers: Answers) -> Response:
        """Show what was typed here beside what was saved elsewhere; the person chooses."""
        again = await self.standing(visit)
        stands = again if isinstance(again, Standing) else stands
        others = {
            asked.name: stands.reader.value(asked, reading)
            for asked, reading in stands.path.readings(stands.step)
        }
        typed = stands.saying(stands.joined(answers))
        now_here = {asked.name: asked.raw for asked in stands.path.asked(stands.step)}
        shown = typed.sheet()
        differing = {
            question.asked.name: others.get(question.asked.name, "")
            for question in shown.form.questions
            if now_here.get(question.asked.name, "") != question.asked.raw
        }
        return await self.render(
            visit, typed, envelope, shown, status=409, revision=stands.draft.revision, others=differing
        )

    async def _write(
        self, visit: Visit, stands: Standing, answers: Answers, done: Sequence[str], *, noted: bool = True
    ) -> bool:
        async with self.db.write() as tx:
            saved = await save_draft(
                tx,
                visit.actor,
                stands.draft,
                stands.path.saying(answers),
                done=done,
                at=visit.now,
                on_draft=self.on_draft,
            )
            if saved and noted:
                step = {"step": stands.step.id}
                await audit.record(
                    tx, visit.actor, "draft-saved", about=stands.draft.id, at=visit.now, detail=step
                )
            return saved


def redirect_to(visit: Visit, path: str, anchor: str) -> Response:
    """Send the browser to a place on a page."""
    return RedirectResponse(f"{visit.path(path)}#{anchor}", 303)


def _upload_form(visit: Visit, slot_id: str) -> UploadForm:
    """Make the upload form of one slot; several stand on a page, so each control has its own id."""
    csrf = visit.signed_in.csrf if visit.signed_in else ""
    form = UploadForm(meta={"csrf_token": csrf, "language": visit.lang})
    form.party.data = str(visit.actor.party.id)
    form.files.id = form.files.label.field_id = f"files-{slot_id}"
    form.files.flags.required = True
    return form
