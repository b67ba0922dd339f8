"""Writing to an authority about nothing that is going on yet."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from wtforms import SelectChoice  # type: ignore[attr-defined]

from inbox import thread_queries
from inbox.acts import Act, Repeated
from inbox.begin_thread import NewLetter, begin_thread, may_begin
from inbox.forms import NewLetterForm, written
from inbox.recipients import known_first, recipient
from portal.authorities import SKA, Authority
from portal.db import Database
from portal.files import Files
from portal.ui import Problem, Visit


def _(text: str) -> str:
    return text


_TOO_NARROW: Final = _("Selle esindusõigusega ei saa uut kirja alustada")
_WHERE_THEN: Final = _(
    "Teie õigus on antud ainult kindlate asjade jaoks. Kirjutage asutusele nende asjade lehel."
)


async def ask_what(visit: Visit, db: Database) -> Response:
    """Show the form; an address may name the authority already."""
    if not may_begin(visit.actor):
        raise Problem(_TOO_NARROW, _WHERE_THEN, status=403)
    form = await visit.form(NewLetterForm)
    form.authority.data = visit.request.query_params.get("authority", "")
    return await _page(visit, db, form)


async def send_first(visit: Visit, db: Database, files: Files) -> Response:
    """Take the letter and begin its thread; the same form twice is one thread."""
    form = await visit.form(NewLetterForm)
    if not may_begin(visit.actor):
        # The right has become narrower since the form was opened: what was typed stays to be copied.
        form.form_errors.append(f"{visit.gettext(_TOO_NARROW)}. {visit.gettext(_WHERE_THEN)}")
        return await _page(visit, db, form, status=403)
    to = recipient(str(form.authority.data or ""))
    addressed = form.is_addressed(visit, known=to is not None)
    missing = visit.gettext("Kirjutage, mida soovite öelda.")
    wrote = await written(visit, form, missing=missing, files_may_stand_alone=False)
    if wrote is None or to is None or not addressed:
        return await _page(visit, db, form, status=422)
    subject = str(form.subject.data)
    once = form.once_only_id(to.code.encode(), subject.encode(), *wrote.content)
    act = Act(visit.actor, visit.now, once)
    try:
        async with db.write() as tx:
            await begin_thread(tx, act, files, NewLetter(to, subject, wrote.text, wrote.uploads))
    except Repeated:
        pass
    return visit.redirect(f"/inbox/{act.id}/messages#{act.id}")


async def _page(visit: Visit, db: Database, form: NewLetterForm, *, status: int = 200) -> Response:
    async with db.read() as session:
        known, others = known_first(await thread_queries.turned_to(session, visit.actor))
    form.subject.flags.required = form.text.flags.required = form.authority.flags.required = True
    form.authority.choices = _choices(visit, known, others)
    return visit.render("inbox/new_thread.html", status=status, form=form)


def _choices(visit: Visit, known: Sequence[Authority], others: Sequence[Authority]) -> list[SelectChoice]:
    """Give the list: where the party has turned before comes first."""
    state = [each for each in others if each.code == SKA.code]
    groups = (
        (visit.gettext("Olete varem suhelnud"), known),
        (visit.gettext("Riik"), state),
        (visit.gettext("Vallad ja linnad"), [each for each in others if each not in state]),
    )
    listed = [
        SelectChoice(each.code, _name(each), optgroup=title) for title, group in groups for each in group
    ]
    return [SelectChoice("", visit.gettext("Valige")), *listed]


def _name(each: Authority) -> str:
    return each.name if each.code == SKA.code else each.place
