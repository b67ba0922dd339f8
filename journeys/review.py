"""The whole application to look over before sending: cards of answers, with the way back to each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from journeys.definition import DocumentSlot, Step
from journeys.fields import FieldType
from journeys.flow import Path
from journeys.layout import Entry, Known, Part, Question, Repeated, Section
from journeys.queries import Found
from journeys.reader import Reader
from journeys.sheets import outline


@dataclass(slots=True)
class Row:
    """One answer, or one person's answers, a line each."""

    term: str
    lines: list[str]
    anchor: str
    source: str = ""


@dataclass(slots=True)
class Card:
    """What one step asked."""

    step: Step
    title: str
    rows: list[Row] = field(default_factory=list)
    totals: list[tuple[str, Decimal]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SlotFiles:
    """A document slot and the files that stand for it."""

    slot: DocumentSlot
    title: str
    hint: str
    files: Sequence[Found]

    @property
    def is_missing(self) -> bool:
        """Tell whether the authority will ask for it."""
        return self.slot.needed and not self.files


def cards(path: Path, reader: Reader, known: dict[str, Known]) -> list[Card]:
    """Return a card for every step that asks questions."""
    made = []
    for step in path.route():
        if step.scope is None:
            continue
        card = Card(step, reader.of(step.title))
        _add(card, outline(path, step, reader, known), reader, path)
        made.append(card)
    return made


def slots(path: Path, reader: Reader, files: Sequence[Found]) -> list[SlotFiles]:
    """Return the document slots that belong to the path, with their files."""
    return [
        SlotFiles(
            slot,
            reader.of(slot.title),
            reader.of(slot.hint),
            [each for each in files if each.slot == slot.id],
        )
        for slot in path.documents()
    ]


def _add(card: Card, parts: list[Part], reader: Reader, path: Path) -> None:
    for part in parts:
        if isinstance(part, Question):
            if words := _answer(part, reader, path):
                card.rows.append(_row(part, words))
        elif isinstance(part, Section):
            _add(card, part.parts, reader, path)
            if part.total:
                card.totals.append((part.total, part.amount))
        else:
            card.rows += [_entry(part, entry, reader, path) for entry in part.entries]
            if part.total:
                card.totals.append((part.total, part.amount))


def _row(question: Question, words: str) -> Row:
    source = question.known.source if question.known and not question.differs else ""
    return Row(question.label, [words], question.anchor, source)


def _entry(group: Repeated, entry: Entry, reader: Reader, path: Path) -> Row:
    lines: list[str] = []
    named_by = group.group.repeat.named_by if group.group.repeat else None
    parts = [
        part for part in entry.parts if not (isinstance(part, Question) and part.asked.field.id == named_by)
    ]
    _lines(parts, lines, reader, path)
    if group.group.layout != "person":
        return Row(lines[0] if lines else entry.title, lines[1:], f"{group.name}-{entry.number}")
    return Row(entry.name or entry.title, lines, f"{group.name}-{entry.number}")


def _lines(parts: list[Part], lines: list[str], reader: Reader, path: Path) -> None:
    for part in parts:
        if isinstance(part, Question):
            if part.asked.field.type is not FieldType.YES_NO and (words := _answer(part, reader, path)):
                lines.append(words)
        elif isinstance(part, Section):
            _lines(part.parts, lines, reader, path)
        else:
            for entry in part.entries:
                inner: list[str] = []
                _lines(entry.parts, inner, reader, path)
                lines.append(" ".join(inner))


def _answer(question: Question, reader: Reader, path: Path) -> str:
    return reader.value(question.asked, path.read(question.asked))
