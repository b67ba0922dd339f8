"""Where a sign-in may lead back to: a page of our own and nowhere else."""

import re
from typing import Final
from urllib.parse import urlencode

_LOCAL: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,1999}")
_LANGUAGE: Final = re.compile(r"/(et|en|ru)(?:[/?#]|$)")


def local_path(path: str | None, otherwise: str) -> str:
    """Give `path` when it is a page of ours that may be led back to, else `otherwise`."""
    good = path is not None and _LOCAL.fullmatch(path) and not path.startswith("/auth/")
    return path if path and good else otherwise


def language_of(path: str) -> str | None:
    """Tell the language a path begins with."""
    found = _LANGUAGE.match(path)
    return found and found[1]


def login_path(return_to: str, lang: str) -> str:
    """Give the address that a sign-in starts at."""
    return f"/auth/login?{urlencode({'return_to': return_to, 'lang': lang})}"
