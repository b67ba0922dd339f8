"""An application as a core gets it: the answers of the path, and what registers say beside them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from core_bridge.wire import (
    Answer,
    Applicant,
    Application,
    AuthorityRef,
    Contacts,
    FileRef,
    JourneyRef,
    Language,
    PartyRef,
    RegisterValue,
    RightRef,
    SubmittedBy,
    WishedDelivery,
    freeze,
)
from journeys.answers import Item, filled, items
from journeys.fields import AskedField, Group
from journeys.flow import Asked, ItemPlace, Path, item_name, name_of
from journeys.layout import Known
from journeys.parsing import Complaint, Value, read
from journeys.queries import Found
from journeys.reader import Reader
from journeys.words import Period
from portal.authorities import authority
from portal.identity import Actor

_DELIVERIES: Final = {
    "portal": WishedDelivery.PORTAL,
    "email": WishedDelivery.EMAIL,
    "office": WishedDelivery.IN_PERSON,
    "letter": WishedDelivery.LETTER,
    "other": WishedDelivery.OTHER,
}
_NO_HASH: Final = "0" * 64


def wire_application(
    application_id: UUID,
    actor: Actor,
    path: Path,
    known: Mapping[str, Known],
    files: Sequence[Found],
    *,
    period: Period | None,
    authority_code: str,
    lang: str,
    at: datetime,
) -> Application:
    """Put an application into the words of the contract; its content hash is over everything else in it."""
    reader = Reader("et", _as_written, period, actor.for_self)
    answers = _Answers(path, reader, known, actor)
    journey = path.journey
    month = f", {period.words('et')['month']} {period.year}" if period else ""
    language = path.answers.get("contact_language") or lang
    application = Application(
        application_id=application_id,
        journey=JourneyRef(id=journey.id, version=journey.version, title=f"{journey.names.et}{month}"),
        authority=AuthorityRef(code=authority_code, name=authority(authority_code).name),
        applicant=Applicant(code=actor.party.code, name=actor.party.name, contacts=_contacts(path)),
        submitted_by=submitted_by(actor),
        answers=tuple(
            answer for step in path.route() if step.scope for answer in answers.of(step.scope.parts)
        ),
        files=tuple(_file(each) for each in files),
        delivery=_DELIVERIES.get(str(path.answers.get("delivery", "")), WishedDelivery.PORTAL),
        language=Language(language) if language in ("et", "en", "ru") else Language.ET,
        sent_at=at,
        content_hash=_NO_HASH,
    )
    return application.model_copy(update={"content_hash": content_hash(application)})


def content_hash(application: Application) -> str:
    """Return the SHA-256 over the application's JSON, keys sorted, without `contentHash` itself."""
    content = application.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"content_hash"})
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def without_file(body: bytes, file_id: UUID) -> bytes:
    """Return a frozen application that says a file was withheld instead of naming it among the files."""
    application = Application.model_validate_json(body)
    withheld = [file for file in application.files if file.file_id == file_id]
    said = tuple(
        Answer(id=f"withheld_{n}", label_et="Kinni peetud fail, milles leiti viirus", value=file.name)
        for n, file in enumerate(withheld, start=len(application.answers))
    )
    return freeze(
        application.model_copy(
            update={
                "files": tuple(file for file in application.files if file.file_id != file_id),
                "answers": (*application.answers, *said),
            }
        )
    )


def submitted_by(actor: Actor) -> SubmittedBy:
    """Say who acted and by what right."""
    right = RightRef(kind=actor.right.kind, source=actor.right.source, valid_until=actor.right.named_end)
    return SubmittedBy(person=PartyRef(code=actor.person.code, name=actor.person.name), right=right)


class _Answers:
    """Turns the questions of the path into answers of the contract."""

    def __init__(self, path: Path, reader: Reader, known: Mapping[str, Known], actor: Actor) -> None:
        self._path, self._reader, self._known, self._actor = path, reader, known, actor

    def of(self, parts: Sequence[AskedField | Group]) -> Iterator[Answer]:
        yield from self._of(parts, self._path.answers, ())

    def _of(
        self, parts: Sequence[AskedField | Group], answers: Mapping[str, Any], places: tuple[ItemPlace, ...]
    ) -> Iterator[Answer]:
        item = filled(places[-1].group, answers) if places else None
        for part in parts:
            if not self._path.shows(part, item, places[-1].index if places else 0):
                continue
            if isinstance(part, AskedField):
                answer = self._answer(part, answers, places)
                if answer is not None:
                    yield answer
            elif part.repeat is None:
                yield from self._of(part.parts, answers, places)
            elif rows := tuple(
                self._row(part, item, n, places) for n, item in enumerate(items(answers, part.id))
            ):
                yield Answer(id=part.id, label_et=self._reader.of(part.title or part.repeat.item), rows=rows)

    def _row(self, group: Group, item: Item, n: int, places: tuple[ItemPlace, ...]) -> tuple[Answer, ...]:
        place = ItemPlace(group, n, str(item.get("key", "")), item_name(group, item))
        answers = tuple(self._of(group.parts, item, (*places, place)))
        if n == 0 and group.repeat and group.repeat.person:
            party = self._actor.party
            who = (
                Answer(id="name", label_et="Nimi", value=party.name),
                Answer(id="code", label_et="Isikukood", value=party.code.removeprefix("EE")),
                Answer(id="relation", label_et="Seos taotlejaga", value="applicant", text_et="taotleja ise"),
            )
            return (*who, *answers)
        return answers

    def _answer(
        self, field: AskedField, answers: Mapping[str, Any], places: tuple[ItemPlace, ...]
    ) -> Answer | None:
        keys = "".join(f"{place.group.id}/{place.key}/" for place in places) + field.id
        asked = Asked(name_of(field.id, places), keys, field, answers.get(field.id, ""), places)
        reading = self._path.read(asked)
        known = self._known.get(keys)
        if reading is None and known is None:
            return None
        assert not isinstance(reading, Complaint), "only finished applications are sent"
        return Answer(
            id=field.id,
            label_et=self._reader.label(asked),
            value=None if reading is None else plain(reading),
            text_et=self._reader.value(asked, reading) or None,
            register_value=known and self._register(field, known),
        )

    def _register(self, field: AskedField, known: Known) -> RegisterValue:
        reading = read(field, known.value, self._path.today)
        value = known.value if reading is None or isinstance(reading, Complaint) else plain(reading)
        return RegisterValue(value=value, source=known.source, as_of=known.as_of)


def plain(value: Value) -> bool | int | str | tuple[str, ...]:
    """Return a value as the contract carries it: amounts as `260.00`, days as `2026-11-20`."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


def _contacts(path: Path) -> Contacts:
    """Return the applicant's own contacts, of those that are asked of this applicant."""
    asked = {each.path: str(each.raw).strip() for step in path.route() for each in path.asked(step)}
    return Contacts(
        email=asked.get("email") or None,
        phone=asked.get("phone") or None,
        address=asked.get("actual_address") or asked.get("residence") or None,
    )


def _file(each: Found) -> FileRef:
    return FileRef(
        file_id=each.file_id,
        slot=each.slot,
        name=each.name,
        media_type=each.media_type,
        size=each.size,
        sha256=each.sha256,
    )


def _as_written(text: str, **values: object) -> str:
    return text % values if values else text
