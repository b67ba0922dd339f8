"""Looking into a PDF for what could act where an official opens it; imported by the worker alone."""

from io import BytesIO
from typing import Final, Literal

import pikepdf

Trouble = Literal["active", "password", "broken"]

_FORBIDDEN_KEYS: Final = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF"})
_FORBIDDEN_ACTIONS: Final = frozenset({"/JavaScript", "/Launch"})
_DEEPEST: Final = 50


def trouble_in(content: bytes) -> Trouble | None:
    """Tell why a PDF cannot be handed on: scripts, programs or files inside, a password, or damage."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return "active" if any(_acts(part) for part in pdf.objects) else None
    except pikepdf.PasswordError:
        return "password"
    except pikepdf.PdfError:
        return "broken"


def _acts(part: object, depth: int = 0) -> bool:
    """Look at one object and the direct ones within; indirect ones have their own turn."""
    if depth > _DEEPEST:
        return True
    if isinstance(part, pikepdf.Array):
        inner = list(part)
    elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        keys = set(part.keys())
        if keys & _FORBIDDEN_KEYS or ("/S" in keys and str(part["/S"]) in _FORBIDDEN_ACTIONS):
            return True
        inner = [part[key] for key in keys]
    else:
        return False
    return any(_acts(one, depth + 1) for one in inner if not getattr(one, "is_indirect", False))
