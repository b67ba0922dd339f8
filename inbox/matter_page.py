"""The page of one matter."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from inbox.documents_view import papers
from inbox.letters import letters
from inbox.lines import standing
from inbox.loading import load
from inbox.model.clock_words import clock_words
from inbox.model.deadlines import task_deadline
from inbox.model.outcomes import REFUSED
from inbox.model.sentences import sentence
from inbox.model.services import Services
from inbox.model.states import UNDECIDED, State, Turn, label
from inbox.model.timeline import Course, steps
from inbox.view import View, authority_of
from inbox.withdraw import may_withdraw
from portal.db import Database
from portal.ui import Visit


async def show_matter(visit: Visit, db: Database, services: Services) -> Response:
    """Show how a matter stands, what is to be done, and everything that passed in it."""
    matter, entries = await load(visit, db)
    if matter.kind == "draft":
        return visit.redirect(f"/drafts/{matter.id}")
    view, decider = View.of(visit, services), authority_of(matter)
    fresh = view.freshness(matter)
    wrote = letters(view, matter, entries, decider.name)
    tasks = [row for row in entries if row.kind == "task" and row.done_at is None]
    return visit.render(
        "inbox/matter.html",
        matter=matter,
        title=view.title(matter, year=True),
        title_lang=view.title_language(matter),
        lead=sentence(view.speech, standing(matter, decider.name)),
        authority=decider,
        label=_label(view, matter),
        panel=_panel(view, matter, tasks),
        decisions=_decisions(entries),
        fresh=fresh,
        since=view.speech.since(fresh.as_of, view.today) if fresh.as_of else "",
        clock=_clock(view, matter, decider.name),
        steps=steps(view.speech, entries, _course(view, matter, decider.name)),
        letters=wrote,
        papers=papers(view, matter, entries),
        official=_official(matter),
        may_withdraw=may_withdraw(matter),
        in_matter=matter.state != State.MESSAGE,
    )


def _panel(view: View, matter: Any, tasks: Sequence[Any]) -> dict[str, str] | None:
    task = next((row for row in tasks if row.id == matter.next_task_id), None)
    if task is None or matter.whose_turn != Turn.YOU:
        return None
    return {
        "title": view.task_title(matter.words),
        "text": str(task.content.get("text", "")),
        "until": task_deadline(view.speech, task.due_on, view.today) if task.due_on else "",
        "href": f"/inbox/{matter.id}/tasks/{task.id}",
    }


def _decisions(entries: Sequence[Any]) -> list[Any]:
    return [row for row in entries if row.kind == "decision" and row.made_available_at is not None]


def _clock(view: View, matter: Any, authority: str) -> Any:
    if matter.state not in UNDECIDED:
        return None
    return clock_words(view.speech, view.legal_clock(matter), authority)


def _course(view: View, matter: Any, authority: str) -> Course:
    service = view.service(matter)
    return Course(
        matter.state,
        matter.whose_turn,
        authority,
        matter.core,
        matter.words,
        view.legal_clock(matter),
        service.payment if service else None,
        view.viewer,
    )


def _label(view: View, matter: Any) -> Any:
    decision = matter.words.get("decision") or {}
    shown = label(
        matter.state,
        matter.whose_turn,
        authority_of(matter).kind,
        who=matter.words.get("who", ""),
        refused=decision.get("opened", False) and decision.get("outcome") == REFUSED,
        paid=bool((matter.words.get("benefit") or {}).get("amount")),
    )
    return {"text": view.speech.gettext(shown.text), "tone": shown.tone, "icon": shown.icon}


def _official(matter: Any) -> str:
    official = matter.words.get("official") or {}
    return ", ".join(filter(None, (official.get("name"), official.get("role"))))
