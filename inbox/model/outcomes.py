"""What was decided, in words (SÜS §§ 23, 26); pure."""

from collections.abc import Mapping
from typing import Final

from inbox.model.speech import Speech


def _(text: str) -> str:
    return text


REFUSED: Final = "refused"

# Of money, and of anything else.
_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "granted": (_("Teile määrati toetus"), _("Teie taotlus rahuldati")),
    "granted_in_part": (_("Teile määrati toetus osaliselt"), _("Teie taotlus rahuldati osaliselt")),
    "granted_with_condition": (
        _("Teile määrati toetus tingimusega"),
        _("Teie taotlus rahuldati tingimusega"),
    ),
    "refused": (_("Toetust ei määratud"), _("Teie taotlust ei rahuldatud")),
    "changed": (_("Varasemat otsust muudeti"), _("Varasemat otsust muudeti")),
    "suspended": (_("Maksmine peatati"), _("Teenus või toetus peatati")),
    "ended": (_("Maksmine lõpetati"), _("Teenus või toetus lõpetati")),
}
_WITH_AMOUNT: Final[Mapping[str, str]] = {
    "granted": _("Määrati: %(amount)s."),
    "granted_in_part": _("Määrati osaliselt: %(amount)s."),
    "granted_with_condition": _("Määrati tingimusega: %(amount)s."),
    "changed": _("Varasemat otsust muudeti. Uus summa on %(amount)s."),
}
_OTHER: Final = _("Otsus on tehtud")


def outcome_title(speech: Speech, outcome: str | None, amount: str | None) -> str:
    """Say what was decided, as the title of its page."""
    money, other = _TITLES.get(outcome or "", (_OTHER, _OTHER))
    return speech.gettext(money if amount is not None else other)


def outcome_sentence(speech: Speech, outcome: str | None, amount: str | None) -> str:
    """Say what was decided, in a line of the list."""
    text = _WITH_AMOUNT.get(outcome or "")
    if text is not None and amount is not None:
        return speech.gettext(text, amount=speech.money(amount))
    if outcome == REFUSED:
        return speech.gettext("Teie taotlust ei rahuldatud. Põhjus on kirjas otsuses.")
    return f"{outcome_title(speech, outcome, amount)}."
