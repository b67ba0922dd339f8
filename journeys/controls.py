"""The list of all municipalities: written once, only the chosen one differs."""

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from wtforms import SelectField

from portal.authorities import municipalities


class MunicipalityControl(SelectField):
    """The drop-down list of municipalities in a form of its own; `choices` holds the words for no choice."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the list with its options; every attribute is escaped."""
        choices: Any = self.iter_choices()
        given = {"id": self.id, "name": self.name, **kwargs}
        attributes = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in given.items())
        required = " required" if self.flags.required else ""
        return Markup(f"<select{attributes}{required}>{place_options(self.data, choices[0].label)}</select>")  # noqa: S704


def place_options(chosen: object, choose: str) -> Markup:
    """Write the options of a list of municipalities; `choose` stands where none is chosen."""
    written = f'<option value="">{escape(choose)}</option>{_places()}'
    mark = f'value="{escape(chosen if isinstance(chosen, str) else "")}"'
    return Markup(written.replace(mark, f"{mark} selected", 1))  # noqa: S704 escaped above


@lru_cache(maxsize=1)
def _places() -> str:
    return "".join(
        f'<option value="{escape(place.code)}">{escape(place.place)}</option>' for place in municipalities()
    )
