"""What `uks check` finds: journeys that cannot be read, and sentences without a translation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from journeys.loading import BrokenJourney, load_catalogue
from portal.texts import LANGUAGES, Texts
from portal.texts.languages import LOCALE
from portal.texts.rendering import TEMPLATES

_FIRST: Final = 5


def findings() -> list[str]:
    """List what is wrong, a line each."""
    found: list[str] = []
    try:
        load_catalogue()
    except BrokenJourney as error:
        found.extend(str(error).splitlines())
    for language in LANGUAGES[1:]:
        found.extend(_untranslated(language))
    found.extend(_broken_templates())
    return found


def _untranslated(language: str) -> list[str]:
    with (LOCALE / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    empty = [entry for entry in catalogue if entry.id and not all(_strings(entry.string))]
    return [f"{language}: not translated: {entry.id}" for entry in empty[:_FIRST]]


def _strings(string: Sequence[str] | None) -> Sequence[str]:
    return (string or "",) if isinstance(string, str | None) else string


def _broken_templates() -> list[str]:
    environment = Texts.load().environments["et"]
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if Path(name).parts[0] != "demo":
            try:
                environment.get_template(name)
            except Exception as error:
                found.append(f"templates/{name}: {error}")
    return found
