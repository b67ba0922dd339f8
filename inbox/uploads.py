"""Files added to a letter or an answer: recognised before anything is written, kept with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import UploadFile

from core_bridge.wire import FileRef
from portal.db import Transaction
from portal.files import MAX_BYTES, Files, Unacceptable, recognise
from portal.identity import Actor

MOST_FILES: Final = 10
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, already recognised."""

    name: str
    content: bytes
    media_type: str


def _(text: str) -> str:
    return text


_REASONS: Final = {
    "empty": _("Fail „%(name)s“ on tühi. Valige teine fail."),
    "size": _("Fail „%(name)s“ on liiga suur. Üks fail võib olla kuni 20 MB."),
    "type": _("Faili „%(name)s“ ei saa lisada. Sobivad PDF, JPG ja PNG."),
}
_TOO_MANY: Final = _("Korraga saab lisada kuni 10 faili. Ülejäänud saatke järgmise kirjaga.")


async def received(values: Sequence[Any]) -> tuple[list[Upload], list[tuple[str, str]]]:
    """Recognise what came: the files, and for each that cannot be taken its reason and name."""
    sent = [each for each in values if isinstance(each, UploadFile)]
    # A browser sends one nameless part when no file was chosen.
    came = [each for each in sent if each.filename]
    taken: list[Upload] = []
    wrong: list[tuple[str, str]] = [(_TOO_MANY, "")] if len(came) > MOST_FILES else []
    for each in came if not wrong else ():
        try:
            taken.append(await _recognised(each))
        except Unacceptable as error:
            wrong.append((_REASONS[error.reason], file_name(each.filename or "")))
    for each in sent:
        await each.close()
    return taken, wrong


async def _recognised(upload: UploadFile) -> Upload:
    if (upload.size or 0) > MAX_BYTES:
        raise Unacceptable("size")
    content = await upload.read()
    return Upload(file_name(upload.filename or ""), content, recognise(content))


def file_name(told: str) -> str:
    """Give a file name that is only a name: no folders, nothing unprintable, not too long."""
    last = PurePath(told.replace("\\", "/")).name
    # Marks that turn the direction of writing would show "arve\u202efdp.exe" as a PDF.
    name = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        name = f"{stem[: LONGEST_NAME - 10]}{dot}{ending[:9]}" if dot else name[:LONGEST_NAME]
    return name or "fail"


async def keep(
    tx: Transaction, files: Files, actor: Actor, uploads: Sequence[Upload], at: datetime
) -> list[FileRef]:
    """Keep the files and name them as the core will know them."""
    kept = []
    for each in uploads:
        file_id: UUID = await files.keep(
            tx, party_id=actor.party.id, content=each.content, media_type=each.media_type, at=at
        )
        kept.append(
            FileRef(
                file_id=file_id,
                slot="attachment",
                name=each.name,
                media_type=each.media_type,
                size=len(each.content),
                sha256=sha256(each.content).hexdigest(),
            )
        )
    return kept
