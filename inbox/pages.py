"""The HTTP face of Minu suhtlus."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from inbox import (
    decision_page,
    document_page,
    list_page,
    matter_page,
    new_thread_page,
    task_page,
    thread_page,
    threads_page,
    withdrawal_page,
)
from inbox.model.services import Services
from portal.access import Action
from portal.db import Database
from portal.files import Files
from portal.ui import Page, Visit

_MATTER = "/inbox/{id:uuid}"
_TASK = _MATTER + "/tasks/{task_id:uuid}"
_DECISION = _MATTER + "/decisions/{decision_id:uuid}"


@dataclass(frozen=True, slots=True)
class InboxPages:
    """The pages; `services` finds the names and terms of a journey, which another feature keeps."""

    db: Database
    files: Files
    services: Services

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages, each with the action it performs."""
        return [
            Page("/inbox", self.list, Action.READ_INBOX),
            Page("/inbox/ended", self.ended, Action.READ_INBOX),
            Page(_MATTER, self.matter, Action.READ_MATTER),
            Page(_TASK, self.task, Action.READ_MATTER),
            Page(_TASK, self.answer, Action.ANSWER_TASK, methods=["POST"]),
            Page(_MATTER + "/messages", self.letters, Action.READ_MATTER),
            Page(_MATTER + "/messages", self.write, Action.WRITE_MESSAGE, methods=["POST"]),
            Page(_MATTER + "/messages/read", self.mark_as_read, Action.READ_MATTER, methods=["POST"]),
            Page(_DECISION, self.decision, Action.READ_MATTER),
            Page(_DECISION, self.open_decision, Action.OPEN_DECISION, methods=["POST"]),
            Page(_MATTER + "/documents/{document_id:uuid}", self.document, Action.READ_DOCUMENT),
            Page(_MATTER + "/withdrawal", self.withdrawal, Action.READ_MATTER),
            Page(_MATTER + "/withdrawal", self.take_back, Action.WITHDRAW_APPLICATION, methods=["POST"]),
            Page("/messages", self.threads, Action.READ_INBOX),
            Page("/messages/new", self.new_thread, Action.READ_INBOX),
            Page("/messages/new", self.begin_thread, Action.WRITE_MESSAGE, methods=["POST"]),
        ]

    async def list(self, visit: Visit) -> Response:
        """Show what is open."""
        return await list_page.show_list(visit, self.db, self.services)

    async def ended(self, visit: Visit) -> Response:
        """Show what has ended."""
        return await list_page.show_ended(visit, self.db, self.services)

    async def matter(self, visit: Visit) -> Response:
        """Show one matter."""
        return await matter_page.show_matter(visit, self.db, self.services)

    async def task(self, visit: Visit) -> Response:
        """Show a task."""
        return await task_page.show_task(visit, self.db, self.services)

    async def answer(self, visit: Visit) -> Response:
        """Take the answer to a task."""
        return await task_page.send_answer(visit, self.db, self.files, self.services)

    async def letters(self, visit: Visit) -> Response:
        """Show the letters of a matter."""
        return await thread_page.show_letters(visit, self.db, self.services)

    async def write(self, visit: Visit) -> Response:
        """Take a letter."""
        return await thread_page.send_letter(visit, self.db, self.files, self.services)

    async def mark_as_read(self, visit: Visit) -> Response:
        """Mark letters as read."""
        return await thread_page.mark_as_read(visit, self.db)

    async def decision(self, visit: Visit) -> Response:
        """Show a decision, or ask whether to open it."""
        return await decision_page.show_decision(visit, self.db, self.services)

    async def open_decision(self, visit: Visit) -> Response:
        """Open a decision."""
        return await decision_page.open_it(visit, self.db)

    async def document(self, visit: Visit) -> Response:
        """Give a document."""
        return await document_page.download(visit, self.db, self.files)

    async def withdrawal(self, visit: Visit) -> Response:
        """Ask whether to take an application back."""
        return await withdrawal_page.ask_first(visit, self.db, self.services)

    async def take_back(self, visit: Visit) -> Response:
        """Take an application back."""
        return await withdrawal_page.take_back(visit, self.db, self.services)

    async def threads(self, visit: Visit) -> Response:
        """Show all letters."""
        return await threads_page.show_threads(visit, self.db, self.services)

    async def new_thread(self, visit: Visit) -> Response:
        """Ask to whom and what to write."""
        return await new_thread_page.ask_what(visit, self.db)

    async def begin_thread(self, visit: Visit) -> Response:
        """Take a letter that begins a thread."""
        return await new_thread_page.send_first(visit, self.db, self.files)
