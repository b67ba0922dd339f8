"""The languages and their catalogues; Estonian is what the templates and the code are written in."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["et", "en", "ru"]
LANGUAGES: Final[tuple[Language, ...]] = ("et", "en", "ru")
LOCALE: Final = Path(__file__).parent / "locale"


@cache
def translations(language: Language) -> NullTranslations:
    """Load a catalogue from its readable source, so that no compiled file can be out of date."""
    if language == "et":
        return NullTranslations()
    with (LOCALE / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
