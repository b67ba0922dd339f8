"""Turning the simulator's templates into answers."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from portal.demo.govsso.words import LANGUAGE_NAMES, WORDS

TEMPLATES: Final = Path(__file__).parents[3] / "templates" / "demo" / "govsso"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGES: Final = Environment(
    autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(TEMPLATES), trim_blocks=True
)


def page(template: str, lang: str, status: int = 200, **context: Any) -> Response:
    """Render a page of the simulator."""
    words = WORDS[lang]
    text = _PAGES.get_template(template).render(w=words, lang=lang, languages=LANGUAGE_NAMES, **context)
    return HTMLResponse(text, status, _HEADERS)
