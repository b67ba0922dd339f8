"""The lines of the list, made ready for the page: words only, nothing left to look up."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from inbox.model.legal_clock import Running
from inbox.model.outcomes import REFUSED
from inbox.model.sentences import Standing, sentence
from inbox.model.states import UNDECIDED, Label, Section, State, Turn, label, section
from inbox.view import View, authority_of, matter_path, task_path
from portal.authorities import Authority
from portal.calendar import CHALLENGE_DAYS, term_end


class Line(NamedTuple):
    """One line of the list; a named tuple is made in a third of the time of a frozen dataclass."""

    id: Any
    href: str
    title: str
    sentence: str
    sentence_lang: str
    authority: str
    label: str
    tone: str
    icon: str
    due_before: str
    due: str
    notes: Sequence[tuple[str, str]]
    section: Section
    due_on: date | None
    task: str
    task_href: str


def line(row: Any, view: View) -> Line:
    """Make a line of a row."""
    decider = authority_of(row)
    shown = _label(row, decider)
    text, lang = _sentence(row, view, decider)
    before, day = _due(row, view)
    yours = row.whose_turn == Turn.YOU and row.state != State.DRAFT
    return Line(
        id=row.id,
        href=view.path(matter_path(row)),
        title=view.title(row),
        sentence=text,
        sentence_lang=lang,
        authority=decider.name,
        label=view.speech.gettext(shown.text),
        tone=shown.tone,
        icon=shown.icon,
        due_before=before,
        due=day,
        notes=_notes(row, view),
        section=section(row.state, row.whose_turn),
        due_on=row.due_on,
        task=view.task_title(row.words) if yours else "",
        task_href=view.path(task_path(row)) if yours else "",
    )


def in_order(lines: Iterable[Line]) -> dict[Section, list[Line]]:
    """Sort lines into their sections; of what waits for the person, the earliest last day comes first."""
    sections: dict[Section, list[Line]] = {each: [] for each in Section}
    for each in lines:
        sections[each.section].append(each)
    sections[Section.YOURS].sort(key=lambda each: each.due_on or date.max)
    return sections


def standing(row: Any, authority: str) -> Standing:
    """Give what the sentence of a matter is made of."""
    return Standing(
        row.state,
        row.words,
        authority,
        row.whose_turn,
        handed_over=row.handed_over_at is not None or row.state != State.SUBMITTED,
        withdrawal_asked=row.withdrawal_at is not None,
    )


def _label(row: Any, decider: Authority) -> Label:
    decision = row.words.get("decision") or {}
    opened = bool(decision) and decision["opened"]
    return label(
        row.state if opened or not decision else State.DECIDED,
        row.whose_turn,
        decider.kind,
        who=row.words.get("who", ""),
        refused=opened and decision.get("outcome") == REFUSED,
        paid=bool((row.words.get("benefit") or {}).get("amount")),
    )


def _sentence(row: Any, view: View, decider: Authority) -> tuple[str, str]:
    if row.whose_turn == Turn.YOU and row.next_task_id is not None:
        own = not row.words.get("taskFile") and view.speech.lang != "et"
        return view.task_title(row.words), "et" if own else ""
    return sentence(view.speech, standing(row, decider.name)), ""


def _due(row: Any, view: View) -> tuple[str, str]:
    speech = view.speech
    if row.kind == "draft":
        return (speech.gettext("Kustub"), speech.day_record(row.expires_at)) if row.expires_at else ("", "")
    if row.due_on is not None:
        words = speech.gettext("Tähtaeg") if row.whose_turn == Turn.YOU else speech.gettext("Aega kuni")
        return words, speech.day_short(row.due_on)
    if row.state in UNDECIDED and row.whose_turn == Turn.AUTHORITY:
        clock = view.legal_clock(row)
        if clock.running in (Running.RUNNING, Running.EXTENDED) and clock.last_day:
            return speech.gettext("Otsus hiljemalt"), speech.day_short(clock.last_day)
        return "", ""
    last = _challenge_until(row, view)
    return (speech.gettext("Vaie hiljemalt"), speech.day_short(last)) if last else ("", "")


def _challenge_until(row: Any, view: View) -> date | None:
    decision = row.words.get("decision") or {}
    if not decision.get("openedOn"):
        return None
    opened = date.fromisoformat(decision["openedOn"])
    last = term_end(opened, calendar_days=decision.get("challengeDays") or CHALLENGE_DAYS)
    return last if last >= view.today else None


def _notes(row: Any, view: View) -> list[tuple[str, str]]:
    notes = []
    if row.unread:
        text = view.speech.ngettext("%(num)d uus kiri", "%(num)d uut kirja", row.unread)
        notes.append(("mail", text))
    if row.kind != "draft":
        fresh = view.freshness(row)
        if fresh.stale and fresh.as_of is not None:
            since = view.speech.since(fresh.as_of, view.today)
            notes.append(("cloud_off", view.speech.gettext("Seis %(since)s", since=since)))
    return notes
