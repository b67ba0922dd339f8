"""A control of our own: the drop-down list of municipalities."""

from typing import Any

from markupsafe import Markup, escape
from wtforms import SelectField

from journeys.looks import place_options


class MunicipalityControl(SelectField):
    """The drop-down list of municipalities in a form of its own; `choices` holds the words for no choice."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the list with its options; every attribute is escaped."""
        choices: Any = self.iter_choices()
        given = {"id": self.id, "name": self.name, **kwargs}
        attributes = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in given.items())
        required = " required" if self.flags.required else ""
        return Markup(f"<select{attributes}{required}>{place_options(self.data, choices[0].label)}</select>")  # noqa: S704
