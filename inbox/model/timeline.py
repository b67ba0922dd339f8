"""How a matter goes, step by step: what was, what is now, what is to come; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol

from inbox.model.doers import Viewer, deed, doer, opening
from inbox.model.legal_clock import LegalClock, Running
from inbox.model.services import Term
from inbox.model.speech import Speech
from inbox.model.states import UNDECIDED, Turn


def _(text: str) -> str:
    return text


class Entry(Protocol):
    """What the timeline reads of an entry."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def what(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def content(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def done_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def handed_over_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def refused_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def made_available_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def opened_at(self) -> datetime | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `own_words` tells that the text is the authority's own Estonian."""

    title: str
    state: str = "done"
    at: datetime | None = None
    when: str = ""
    text: str = ""
    basis: str = ""
    icon: str = ""
    own_words: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """What the steps are made of."""

    state: str
    turn: str
    authority: str
    core: str
    words: Mapping[str, Any]
    clock: LegalClock
    payment: Term | None
    viewer: Viewer


_EVENTS: Final[Mapping[str, str]] = {
    "sent": _("Saatsite taotluse"),
    "handed_over": _("Taotlus jõudis kohale"),
    "registered": _("Taotlus on registreeritud"),
    "forwarded": _("Taotlus saadeti edasi"),
    "in_progress": _("Taotlust hakati läbi vaatama"),
    "assessment": _("Hinnatakse, millist abi Te vajate"),
    "waiting_third": _("Oodatakse teise asutuse andmeid"),
    "replied": _("Vastasite"),
    "request_cancelled": _("Küsimus võeti tagasi"),
    "complete": _("Kõik vajalik on käes"),
    "extended": _("Otsus hilineb"),
    "queued": _("Olete järjekorras"),
    "in_force": _("Hakkas kehtima"),
    "suspended": _("Peatati"),
    "resumed": _("Jätkub"),
    "ended": _("Lõppes"),
    "withdrawal_asked": _("Palusite taotluse tagasi"),
    "withdrawn": _("Taotlus on tagasi võetud"),
    "left_unexamined": _("Taotlus jäeti läbi vaatamata"),
}
_OTHERS_DEEDS: Final[Mapping[str, str]] = {
    "sent": _("Taotlus saadeti"),
    "replied": _("Asutusele vastati"),
    "withdrawal_asked": _("Taotlust paluti tagasi"),
}
"""What the viewer did is told to them; what another did is told without saying "you"."""

_TASKS: Final[Mapping[str, str]] = {
    "information": _("Asutus küsis Teilt lisa"),
    "hearing": _("Asutus küsis Teie arvamust"),
    "file": _("Fail ei läbinud viirusekontrolli"),
}


_GOING_ON: Final = frozenset({"forwarded", "in_progress", "assessment", "waiting_third", "extended"})


def steps(speech: Speech, entries: Iterable[Entry], course: Course) -> list[Step]:
    """Tell the whole course of a matter."""
    told = [(entry, step) for entry in entries if (step := _step(speech, entry, course)) is not None]
    past = [step for _entry, step in told]
    if course.state not in UNDECIDED:
        return past
    last = told[-1][0].what if told else ""
    if last in _GOING_ON and course.turn in (Turn.AUTHORITY, Turn.OTHER):
        # What goes on now has been told already: its step stays the last one, and is marked.
        past[-1] = replace(past[-1], state="now", icon=_icon(course))
        return past + _ahead(speech, course)
    return past + _now(speech, course) + _ahead(speech, course)


def _icon(course: Course) -> str:
    if course.turn == Turn.AUTHORITY:
        return "account_balance"
    return "stethoscope" if "arst" in str(course.words.get("who", "")).lower() else "hourglass"


def _step(speech: Speech, entry: Entry, course: Course) -> Step | None:
    if entry.kind == "event" and entry.what in _EVENTS:
        more = _MORE.get(entry.what)
        text, own = more(speech, entry, course) if more else _told(entry)
        return Step(_title(speech, entry, course), at=entry.at, text=text, own_words=own)
    if entry.kind == "task":
        return _task(speech, entry, course)
    if entry.kind == "decision" and entry.made_available_at is not None:
        if entry.opened_at is None:
            text = speech.gettext("Avage otsus, siis näete tulemust.")
            return Step(speech.gettext("Otsus on kohal"), at=entry.made_available_at, text=text)
        text = opening(speech, entry.opened_at, doer(speech, entry.content, course.viewer, "openedBy"))
        return Step(speech.gettext("Otsus on tehtud"), at=entry.at, text=text)
    return None


def _title(speech: Speech, entry: Entry, course: Course) -> str:
    by = doer(speech, entry.content, course.viewer) if entry.what in _OTHERS_DEEDS else None
    return speech.gettext((_OTHERS_DEEDS if by and not by.is_viewer else _EVENTS)[entry.what])


