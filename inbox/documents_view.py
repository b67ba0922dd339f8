"""The documents of a matter, as its pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from inbox.view import View
from portal.texts import words

_KINDS: Final = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One document."""

    title: str
    detail: str
    href: str
    state: str


def papers(view: View, matter: Any, entries: Iterable[Any]) -> list[Paper]:
    """List the documents of a matter; those of a decision appear when it has been opened."""
    rows = list(entries)
    closed = {row.id for row in rows if row.kind == "decision" and row.opened_at is None}
    return [paper(view, matter, row) for row in rows if row.kind == "document" and row.of_id not in closed]


def papers_of(view: View, matter: Any, entries: Iterable[Any], of_id: UUID) -> list[Paper]:
    """List what came with one decision, letter or task."""
    return [paper(view, matter, row) for row in entries if row.kind == "document" and row.of_id == of_id]


def paper(view: View, matter: Any, row: Any) -> Paper:
    """Make a document ready for a page; one that is still on its way has no link."""
    about, speech = row.content, view.speech
    kind = _KINDS.get(about["mediaType"], about["name"].rpartition(".")[2].upper()[:6])
    size, day = words.file_size(about["size"], speech.lang), speech.day_record(row.at)
    if row.what == "ours":
        text = speech.gettext("%(kind)s, %(size)s · saadetud %(day)s", kind=kind, size=size, day=day)
    else:
        text = speech.gettext("%(kind)s, %(size)s · saadud %(day)s", kind=kind, size=size, day=day)
    if row.file_id is None:
        return Paper(about["name"], speech.gettext("Toome dokumendi asutusest kohale."), "", "checking")
    return Paper(about["name"], text, f"/inbox/{matter.id}/documents/{row.id}", "document")
