"""Who did something in a matter, as whoever looks is told: by name and right, or "Teie"; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from inbox.model.speech import Speech


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: their code, and whether the matter is a legal entity's."""

    code: str
    for_entity: bool


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did it: their name and right, the right empty for the party itself; `is_viewer` when they look now."""

    name: str
    right: str
    is_viewer: bool


@dataclass(frozen=True, slots=True)
class _Sayings:
    """One deed: told of a representative, of the party itself, and to a representative who looks at it."""

    another: str
    party: str
    viewer: str


_RIGHTS: Final[Mapping[str, str]] = {
    "parent": _("lapsevanemana"),
    "child_guardian": _("eestkostjana"),
    "adult_guardian": _("eestkostjana"),
    "foster_parent": _("hooldusperena"),
    "mandate": _("volituse alusel"),
}
_REPRESENTATIVE: Final = _("esindajana")
_DEEDS: Final[Mapping[str, _Sayings]] = {
    "sent": _Sayings(_("Saatis %(name)s, %(right)s."), _("Saatis %(name)s."), _("Saatsite Teie, %(right)s.")),
    "replied": _Sayings(
        _("Vastas %(name)s, %(right)s."), _("Vastas %(name)s."), _("Vastasite Teie, %(right)s.")
    ),
    "withdrawal_asked": _Sayings(
        _("Tagasi palus %(name)s, %(right)s."),
        _("Tagasi palus %(name)s."),
        _("Tagasi palusite Teie, %(right)s."),
    ),
}
_OPENED: Final = _Sayings(
    _("Otsuse avas %(day)s %(name)s, %(right)s."),
    _("Otsuse avas %(day)s %(name)s."),
    _("Avasite otsuse %(day)s, %(right)s."),
)
_YOU_OPENED: Final = _("Avasite otsuse %(day)s.")


def doer(speech: Speech, content: Mapping[str, Any], viewer: Viewer, key: str = "author") -> Doer | None:
    """Tell who did what an entry tells of; None when it was not written down."""
    told = content.get(key)
    if not told:
        return None
    right = ""
    if told.get("kind") == "representative":
        kind = (told.get("right") or {}).get("kind", "")
        # Who speaks for a legal entity does so by its articles as often as by a mandate: the register's affair.
        right = speech.gettext(_REPRESENTATIVE if viewer.for_entity else _RIGHTS.get(kind, _REPRESENTATIVE))
    return Doer(told.get("name", ""), right, told.get("code") == viewer.code)


def deed(speech: Speech, what: str, by: Doer | None) -> str:
    """Say who did it; nothing when it was the viewer in their own matter."""
    if by is None or (by.is_viewer and not by.right):
        return ""
    return _say(speech, _DEEDS[what], by)


def opening(speech: Speech, opened_at: datetime, by: Doer | None) -> str:
    """Say who opened a decision, and when."""
    day = speech.day_record(opened_at)
    if by is None or (by.is_viewer and not by.right):
        return speech.gettext(_YOU_OPENED, day=day)
    return _say(speech, _OPENED, by, day=day)


def signature(speech: Speech, by: Doer) -> str:
    """Say in what quality somebody wrote, beside their name."""
    if by.is_viewer:
        return speech.gettext("Teie, %(right)s", right=by.right) if by.right else speech.gettext("Teie")
    return by.right


def _say(speech: Speech, sayings: _Sayings, by: Doer, **values: str) -> str:
    text = sayings.party if not by.right else sayings.viewer if by.is_viewer else sayings.another
    return speech.gettext(text, name=by.name, right=by.right, **values)
