"""What a file is, told by its content; its name and what the browser says of it are not believed."""

from typing import Final, Literal

import puremagic

MAX_BYTES: Final = 20 * 1024 * 1024
ACCEPTED: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})
_HEAD: Final = 8192

Reason = Literal["type", "empty", "size"]


class Unacceptable(Exception):
    """The file cannot be taken; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def recognise(content: bytes) -> str:
    """Tell the media type of a PDF, JPEG or PNG; raises `Unacceptable` for anything else."""
    if not content:
        raise Unacceptable("empty")
    if len(content) > MAX_BYTES:
        raise Unacceptable("size")
    try:
        guesses = puremagic.magic_string(content[:_HEAD])
    except puremagic.PureError as error:
        raise Unacceptable("type") from error
    # The likeliest guess alone counts: a file that is two things at once is neither.
    best: str = guesses[0].mime_type
    if best not in ACCEPTED:
        raise Unacceptable("type")
    return best
