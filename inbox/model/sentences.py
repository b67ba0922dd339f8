"""How a matter stands, in a sentence for the person; pure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from inbox.model.outcomes import outcome_sentence
from inbox.model.speech import Speech
from inbox.model.states import State


def _(text: str) -> str:
    return text


class Standing(NamedTuple):
    """What a sentence is made of; `words` are those of the matter's row."""

    state: str
    words: Mapping[str, Any]
    authority: str
    turn: str = ""
    handed_over: bool = True
    withdrawal_asked: bool = False


_ARRIVED: Final = _("Taotlus jõudis kohale: %(authority)s. Teie ei pea midagi tegema.")
_PLAIN: Final[Mapping[str, str]] = {
    State.DRAFT: _("Taotlus on pooleli. %(authority)s seda veel ei näe."),
    State.REGISTERED: _ARRIVED,
    State.FORWARDED: _("Taotlus saadeti edasi: %(authority)s. Aeg algas uuesti."),
    State.IN_PROCEEDING: _("%(authority)s vaatab taotlust läbi. Teie ei pea midagi tegema."),
    State.ASSESSMENT: _("%(authority)s hindab, millist abi Te vajate."),
    State.NEEDS_FIX: _("%(authority)s ootab Teie vastust."),
    State.HEARING: _("%(authority)s ootab Teie arvamust enne otsust."),
    State.EXTENDED: _("Otsus hilineb. Põhjus on kirjas asja lehel."),
    State.CONTESTED: _("%(authority)s vaatab Teie vaiet läbi."),
    State.VAIE_DECIDED: _("Teie vaide kohta on tehtud otsus."),
    State.LEFT_UNEXAMINED: _("Taotlus jäeti läbi vaatamata. Põhjus on kirjas asja lehel."),
}


def sentence(speech: Speech, standing: Standing) -> str:
    """Say how a matter stands; the core's own words are shown elsewhere, beside it."""
    if standing.withdrawal_asked and standing.state != State.WITHDRAWN:
        return speech.gettext("Palusite taotluse tagasi. Ootame kinnitust.")
    if _unopened(standing.words):
        return speech.gettext("Otsus on kohal. Avage see, siis näete tulemust.")
    special = _SPECIAL.get(standing.state)
    if special is not None:
        return special(speech, standing)
    return speech.gettext(_PLAIN.get(standing.state, _ARRIVED), authority=standing.authority)


def _unopened(words: Mapping[str, Any]) -> bool:
    decision = words.get("decision")
    return decision is not None and not decision["opened"]


def _submitted(speech: Speech, standing: Standing) -> str:
    if standing.handed_over:
        return speech.gettext(_ARRIVED, authority=standing.authority)
    return speech.gettext("Taotlus on meil kindlalt alles. Anname selle ise üle, Teie ei pea midagi tegema.")


def _decided(speech: Speech, standing: Standing) -> str:
    decision = standing.words.get("decision", {})
    return outcome_sentence(speech, decision.get("outcome"), decision.get("amount"))


def _waiting(speech: Speech, standing: Standing) -> str:
    return speech.gettext(
        "%(authority)s ootab andmeid: %(who)s. Teie ei pea midagi tegema.",
        authority=standing.authority,
        who=standing.words.get("who", ""),
    )


def _queue(speech: Speech, standing: Standing) -> str:
    place = standing.words.get("place")
    if place is None:
        return speech.gettext("Ootate järjekorras kohta. Anname teada, kui koht vabaneb.")
    return speech.gettext("Olete järjekorras kohal %(place)s. Anname teada, kui koht vabaneb.", place=place)


def _in_force(speech: Speech, standing: Standing) -> str:
    benefit, until = standing.words.get("benefit") or {}, standing.words.get("until")
    if benefit.get("amount") and benefit.get("per") == "month":
        return speech.gettext("Makstakse iga kuu: %(amount)s.", amount=speech.money(benefit["amount"]))
    if benefit.get("amount"):
        return speech.gettext("Makstakse: %(amount)s.", amount=speech.money(benefit["amount"]))
    if until:
        return speech.gettext("Kehtib kuni %(day)s.", day=speech.day_record(date.fromisoformat(until)))
    return speech.gettext("Kehtib.")


def _suspended(speech: Speech, standing: Standing) -> str:
    since = standing.words.get("since")
    if since is None:
        return speech.gettext("Peatatud. Põhjus on kirjas asja lehel.")
    day = speech.day_record(date.fromisoformat(since))
    return speech.gettext("Peatatud alates %(day)s. Põhjus on kirjas asja lehel.", day=day)


def _withdrawn(speech: Speech, standing: Standing) -> str:
    day = _ended_on(speech, standing)
    if not day:
        return speech.gettext("Taotlus on tagasi võetud.")
    return speech.gettext("Taotlus võeti tagasi %(day)s.", day=day)


def _ended(speech: Speech, standing: Standing) -> str:
    day = _ended_on(speech, standing)
    return speech.gettext("Lõppes %(day)s.", day=day) if day else speech.gettext("Asi on lõppenud.")


def _ended_on(speech: Speech, standing: Standing) -> str:
    told = standing.words.get("endedOn", "")
    if not told:
        return ""
    return speech.day_record(datetime.fromisoformat(told) if "T" in told else date.fromisoformat(told))


def _message(speech: Speech, standing: Standing) -> str:
    if standing.turn == "authority":
        return speech.gettext("Ootame vastust: %(authority)s.", authority=standing.authority)
    if standing.turn == "you":
        return speech.gettext("%(authority)s ootab Teie vastust.", authority=standing.authority)
    return speech.gettext("%(authority)s kirjutas Teile.", authority=standing.authority)


_SPECIAL: Final[Mapping[str, Callable[[Speech, Standing], str]]] = {
    State.SUBMITTED: _submitted,
    State.DECIDED: _decided,
    State.DELIVERED: _decided,
    State.WAITING_THIRD: _waiting,
    State.QUEUE: _queue,
    State.IN_FORCE: _in_force,
    State.SUSPENDED: _suspended,
    State.WITHDRAWN: _withdrawn,
    State.ENDED: _ended,
    State.MESSAGE: _message,
}
