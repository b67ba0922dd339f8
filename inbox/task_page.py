"""The page of a task: what is asked, by when, and the answer."""

from typing import Any

from starlette.responses import Response

from inbox.acts import Act, Closed, Repeated
from inbox.answer_task import answer_task
from inbox.documents_view import papers_of
from inbox.forms import WritingForm, written
from inbox.loading import load, one
from inbox.model.deadlines import task_deadline
from inbox.model.services import Services
from inbox.thread_page import letters_page
from inbox.view import View, authority_of
from portal.db import Database
from portal.files import Files
from portal.ui import Visit


async def show_task(visit: Visit, db: Database, services: Services) -> Response:
    """Show a task; one that is done says so."""
    form = await visit.form(WritingForm)
    return await _page(visit, db, services, form)


async def send_answer(visit: Visit, db: Database, files: Files, services: Services) -> Response:
    """Take the answer; the same form twice is one answer."""
    form = await visit.form(WritingForm)
    missing = visit.gettext("Kirjutage vastus või lisage fail.")
    wrote = await written(visit, form, missing=missing, files_may_stand_alone=True)
    if wrote is None:
        return await _page(visit, db, services, form, status=422)
    act = Act(visit.actor, visit.now, form.once_only_id(*wrote.content))
    try:
        async with db.write() as tx:
            await answer_task(tx, act, files, visit.id(), visit.id("task_id"), wrote.text, wrote.uploads)
    except Repeated:
        return visit.redirect(f"/inbox/{visit.id()}")
    except Closed:
        # Somebody else's task is not found; one's own may have been answered or taken back meanwhile.
        one((await load(visit, db))[1], "task", visit.id("task_id"))
        form.text.errors = [
            visit.gettext(
                "Sellele on juba vastatud või küsimus võeti tagasi. Soovite midagi lisada? Kirjutage asutusele."
            )
        ]
        if wrote.uploads:
            form.files.errors = [
                visit.gettext("Faile me ei lisanud. Kui soovite need kirjaga saata, valige need uuesti.")
            ]
        # What was typed can go as a letter.
        return await letters_page(visit, db, services, form, status=409)
    return visit.redirect(f"/inbox/{visit.id()}")


async def _page(
    visit: Visit, db: Database, services: Services, form: WritingForm, *, status: int = 200
) -> Response:
    matter, entries = await load(visit, db)
    task: Any = one(entries, "task", visit.id("task_id"))
    view, decider = View.of(visit, services), authority_of(matter)
    ours = task.what == "file"
    return visit.render(
        "inbox/task.html",
        status=status,
        form=form,
        matter=matter,
        matter_title=view.title(matter),
        authority=decider,
        task=task,
        title=view.task_title({"taskFile": task.content["name"]}) if ours else task.content["title"],
        own_words=not ours,
        deadline=task_deadline(view.speech, task.due_on, view.today) if task.due_on else "",
        papers=papers_of(view, matter, entries, task.id),
    )
