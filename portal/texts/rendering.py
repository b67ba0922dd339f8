"""The Jinja environments: one a language, strict about what a template is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.texts.folding import Folding
from portal.texts.languages import LANGUAGES, Language, translations
from portal.texts.words import filters

TEMPLATES: Final = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True, slots=True)
class Texts:
    """Renders templates and says sentences in each language."""

    environments: Mapping[Language, Environment]

    @classmethod
    def load(cls, **shared: Any) -> "Texts":
        """Compile the environments; `shared` is visible in every template."""
        return cls({language: _environment(language, shared) for language in LANGUAGES})

    def render(self, template: str, language: Language, context: Mapping[str, Any]) -> str:
        """Render a template; raises for anything it was not given."""
        return self.environments[language].get_template(template).render(context)

    def say(self, language: Language, text: str, **values: object) -> str:
        """Translate a sentence and fill its named places in."""
        said = translations(language).gettext(text)
        return said % values if values else said


def _environment(language: Language, shared: Mapping[str, Any]) -> Environment:
    environment = Folding(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    catalogue = translations(language)
    environment.say = catalogue.gettext
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(filters(language))
    environment.globals.update(shared, lang=language)
    return environment