def _task(speech: Speech, entry: Entry, course: Course) -> Step:
    title, asked = speech.gettext(_TASKS[entry.what]), str(entry.content.get("title", ""))
    if entry.what == "file":
        text = speech.gettext("Faili „%(name)s“ me edasi ei saatnud.", name=entry.content.get("name", ""))
        return Step(title, "you" if entry.done_at is None else "done", entry.at, text=text)
    open_now = entry.done_at is None and course.state in UNDECIDED
    return Step(title, "you" if open_now else "done", entry.at, text=asked, own_words=True)


def _handed(speech: Speech, _entry: Entry, course: Course) -> tuple[str, bool]:
    return speech.gettext("Edastasime selle infosüsteemi %(core)s.", core=course.core), False


def _registered(speech: Speech, entry: Entry, _course: Course) -> tuple[str, bool]:
    return speech.gettext("Number %(number)s.", number=entry.content.get("reference", "")), False


def _forwarded(speech: Speech, entry: Entry, _course: Course) -> tuple[str, bool]:
    name = entry.content.get("to", {}).get("name", "")
    return speech.gettext("Nüüd tegeleb sellega %(authority)s. Aeg algas uuesti.", authority=name), False


def _waiting(speech: Speech, entry: Entry, _course: Course) -> tuple[str, bool]:
    who, until = entry.content.get("waitingFor", ""), entry.content.get("until")
    if until is None:
        return speech.gettext("Andmed lisab: %(who)s.", who=who), False
    day = speech.day_short(date.fromisoformat(until))
    return speech.gettext("Andmed lisab: %(who)s. Aega on kuni %(day)s.", who=who, day=day), False


def _complete(speech: Speech, _entry: Entry, _course: Course) -> tuple[str, bool]:
    return speech.gettext("Otsuse tähtaeg hakkas jooksma."), False


def _sent(speech: Speech, entry: Entry, course: Course) -> tuple[str, bool]:
    return deed(speech, entry.what, doer(speech, entry.content, course.viewer)), False


def _ours(speech: Speech, entry: Entry, course: Course) -> tuple[str, bool]:
    return f"{_sent(speech, entry, course)[0]} {_way(speech, entry)}".strip(), False


def _way(speech: Speech, entry: Entry) -> str:
    if entry.refused_at is not None:
        return speech.gettext("Asutus ei saanud seda vastu võtta. Kirjutage asutusele.")
    if entry.handed_over_at is None:
        return speech.gettext("See on meil kindlalt alles ja ootab edastamist.")
    return speech.gettext("Edastatud asutusele.")


def _told(entry: Entry) -> tuple[str, bool]:
    return str(entry.content.get("reason") or entry.content.get("text") or ""), True


_MORE: Final[Mapping[str, Callable[[Speech, Entry, Course], tuple[str, bool]]]] = {
    "sent": _sent,
    "handed_over": _handed,
    "registered": _registered,
    "forwarded": _forwarded,
    "waiting_third": _waiting,
    "complete": _complete,
    "replied": _ours,
    "withdrawal_asked": _ours,
}


def _now(speech: Speech, course: Course) -> list[Step]:
    if course.turn == Turn.OTHER:
        who = str(course.words.get("who", ""))
        return [Step(speech.gettext("Ootame andmeid: %(who)s", who=who), "now", icon=_icon(course))]
    if course.turn == Turn.AUTHORITY:
        title = speech.gettext("Nüüd on asutuse kord: %(authority)s", authority=course.authority)
        return [Step(title, "now", icon=_icon(course))]
    return []


def _ahead(speech: Speech, course: Course) -> list[Step]:
    ahead = [Step(speech.gettext("Otsus"), "todo", when=_decision_when(speech, course.clock), icon="gavel")]
    if course.payment is not None and course.payment.working_days:
        when = speech.ngettext(
            "%(num)d tööpäev pärast otsust (%(basis)s)",
            "%(num)d tööpäeva pärast otsust (%(basis)s)",
            course.payment.working_days,
            basis=course.payment.basis,
        )
        title = speech.gettext("Raha kontol, kui toetus määratakse")
        ahead.append(Step(title, "todo", when=when, icon="payments"))
    return ahead


def _decision_when(speech: Speech, clock: LegalClock) -> str:
    if clock.running in (Running.RUNNING, Running.EXTENDED) and clock.last_day is not None:
        return speech.gettext("Hiljemalt %(day)s", day=speech.day_short(clock.last_day))
    if clock.running in (Running.NOT_YET, Running.IF_TODAY) and clock.term and clock.term.working_days:
        return speech.ngettext(
            "%(num)d tööpäev pärast seda, kui kõik on käes",
            "%(num)d tööpäeva pärast seda, kui kõik on käes",
            clock.term.working_days,
        )
    return ""
