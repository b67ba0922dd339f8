"""The scripts and the style sheet: read once, under addresses that change with their content."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from embeds.answering import Ready

ASSETS: Final = Path(__file__).parent / "assets"
# A released version never changes: pages elsewhere name it with its hash.
VERSION: Final = "1"
ELEMENT: Final = f"uks-entry.{VERSION}.js"
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


@cache
def files() -> Mapping[str, Ready]:
    """Read all of them, by the last part of their address."""
    return {
        _name(path): Ready.of(path.read_bytes(), _TYPES[path.suffix], _FOR_GOOD)
        for path in sorted(ASSETS.iterdir())
    }


@cache
def address(name: str) -> str:
    """Give the path of a file."""
    return f"/embed/v1/{_name(ASSETS / name)}"


@cache
def integrity() -> str:
    """Give the hash of the element's script for Subresource Integrity."""
    digest = hashlib.sha384((ASSETS / ELEMENT).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


def _name(path: Path) -> str:
    if path.name.startswith("uks-entry."):
        return path.name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"uks-{path.stem}.{digest}{path.suffix}"
