"""Faults in the person's words, and the one place where they become pages."""

import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.ui.frame import Frame

_log = structlog.get_logger()


class NotFound(Exception):
    """There is no such thing, or it is somebody else's: the two look the same."""


class OtherParty(Exception):
    """A form was filled in for another party than the one acted for now; nothing has been changed."""


class Problem(Exception):
    """Something the person must be told; `title` and `text` are Estonian msgids, `values` fill their places."""

    def __init__(self, title: str, text: str, *, status: int = 409, **values: object) -> None:
        super().__init__(title)
        self.title, self.text, self.status, self.values = title, text, status, values


def _(text: str) -> str:
    return text


_WORDS: Mapping[int, tuple[str, str]] = {
    400: (_("Päringust ei saanud aru"), _("Minge tagasi ja proovige uuesti.")),
    403: (
        _("Vorm ei kehti enam"),
        _("Minge brauseris tagasi, laadige leht uuesti ja saatke vorm siis. Midagi ei saadetud."),
    ),
    404: (_("Sellist lehte ei ole"), _("Kontrollige aadressi või alustage avalehelt.")),
    405: (_("Seda lehte ei saa nii avada"), _("Minge tagasi ja vajutage lehel olevat nuppu.")),
    413: (
        _("Saadetu on liiga suur"),
        _("Üks fail võib olla kuni 20 MB. Lisage leht korraga või pildistage dokument."),
    ),
    429: (_("Liiga palju katseid"), _("Oodake mõni minut ja proovige siis uuesti.")),
    500: (
        _("Meie viga"),
        _("Midagi läks meil valesti. Salvestatud andmed on alles. Proovige mõne minuti pärast uuesti."),
    ),
}


def exception_handlers() -> dict[Any, Callable[[Request, Exception], Response]]:
    """Give the handlers for the application."""
    return {NotFound: _not_found, Problem: _problem, HTTPException: _http}


def _not_found(request: Request, _error: Exception) -> Response:
    return _page(request, *_WORDS[404], status=404)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _page(request, error.title, error.text, status=error.status, **error.values)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code < HTTPStatus.BAD_REQUEST:
        return Response(status_code=error.status_code, headers=error.headers)
    return _page(request, *_WORDS.get(error.status_code, _WORDS[400]), status=error.status_code)


def too_large(request: Request) -> Response:
    """Answer a body that is bigger than anything that is taken."""
    return _page(request, *_WORDS[413], status=413)


def unexpected(request: Request, error: Exception) -> Response:
    """Write a fault of ours down and say so."""
    incident = secrets.token_hex(4)
    # The path may hold ids but never personal codes (design §4); the exception's text might, so only its type is logged.
    _log.error(
        "ui.unexpected", incident=incident, path=request.url.path, error=type(error).__name__, exc_info=error
    )
    return _page(request, *_WORDS[500], status=500, incident=incident)


def _page(request: Request, title: str, text: str, *, status: int, **values: object) -> Response:
    frame: Frame = request.scope["uks.frame"]
    return frame.problem_page(request, title, text, status=status, values=values)
