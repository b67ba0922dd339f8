"""All letters: the threads inside matters and the general ones, the newest first."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from inbox import thread_queries
from inbox.begin_thread import may_begin
from inbox.loading import seen_for_another
from inbox.model.services import Services
from inbox.view import View, authority_of
from portal.db import Database
from portal.texts import words
from portal.ui import Visit

_LONGEST = 140


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One thread by its newest letter; `state` is what has become of one of ours that has not arrived."""

    href: str
    title: str
    title_lang: str
    about: str
    said: str
    said_lang: str
    authority: str
    at: str
    unread: int
    state: str


async def show_threads(visit: Visit, db: Database, services: Services) -> Response:
    """Show all threads; looking at them marks nothing as read."""
    async with db.read() as session:
        rows = await thread_queries.threads(session, visit.actor)
    await seen_for_another(visit, db, "inbox-read", visit.actor.party.id)
    view = View.of(visit, services)
    return visit.render(
        "inbox/threads.html",
        threads=[_line(view, row) for row in rows],
        unread=sum(1 for row in rows if row.unread),
        may_begin=may_begin(visit.actor),
    )


def _line(view: View, row: Any) -> ThreadLine:
    text, ours = " ".join(str(row.content.get("text", "")).split()), row.what == "ours"
    return ThreadLine(
        href=f"/inbox/{row.id}/messages",
        title=view.title(row, year=True),
        title_lang=view.title_language(row),
        about=str(row.content.get("author", {}).get("name", "")),
        said=text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…",
        said_lang="" if ours or view.speech.lang == "et" else "et",
        authority=authority_of(row).name,
        at=words.moment(row.at, view.speech.lang),
        unread=row.unread,
        state=_state(view, row) if ours else "",
    )


def _state(view: View, row: Any) -> str:
    if row.refused_at is not None:
        return view.speech.gettext("Asutus ei saanud kirja vastu võtta")
    return "" if row.handed_over_at is not None else view.speech.gettext("Ootab saatmist")
