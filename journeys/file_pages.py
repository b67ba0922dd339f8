"""Adding files to a draft and taking them off; each slot has its own form, so nothing else is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import BaseRoute

from journeys.attachments import MAX_BYTES, MOST_FILES, DraftGone, Refused, Upload, attach, detach, file_name
from journeys.definition import DocumentSlot, Journey
from journeys.envelopes import DraftForm, UploadForm
from journeys.queries import Found
from journeys.sheets import sheet
from journeys.standing import Standing, draft_of, path_of, reader_of
from journeys.step_pages import StepPages, redirect_to
from portal.access import Action
from portal.db import Database
from portal.files import Files
from portal.texts.words import file_size
from portal.ui import NotFound, Page, Visit


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class FilePages:
    """The files of drafts; a file that was refused is told on the step's own page."""

    db: Database
    files: Files
    steps: StepPages

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        slot = "/drafts/{id:uuid}/files/{slot}"
        return [
            Page(slot, self.add, Action.FILL_DRAFT, methods=["POST"]),
            Page(slot + "/{file:uuid}/remove", self.remove, Action.FILL_DRAFT, methods=["POST"]),
        ]

    async def add(self, visit: Visit) -> Response:
        """Keep the files that can be taken and say of the others why not."""
        form = await visit.form(UploadForm)
        found = await self._slot(visit)
        if isinstance(found, Response):
            return _too_late(visit, found)
        draft, journey, slot = found
        uploads = await _uploads(visit)
        if not uploads:
            nothing = Refused("", _("Valige fail, mida soovite lisada"), "", 0)
            return await self._told(visit, draft, journey, slot, [nothing])
        try:
            async with self.db.write() as tx:
                refused = await attach(
                    tx,
                    visit.actor,
                    draft.id,
                    slot,
                    uploads,
                    once=form.once_only_id(),
                    files=self.files,
                    at=visit.now,
                )
        except DraftGone:
            found = await self._slot(visit)
            assert isinstance(found, Response), "a draft that is gone and not sent is not found"
            return _too_late(visit, found)
        if refused:
            return await self._told(visit, draft, journey, slot, refused)
        return redirect_to(visit, f"/drafts/{draft.id}/{_step_id(journey)}", f"slot-{slot.id}")

    async def remove(self, visit: Visit) -> Response:
        """Take a file off; a repeat finds it already gone."""
        await visit.form(DraftForm)
        found = await self._slot(visit)
        if isinstance(found, Response):
            return found
        draft, journey, slot = found
        try:
            async with self.db.write() as tx:
                await detach(tx, visit.actor, draft.id, visit.id("file"), files=self.files, at=visit.now)
        except DraftGone:
            return visit.redirect(f"/drafts/{draft.id}/review")
        return redirect_to(visit, f"/drafts/{draft.id}/{_step_id(journey)}", f"slot-{slot.id}")

    async def _told(
        self, visit: Visit, draft: Found, journey: Journey, slot: DocumentSlot, refused: Sequence[Refused]
    ) -> Response:
        step = journey.step(_step_id(journey))
        assert step is not None, "a journey with documents has a step for them"
        path = path_of(visit, draft, journey)
        stands = Standing(draft, journey, step, path, reader_of(visit, draft))
        if not stands.is_on_path:
            return visit.redirect(f"/drafts/{draft.id}")
        told = [
            (
                visit.gettext(
                    each.words, name=each.name, size=file_size(each.size, visit.lang), most=slot.maximum
                ),
                visit.gettext(each.remedy) if each.remedy else "",
            )
            for each in refused
        ]
        return await self.steps.render(
            visit,
            stands,
            _envelope(visit),
            sheet(path, step, stands.reader, {}),
            status=422,
            errors=[(f"slot-{slot.id}", words) for words, _remedy in told],
            refused=told,
            upload_slot=slot.id,
        )

    async def _slot(self, visit: Visit) -> tuple[Found, Journey, DocumentSlot] | Response:
        found = await draft_of(visit, self.db, self.steps.catalogue)
        if isinstance(found, Response):
            return found
        draft, journey = found
        slot = journey.document(visit.request.path_params["slot"])
        if slot is None:
            raise NotFound
        return draft, journey, slot


def _too_late(visit: Visit, led: Response) -> Response:
    """Lead to the receipt of what was sent meanwhile, which says that the file was not added."""
    sent = led.status_code == 303
    return visit.redirect(f"/receipts/{visit.id()}?file=late") if sent else led


async def _uploads(visit: Visit) -> list[Upload]:
    """Read the files that came; a browser sends an empty one where nothing was chosen."""
    sent = await visit.data()
    uploads = []
    for each in sent.getlist("files")[:MOST_FILES]:
        if isinstance(each, UploadFile) and (each.filename or each.size):
            # What goes beyond the cap is only counted, for the message.
            uploads.append(Upload(file_name(each.filename), await each.read(MAX_BYTES + 1)))
    return uploads


def _envelope(visit: Visit) -> DraftForm:
    signed_in = visit.signed_in
    csrf = signed_in.csrf if signed_in else ""
    form = DraftForm(meta={"csrf_token": csrf, "language": visit.lang})
    form.party.data = str(visit.actor.party.id)
    return form


def _step_id(journey: Journey) -> str:
    return next(step.id for step in journey.steps if step.documents)
