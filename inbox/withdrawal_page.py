"""Taking an application back: a question first, since it cannot be undone."""

from starlette.responses import Response

from inbox.acts import Act, Closed, Repeated
from inbox.forms import WithdrawalForm
from inbox.loading import load
from inbox.model.services import Services
from inbox.view import View, authority_of
from inbox.withdraw import may_withdraw, withdraw
from portal.db import Database
from portal.ui import Problem, Visit


async def ask_first(visit: Visit, db: Database, services: Services) -> Response:
    """Ask whether the person means it."""
    return await _page(visit, db, services, await visit.form(WithdrawalForm))


async def take_back(visit: Visit, db: Database, services: Services) -> Response:
    """Take the application back; the same form twice is one taking back."""
    form = await visit.form(WithdrawalForm)
    if not form.is_short(visit):
        return await _page(visit, db, services, form, status=422)
    await load(visit, db)
    act = Act(visit.actor, visit.now, form.once_only_id())
    try:
        async with db.write() as tx:
            await withdraw(tx, act, visit.id(), str(form.reason.data or ""))
    except Repeated:
        pass
    except Closed as error:
        raise _too_late() from error
    return visit.redirect(f"/inbox/{visit.id()}")


async def _page(
    visit: Visit, db: Database, services: Services, form: WithdrawalForm, *, status: int = 200
) -> Response:
    matter, _entries = await load(visit, db)
    if not may_withdraw(matter):
        raise _too_late()
    view = View.of(visit, services)
    return visit.render(
        "inbox/withdrawal.html",
        status=status,
        form=form,
        matter=matter,
        matter_title=view.title(matter, year=True),
        authority=authority_of(matter),
    )


def _too_late() -> Problem:
    return Problem(
        "Seda taotlust ei saa enam tagasi võtta",
        "Taotluse saab tagasi võtta kuni otsuseni. Kirjutage asutusele, kui soovite midagi muuta.",
    )
