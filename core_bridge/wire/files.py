"""Files on the way to a core, and documents on the way from it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from .values import CoreId, Line, MediaType, Name, Sha256, Wire

FILE_LIMIT = 20 * 1024 * 1024  # the Estonian X-tee package refuses longer bodies (reference/xtee.md 1.5)

Size = Annotated[int, Field(ge=0, le=FILE_LIMIT)]


class FileRef(Wire):
    """A file that the citizen added; its bytes go before, by `PUT /v1/files/{fileId}`."""

    file_id: UUID
    slot: Name
    name: Line
    media_type: MediaType
    size: Size
    sha256: Sha256


class DocumentRef(Wire):
    """A document of the core; its bytes come by `GET /v1/documents/{documentId}`."""

    document_id: CoreId
    name: Line
    media_type: MediaType
    size: Size
    sha256: Sha256


class FileKept(Wire):
    """The core's answer to a file."""

    file_id: UUID


Files = Annotated[tuple[FileRef, ...], Field(max_length=100)]
Documents = Annotated[tuple[DocumentRef, ...], Field(max_length=100)]
