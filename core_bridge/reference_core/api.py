"""The core's side of the contract (design § 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.clock import Clock
from core_bridge.inbound import Incoming, SignedRoute
from core_bridge.problems import Refusal, read
from core_bridge.vouching import Vouching
from core_bridge.wire import (
    FILE_LIMIT,
    Application,
    ApplicationReceived,
    Fact,
    FileKept,
    Message,
    PrefillAnswer,
    PrefillRequest,
)
from core_bridge.wire.event import PAGE_LIMIT

from . import correspondence, intake, ledger
from .answers import answer, created, received, same_id, whole
from .casework import Act
from .database import CoreDatabase
from .tables import DocumentRow


@dataclass(frozen=True, slots=True)
class Api:
    """The calls that stand for themselves; those under a proceeding are in `api_proceedings`."""

    core: str
    db: CoreDatabase
    clock: Clock
    vouching: Vouching
    register: Mapping[str, Sequence[Fact]]

    def routes(self) -> Sequence[BaseRoute]:
        """List the routes, all of them signed."""
        known = self.vouching
        return [
            SignedRoute(
                "/v1/files/{id:uuid}", self.put_file, vouching=known, methods=["PUT"], at_most=FILE_LIMIT
            ),
            SignedRoute("/v1/applications/{id:uuid}", self.put_application, vouching=known, methods=["PUT"]),
            SignedRoute("/v1/messages/{id:uuid}", self.put_message, vouching=known, methods=["PUT"]),
            SignedRoute("/v1/prefill", self.prefill, vouching=known, methods=["POST"]),
            SignedRoute("/v1/changes", self.changes, vouching=known, methods=["GET"], at_most=0),
            SignedRoute("/v1/documents/{id}", self.document, vouching=known, methods=["GET"], at_most=0),
        ]

    async def put_file(self, call: Incoming) -> Response:
        """Keep a file; the digest must be said (RFC 9530)."""
        if "content-digest" not in call.request.headers:
            raise Refusal(400, "digest-missing", "Content-Digest is needed.")
        file_id = call.request.path_params["id"]
        media_type = call.request.headers.get("content-type", "application/octet-stream")[:200]
        stored = media_type.encode() + b"\n" + call.body
        async with self.db.write() as tx:
            _, first = await intake.once(tx, call.request.url.path, stored, self.clock.now())
            if first:
                await intake.keep_file(tx, file_id, media_type, call.body)
        return answer(FileKept(file_id=file_id), created(first))

    async def put_application(self, call: Incoming) -> Response:
        """Keep an application; the proceeding comes later, by event."""
        application = read(Application, call.body)
        same_id(application.application_id, call)
        async with self.db.write() as tx:
            at, first = await intake.once(tx, call.request.url.path, call.body, self.clock.now())
            if first:
                await intake.keep_application(tx, application, call.body, at)
        received = ApplicationReceived(application_id=application.application_id, received_at=at)
        return answer(received, created(first))

    async def put_message(self, call: Incoming) -> Response:
        """Keep a message."""
        message = read(Message, call.body)
        same_id(message.message_id, call)
        now = self.clock.now()
        async with self.db.write() as tx:
            at, first = await intake.once(tx, call.request.url.path, call.body, now)
            if first:
                await correspondence.keep(Act(tx, self.core, now), message)
        return received(str(message.message_id), at, first)

    async def prefill(self, call: Incoming) -> Response:
        """Tell what the registers know of the party."""
        asked = read(PrefillRequest, call.body)
        facts = self.register.get(asked.party.code, ())
        return answer(PrefillAnswer(facts=tuple(fact for fact in facts if fact.field in asked.fields)))

    async def changes(self, call: Incoming) -> Response:
        """Tell what was said after a cursor."""
        after = whole(call.request.query_params.get("after", "0"), 0, 2**53, "after")
        limit = whole(call.request.query_params.get("limit", str(PAGE_LIMIT)), 1, PAGE_LIMIT, "limit")
        async with self.db.read() as session:
            # A cursor from before a restored backup must not look like "nothing new".
            if after > await ledger.last_change(session):
                raise Refusal(400, "cursor-unknown", "This feed never gave that cursor.")
            return answer(await ledger.changes(session, after, limit))

    async def document(self, call: Incoming) -> Response:
        """Give a document's bytes."""
        async with self.db.read() as session:
            found = select(DocumentRow).where(DocumentRow.id == call.request.path_params["id"])
            document = (await session.execute(found)).first()
        if document is None:
            raise Refusal(404, "document-unknown", "There is no such document here.")
        return Response(document.content, media_type=document.media_type)
