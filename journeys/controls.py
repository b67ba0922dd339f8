"""Form controls that write their HTML at once.

WTForms builds every tag by a chain of generic steps; a page of a form has dozens of controls, and they cost
more than everything else on it. Every value that a person typed is escaped here.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from wtforms import SelectField, StringField, TextAreaField

from portal.authorities import municipalities


class TextControl(StringField):
    """A line of text."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the input."""
        given = {"type": "text", "value": self.data or "", **(self.render_kw or {}), **kwargs}
        return Markup(f"<input{_attributes(self, given)}>")  # noqa: S704 every attribute is escaped


class LongTextControl(TextAreaField):
    """Several lines of text."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the text area; the line end after its tag is not part of the text."""
        given = _attributes(self, {**(self.render_kw or {}), **kwargs})
        typed = escape(self.data or "")
        return Markup(f"<textarea{given}>\n{typed}</textarea>")  # noqa: S704 escaped above


class SelectControl(SelectField):
    """A drop-down list."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the list with its options."""
        options: Any = self.iter_choices()
        written = "".join(_option(each.value, each.label, chosen=each.selected) for each in options)
        return _select(self, kwargs, written)


class MunicipalityControl(SelectField):
    """The list of all municipalities; written once, only the chosen one differs."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the list with its options."""
        choices: Any = self.iter_choices()
        written = _option("", choices[0].label) + _places()
        chosen = f'value="{escape(self.data or "")}"'
        return _select(self, kwargs, written.replace(chosen, f"{chosen} selected", 1))


@lru_cache(maxsize=1)
def _places() -> str:
    return "".join(_option(place.code, place.place) for place in municipalities())


def _option(value: str, label: str, *, chosen: bool = False) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'


def _select(control: Any, kwargs: Mapping[str, Any], options: str) -> Markup:
    given = _attributes(control, {**(control.render_kw or {}), **kwargs})
    return Markup(f"<select{given}>{options}</select>")  # noqa: S704 options are escaped one by one


def _attributes(control: Any, more: Mapping[str, Any]) -> str:
    """Write the attributes; `class_` is `class`, as in WTForms."""
    given = {"id": control.id, "name": control.name, **more}
    written = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in given.items())
    return f"{written} required" if control.flags.required and not control.flags.quiet else written
