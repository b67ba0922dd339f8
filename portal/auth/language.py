"""The language of pages whose address names none."""

from dataclasses import replace
from urllib.parse import urlsplit

from portal.auth.paths import language_of
from portal.texts import LANGUAGES, Language
from portal.ui import Visit


def speaking(visit: Visit, language: str | None) -> Visit:
    """Give the visit in a language that is known from elsewhere; the browser's wish stands when it is not."""
    known = _known(language)
    if known is None:
        return visit
    # The frame reads the address; from here on it counts as an address in this language.
    visit.request.scope["path_params"] = visit.request.path_params | {"lang": known}
    return replace(visit, lang=known)


def language_before(visit: Visit) -> str | None:
    """Tell the language of the page the person pressed a button on."""
    try:
        return language_of(urlsplit(visit.request.headers.get("referer", "")).path)
    except ValueError:
        return None


def _known(language: str | None) -> Language | None:
    return next((one for one in LANGUAGES if one == language), None)
