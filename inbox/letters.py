"""The letters of a matter, as its pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.documents_view import Paper, papers_of
from inbox.model.doers import doer, signature
from inbox.view import View
from portal.texts import words


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter; `mine` is the party's, `yours` the viewer's own, `state` what has become of one of ours."""

    id: Any
    name: str
    role: str
    sent: str
    paragraphs: Sequence[str]
    mine: bool
    yours: bool
    state: str
    waiting: bool
    unread: bool
    papers: Sequence[Paper]


def letters(view: View, matter: Any, entries: Iterable[Any], authority: str) -> list[Letter]:
    """List the letters of a matter, the oldest first."""
    rows = list(entries)
    return [_letter(view, matter, row, rows, authority) for row in rows if row.kind == "message"]


def _letter(view: View, matter: Any, row: Any, rows: Sequence[Any], authority: str) -> Letter:
    speech, mine = view.speech, row.what == "ours"
    author = row.content.get("author", {})
    by = doer(speech, row.content, view.viewer)
    role = signature(speech, by) if mine and by else authority
    return Letter(
        row.id,
        author.get("name", ""),
        role,
        words.moment(row.at, speech.lang),
        [each for each in row.content.get("text", "").split("\n") if each.strip()],
        mine,
        mine and (by is None or by.is_viewer),
        _state(view, row) if mine else "",
        mine and row.handed_over_at is None and row.refused_at is None,
        not mine and row.read_at is None,
        papers_of(view, matter, rows, row.id),
    )


def _state(view: View, row: Any) -> str:
    speech = view.speech
    if row.seen_at is not None:
        since = words.moment(row.seen_at, speech.lang)
        if row.content.get("seenBy"):
            return speech.gettext("%(name)s luges %(at)s", name=row.content["seenBy"], at=since)
        return speech.gettext("loetud %(at)s", at=since)
    if row.refused_at is not None:
        return speech.gettext("Asutus ei saanud kirja vastu võtta. Kirjutage uuesti või helistage.")
    if row.handed_over_at is None:
        return speech.gettext("Ootab saatmist. Kiri on meil alles ja läheb teele kohe, kui asutus vastab.")
    return speech.gettext("edastatud %(at)s", at=words.moment(row.handed_over_at, speech.lang))
