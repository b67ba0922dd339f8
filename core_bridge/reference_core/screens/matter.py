"""One application: what was sent, what came of it, what may be done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.reference_core import casework, correspondence, intake
from core_bridge.reference_core.casework import Act
from core_bridge.reference_core.database import CoreDatabase, Session
from core_bridge.reference_core.settings import Caseworker
from core_bridge.reference_core.tables import DecisionRow, DocumentRow, FileRow, PaperRow, TaskRow
from core_bridge.wire import Application, Challenge, Decided, Reply, Wire, Withdrawal

from .possible import possible
from .visit import Door, Visit

_PAPERS: Mapping[str, type[Wire]] = {"reply": Reply, "withdrawal": Withdrawal, "challenge": Challenge}


@dataclass(frozen=True, slots=True)
class Matter:
    """All there is to one application."""

    application: Application
    proceeding: casework.Proceeding | None
    tasks: Sequence[Row[Any]]
    papers: Sequence[tuple[Row[Any], Wire]]
    decisions: Sequence[tuple[Row[Any], Decided]]
    messages: Sequence[Row[Any]]
    files: Mapping[UUID, str]
    files_here: frozenset[UUID]

    @property
    def possible(self) -> frozenset[str]:
        """Name the acts that may be done now."""
        unsettled = any(row.kind == "challenge" and not row.settled for row, _ in self.papers)
        return possible(self.proceeding, bool(self.decisions), unsettled)


async def matter(session: Session, official: Caseworker, application_id: UUID) -> Matter | None:
    """Return an application of the official's own authority."""
    application = await intake.application(session, application_id)
    if application is None or official.authority not in (None, application.authority.code):
        return None
    proceeding = await casework.proceeding_of(session, application_id)
    key = proceeding.id if proceeding else ""
    tasks = await session.execute(
        select(TaskRow).where(TaskRow.proceeding_id == key).order_by(TaskRow.due_on)
    )
    papers = await session.execute(
        select(PaperRow).where(PaperRow.proceeding_id == key).order_by(PaperRow.received_at)
    )
    decisions = await session.execute(
        select(DecisionRow).where(DecisionRow.proceeding_id == key).order_by(DecisionRow.made_at)
    )
    read = [(row, _PAPERS[row.kind].model_validate_json(row.body)) for row in papers]
    messages = await correspondence.messages_about(session, application_id, key or None)
    files = _files(application, [paper for _, paper in read], messages)
    return Matter(
        application,
        proceeding,
        tasks.all(),
        read,
        [(row, Decided.model_validate_json(row.body)) for row in decisions],
        messages,
        files,
        frozenset((await session.scalars(select(FileRow.id).where(FileRow.id.in_(files)))).all()),
    )


def _files(application: Application, papers: Sequence[Wire], messages: Sequence[Row[Any]]) -> dict[UUID, str]:
    """Return the files that belong to a matter, by id."""
    refs = [*application.files]
    for paper in papers:
        if isinstance(paper, Reply | Challenge):
            refs += paper.files
    return {ref.file_id: ref.name for ref in refs} | attached(messages)


def attached(messages: Sequence[Row[Any]]) -> dict[UUID, str]:
    """Return the files of messages, by id."""
    refs = [ref for message in messages for ref in json.loads(message.files)]
    return {UUID(ref["fileId"]): ref["name"] for ref in refs}


@dataclass(frozen=True, slots=True)
class MatterScreens:
    """The page of one application, its files and papers."""

    door: Door
    db: CoreDatabase

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            self.door.page("/applications/{id:uuid}", self.show),
            self.door.page("/applications/{id:uuid}/files/{file:uuid}", self.file),
            self.door.page("/applications/{id:uuid}/documents/{document}", self.document),
        ]

    async def show(self, visit: Visit) -> Response:
        """Show the application; the citizen learns that their messages have been read."""
        async with self.db.write() as tx:
            found = await matter(tx, visit.official, visit.request.path_params["id"])
            if found is not None:
                await correspondence.mark_seen(Act(tx, visit.core, visit.now, visit.by), list(found.messages))
        return missing(visit) if found is None else shown(visit, found)

    async def file(self, visit: Visit) -> Response:
        """Give a citizen's file as a download."""
        file_id = visit.request.path_params["file"]
        async with self.db.read() as session:
            found = await matter(session, visit.official, visit.request.path_params["id"])
            return await file_download(session, visit, file_id, found.files if found else {})

    async def document(self, visit: Visit) -> Response:
        """Give a document of the core as a download."""
        async with self.db.read() as session:
            found = await matter(session, visit.official, visit.request.path_params["id"])
            wanted = select(DocumentRow).where(DocumentRow.id == visit.request.path_params["document"])
            row = (await session.execute(wanted)).first()
        if (
            found is None
            or found.proceeding is None
            or row is None
            or row.proceeding_id != found.proceeding.id
        ):
            return missing(visit)
        return download(row.content, row.media_type, row.name)


def shown(
    visit: Visit,
    found: Matter,
    *,
    status: int = 200,
    failed: str = "",
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """Return the page, with what was typed wrong if something was."""
    files = {row.id: json.loads(row.files) for row in found.messages}
    context = {"failed": failed, "typed": typed or {}, "errors": errors or {}, "message_files": files}
    return visit.render("matter.html", status=status, matter=found, **context)


def missing(visit: Visit) -> Response:
    """Say that there is no such thing, whosesoever it is."""
    return visit.problem("Sellist lehte ei ole.", 404)


async def file_download(session: Session, visit: Visit, file_id: UUID, names: Mapping[UUID, str]) -> Response:
    """Give a citizen's file if it is one of these."""
    row = (await session.execute(select(FileRow).where(FileRow.id == file_id))).first()
    if row is None or file_id not in names:
        return missing(visit)
    return download(row.content, row.media_type, names[file_id])


def download(content: bytes, media_type: str, name: str) -> Response:
    """Give bytes that no browser will run."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\;' else "_" for letter in name)
    return Response(
        content,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{plain}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store",
        },
    )
