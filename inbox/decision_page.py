"""A decision: before it is opened, what opening means; after, what was decided and what can be done."""

from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from inbox.acts import Act, Closed
from inbox.documents_view import papers_of
from inbox.forms import PlainForm
from inbox.loading import load, one
from inbox.model.deadlines import days_left
from inbox.model.doers import doer
from inbox.model.outcomes import REFUSED, outcome_title
from inbox.model.services import Services
from inbox.open_decision import open_decision
from inbox.view import View, authority_of, legal_day
from portal.calendar import CHALLENGE_DAYS, next_working_day
from portal.db import Database
from portal.ui import NotFound, Visit


async def show_decision(visit: Visit, db: Database, services: Services) -> Response:
    """Show a decision that has been opened, or ask whether to open it."""
    form = await visit.form(PlainForm)
    matter, entries = await load(visit, db)
    decision = one(entries, "decision", visit.id("decision_id"))
    if decision.made_available_at is None:
        raise NotFound
    view, decider = View.of(visit, services), authority_of(matter)
    shared: dict[str, Any] = {
        "matter": matter,
        "matter_title": view.title(matter),
        "authority": decider,
        "decision": decision,
        "told": decision.content,
        "form": form,
    }
    if decision.opened_at is None:
        return visit.render("inbox/decision_unopened.html", **shared)
    return visit.render("inbox/decision.html", **shared, **_opened(view, matter, entries, decision))


async def open_it(visit: Visit, db: Database) -> Response:
    """Open a decision; the first opening counts."""
    form = await visit.form(PlainForm)
    act = Act(visit.actor, visit.now, form.once_only_id())
    try:
        async with db.write() as tx:
            await open_decision(tx, act, visit.id(), visit.id("decision_id"))
    except Closed as error:
        raise NotFound from error
    return visit.redirect(f"/inbox/{visit.id()}/decisions/{visit.id('decision_id')}")


def _opened(view: View, matter: Any, entries: Any, decision: Any) -> dict[str, Any]:
    told, speech = decision.content, view.speech
    outcome, amount = told.get("outcome"), told.get("amount")
    about_vaie = speech.gettext("Otsus Teie vaide kohta")
    title = about_vaie if decision.what == "challenge" else outcome_title(speech, outcome, amount)
    by = doer(speech, told, view.viewer, "openedBy")
    return {
        "title": title,
        "amount": amount if outcome != REFUSED else None,
        "refused": outcome == REFUSED,
        "papers": papers_of(view, matter, entries, decision.id),
        "challenge": _challenge(view, decision),
        "period": _period(view, matter, told),
        "you_opened": by is None or by.is_viewer,
        "opener": ", ".join(filter(None, (by.name, by.right)))
        if by and not (by.is_viewer and not by.right)
        else "",
    }


def _challenge(view: View, decision: Any) -> dict[str, Any] | None:
    """Say until when a vaie may be filed: from the opening, when the person learned of it (HMS § 75)."""
    told = decision.content.get("challenge")
    opened = legal_day(decision.opened_at)
    if told is None or opened is None:
        return None
    days = told.get("withinDays") or CHALLENGE_DAYS
    counted: date = opened + timedelta(days=days)
    last = next_working_day(counted)
    return {
        "last": view.speech.day_full(last),
        "days": days,
        "opened": opened,
        "moved": last != counted,
        "left": days_left(view.speech, last, view.today),
        "over": last < view.today,
        "authority": told["authority"]["name"],
        "text": told.get("text", ""),
    }


def _period(view: View, matter: Any, told: Any) -> str:
    period = told.get("period")
    if period and period.get("to"):
        first, last = date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
        return f"{view.speech.day_record(first)}–{view.speech.day_record(last)}"
    if period:
        first = date.fromisoformat(period["from"])
        return view.speech.gettext("alates %(day)s", day=view.speech.day_record(first))
    return view.speech.month(matter.period, year=True) if matter.period else ""
