"""General messages, about no application."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.reference_core import correspondence
from core_bridge.reference_core.casework import Act
from core_bridge.reference_core.database import CoreDatabase, Session
from core_bridge.wire import AuthorityRef, PartyRef

from .forms import Letter, bind
from .matter import attached, file_download, missing
from .visit import Door, Visit


@dataclass(frozen=True, slots=True)
class LetterScreens:
    """The list of general threads, and one thread."""

    door: Door
    db: CoreDatabase

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            self.door.page("/messages", self.index),
            self.door.page("/messages/{thread}", self.show),
            self.door.act("/messages/{thread}", self.reply),
            self.door.page("/messages/{thread}/files/{file:uuid}", self.file),
        ]

    async def index(self, visit: Visit) -> Response:
        """Show each thread by its newest message."""
        async with self.db.read() as session:
            found = await correspondence.threads(session, visit.official.authority)
        newest = {message.thread_id: message for message in reversed(found)}
        return visit.render("messages.html", messages=list(reversed(newest.values())))

    async def show(self, visit: Visit) -> Response:
        """Show a thread; the citizen learns that it has been read."""
        async with self.db.write() as tx:
            found = await self._thread(tx, visit)
            await correspondence.mark_seen(Act(tx, visit.core, visit.now, visit.by), found)
        if not found:
            return missing(visit)
        return visit.render("thread.html", messages=found, files=_files(found), typed={}, errors={})

    async def file(self, visit: Visit) -> Response:
        """Give a file of a message as a download."""
        async with self.db.read() as session:
            names = attached(await self._thread(session, visit))
            return await file_download(session, visit, visit.request.path_params["file"], names)

    async def reply(self, visit: Visit, typed: FormData) -> Response:
        """Answer in the thread."""
        bound, errors = bind(Letter, typed)
        async with self.db.write() as tx:
            found = await self._thread(tx, visit)
            if not found:
                return missing(visit)
            if bound is None:
                context = {"messages": found, "files": _files(found), "typed": typed, "errors": errors}
                return visit.render("thread.html", status=422, **context)
            begun = found[0]
            await correspondence.write(
                Act(tx, visit.core, visit.now, visit.by),
                party=PartyRef(code=begun.party_code, name=begun.party_name),
                authority=AuthorityRef(code=begun.authority, name=begun.authority),
                text=bound.text,
                title=bound.title,
                thread_id=begun.thread_id,
            )
        return visit.redirect(f"/messages/{begun.thread_id}")

    async def _thread(self, session: Session, visit: Visit) -> list[Row[Any]]:
        found = await correspondence.thread(session, visit.request.path_params["thread"])
        authority = visit.official.authority
        general = all(message.application_id is None for message in found)
        own = all(authority in (None, message.authority) for message in found)
        return found if general and own else []


def _files(messages: list[Row[Any]]) -> dict[str, Any]:
    return {message.id: json.loads(message.files) for message in messages}
