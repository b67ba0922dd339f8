"""The letters of a matter, and writing one."""

from typing import Any, Final

from starlette.responses import Response

from inbox.acts import Act, Closed, Repeated
from inbox.forms import PlainForm, WritingForm, written
from inbox.letters import letters
from inbox.loading import load
from inbox.model.services import Services
from inbox.view import View, authority_of
from inbox.write_message import letters_read, write_message
from portal.db import Database
from portal.files import Files
from portal.ui import NotFound, Visit


def _(text: str) -> str:
    return text


_BEGINNINGS: Final = {
    "more-time": _("Palun lisaaega. Mul ei ole võimalik tähtajaks vastata, sest "),
    "challenge": _(
        "Esitan vaide.\n\nOtsus, mille peale kaeban: \nMiks see rikub minu õigusi: \nMida ma nõuan: \n"
        "Kinnitan, et samas asjas ei ole kohtuotsust ega kohtuasja."
    ),
    "explanation": _("Palun selgitage otsust. Ma ei saanud aru, "),
}
"""How a letter may begin when the person comes from a link that says what for."""


async def show_letters(visit: Visit, db: Database, services: Services) -> Response:
    """Show the letters; reading them marks nothing, since looking at a page changes nothing."""
    form = await visit.form(WritingForm)
    beginning = _BEGINNINGS.get(visit.request.query_params.get("about", ""))
    if beginning is not None:
        form.text.data = visit.gettext(beginning)
    return await letters_page(visit, db, services, form)


async def send_letter(visit: Visit, db: Database, files: Files, services: Services) -> Response:
    """Take a letter; the same form twice is one letter."""
    form = await visit.form(WritingForm)
    missing = visit.gettext("Kirjutage, mida soovite öelda.")
    wrote = await written(visit, form, missing=missing, files_may_stand_alone=False)
    if wrote is None:
        return await letters_page(visit, db, services, form, status=422)
    act = Act(visit.actor, visit.now, form.once_only_id(*wrote.content))
    try:
        async with db.write() as tx:
            await write_message(tx, act, files, visit.id(), wrote.text, wrote.uploads)
    except Repeated:
        pass
    except Closed as error:
        raise NotFound from error
    return visit.redirect(f"/inbox/{visit.id()}/messages#{act.id}")


async def mark_as_read(visit: Visit, db: Database) -> Response:
    """Mark the letters as read, because the person says so."""
    form = await visit.form(PlainForm)
    act = Act(visit.actor, visit.now, form.once_only_id())
    try:
        async with db.write() as tx:
            await letters_read(tx, act, visit.id())
    except Closed as error:
        raise NotFound from error
    return visit.redirect(f"/inbox/{visit.id()}/messages")


async def letters_page(
    visit: Visit, db: Database, services: Services, form: WritingForm, *, status: int = 200
) -> Response:
    """Show the letters of a matter and the form for another."""
    form.text.flags.required = True
    matter, entries = await load(visit, db)
    if matter.kind == "draft":
        raise NotFound
    view, decider = View.of(visit, services), authority_of(matter)
    official: dict[str, Any] = matter.words.get("official") or {}
    wrote = letters(view, matter, entries, decider.name)
    task = next((row for row in entries if row.id == matter.next_task_id), None)
    return visit.render(
        "inbox/letters.html",
        status=status,
        form=form,
        matter=matter,
        matter_title=view.title(matter),
        title_lang=view.title_language(matter),
        general=matter.kind == "thread",
        authority=decider,
        official=official,
        letters=wrote,
        unread=any(each.unread for each in wrote),
        task=task,
        task_title=view.task_title(matter.words),
        fresh=view.freshness(matter),
    )
