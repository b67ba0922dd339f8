"""The list: Minu suhtlus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from inbox import queries
from inbox.begin_thread import may_begin
from inbox.lines import Line, in_order, line
from inbox.loading import seen_for_another
from inbox.model.deadlines import task_deadline
from inbox.model.freshness import as_of_sentence
from inbox.model.services import Services
from inbox.model.states import Section
from inbox.view import View, authority_of
from portal.db import Database
from portal.ui import Visit


def _(text: str) -> str:
    return text


_TITLES: Final[Mapping[Section, str]] = {
    Section.YOURS: _("Teie kord"),
    Section.DRAFTS: _("Saatmata"),
    Section.WAITING: _("Ootame teisi"),
    Section.DECIDED: _("Otsused ja toetused"),
    Section.LETTERS: _("Kirjavahetused"),
    Section.ENDED: _("Lõppenud"),
}
_FILTERS: Final[Mapping[Section, str]] = {
    Section.YOURS: _("Teie kord"),
    Section.DRAFTS: _("Saatmata"),
    Section.WAITING: _("Ootame teisi"),
    Section.DECIDED: _("Otsused"),
    Section.LETTERS: _("Kirjavahetused"),
}
_MORE_OF_YOURS: Final = _("Veel ootab Teid")


@dataclass(frozen=True, slots=True)
class Source:
    """One authority and how fresh its news is."""

    name: str
    text: str
    down: bool
    icon: str
    since: str


async def show_list(visit: Visit, db: Database, services: Services) -> Response:
    """Show everything that is open, what waits for the person first."""
    view = View.of(visit, services)
    async with db.read() as session:
        rows = await queries.lines(session, visit.actor)
        ended = rows[0].ended if rows else await queries.ended_count(session, visit.actor)
    await seen_for_another(visit, db, "inbox-read", visit.actor.party.id)
    asked = visit.request.query_params
    chosen, only = asked.get("show", ""), asked.get("authority", "")
    shown = [row for row in rows if not only or row.authority_code == only]
    sections = in_order(line(row, view) for row in shown)
    first = sections[Section.YOURS][0] if sections[Section.YOURS] else None
    return visit.render(
        "inbox/list.html",
        total=len(shown),
        first=first,
        deadline=task_deadline(view.speech, first.due_on, view.today) if first and first.due_on else "",
        filters=_filters(visit, view, sections, chosen, only),
        groups=_groups(view, sections, chosen, first),
        sources=_sources(rows, view),
        authorities=_authorities(rows),
        only=only,
        chosen=chosen,
        ended=ended,
        yours=len(sections[Section.YOURS]),
        may_begin=may_begin(visit.actor),
    )


async def show_ended(visit: Visit, db: Database, services: Services) -> Response:
    """Show what has ended."""
    view = View.of(visit, services)
    async with db.read() as session:
        rows = await queries.lines(session, visit.actor, closed=True)
    return visit.render("inbox/ended.html", lines=[line(row, view) for row in rows])


def _filters(
    visit: Visit, view: View, sections: Mapping[Section, Sequence[Line]], chosen: str, only: str
) -> list[tuple[str, int, str, bool]]:
    here, also = visit.path("/inbox"), f"&authority={only}" if only else ""
    total = sum(map(len, sections.values()))
    every = f"{here}?authority={only}" if only else here
    links = [(view.speech.gettext("Kõik"), total, every, chosen not in set(_FILTERS))]
    for each, text in _FILTERS.items():
        if sections[each]:
            href = f"{here}?show={each}{also}"
            links.append((view.speech.gettext(text), len(sections[each]), href, chosen == each))
    return links


def _groups(
    view: View, sections: Mapping[Section, Sequence[Line]], chosen: str, first: Line | None
) -> list[tuple[str, Sequence[Line]]]:
    groups = []
    for each in _TITLES:
        lines = sections[each]
        if each is Section.YOURS and first is not None:
            # The first one stands in the panel and is not repeated.
            lines = lines[1:]
        if lines and (chosen not in set(_FILTERS) or chosen == each):
            title = _MORE_OF_YOURS if each is Section.YOURS else _TITLES[each]
            groups.append((view.speech.gettext(title), lines))
    return groups


def _sources(rows: Sequence[Any], view: View) -> list[Source]:
    """Say of each authority how fresh its news is; an outage never looks like an empty list."""
    found: dict[str, Source] = {}
    for row in rows:
        if row.kind == "draft":
            continue
        name = authority_of(row).name
        # Of an authority that answers, one line tells as much as all.
        if name not in found or row.feed_failing_since:
            fresh = view.freshness(row)
            since = view.speech.since(fresh.as_of, view.today) if fresh.as_of else ""
            text = as_of_sentence(view.speech, fresh, view.today)
            icon = "cloud_off" if fresh.down else "hourglass" if fresh.stale else "check_circle"
            found[name] = Source(name, text, fresh.down, icon, since)
    return sorted(found.values(), key=lambda each: each.name)


def _authorities(rows: Sequence[Any]) -> list[tuple[str, str]]:
    return sorted({(row.authority_code, authority_of(row).name) for row in rows}, key=lambda each: each[1])
