"""The legal clock in words: when the decision comes, by which rule and paragraph; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inbox.model.legal_clock import LegalClock, Running
from inbox.model.services import Term
from inbox.model.speech import Speech


@dataclass(frozen=True, slots=True)
class ClockWords:
    """What the frame of the legal clock says."""

    answer: str
    days: Sequence[date] = ()
    rule: str = ""
    basis: str = ""


def clock_words(speech: Speech, clock: LegalClock, authority: str) -> ClockWords:
    """Say the clock."""
    rule = _rule(speech, clock.term, authority) if clock.term else ""
    basis = speech.gettext("Alus: %(basis)s", basis=clock.term.basis) if clock.term else ""
    if clock.last_day is None:
        return _without_date(speech, clock, rule, basis)
    day = speech.day_long(clock.last_day)
    if clock.running is Running.IF_TODAY:
        answer = speech.gettext("Hiljemalt %(day)s, kui vastate täna", day=day)
        # Not within the f-string: what finds the sentences for the catalogues does not look into one.
        waits = speech.gettext("Praegu aeg veel ei jookse.")
        return ClockWords(answer, clock.days, f"{rule} {waits}", basis)
    if clock.running is Running.OVERDUE:
        answer = speech.gettext("Tähtaeg oli %(day)s", day=day)
        late = speech.gettext("Otsus on hilinenud. Küsige asutuselt, millal see tuleb.")
        return ClockWords(answer, (), late, basis)
    if clock.running is Running.EXTENDED:
        answer = speech.gettext("Hiljemalt %(day)s", day=day)
        moved = speech.gettext("Asutus pikendas tähtaega. Põhjus on kirjas allpool (HMS § 41).")
        return ClockWords(answer, (), moved, "")
    return ClockWords(speech.gettext("Hiljemalt %(day)s", day=day), clock.days, rule, basis)


def _without_date(speech: Speech, clock: LegalClock, rule: str, basis: str) -> ClockWords:
    if clock.running is Running.NOT_YET:
        answer = speech.gettext("Aeg hakkab jooksma, kui kõik vajalik on käes")
        return ClockWords(answer, (), rule, basis)
    return ClockWords(speech.gettext("Selle otsuse tähtaega me ei tea. Küsige seda asutuselt."))


def _rule(speech: Speech, term: Term, authority: str) -> str:
    if term.working_days is not None and term.runs_from == "complete":
        return speech.ngettext(
            "%(authority)s otsustab %(num)d tööpäeva jooksul pärast seda, kui kõik dokumendid on käes.",
            "%(authority)s otsustab %(num)d tööpäeva jooksul pärast seda, kui kõik dokumendid on käes.",
            term.working_days,
            authority=authority,
        )
    if term.working_days is not None:
        return speech.ngettext(
            "%(authority)s otsustab %(num)d tööpäeva jooksul taotluse saamisest.",
            "%(authority)s otsustab %(num)d tööpäeva jooksul taotluse saamisest.",
            term.working_days,
            authority=authority,
        )
    return speech.ngettext(
        "%(authority)s otsustab %(num)d päeva jooksul.",
        "%(authority)s otsustab %(num)d päeva jooksul.",
        term.calendar_days or 0,
        authority=authority,
    )
