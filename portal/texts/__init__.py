"""Words: the three languages, their templates, and dates and money in words."""

from portal.texts.languages import LANGUAGES, Language
from portal.texts.rendering import Texts

__all__ = ["LANGUAGES", "Language", "Texts"]
