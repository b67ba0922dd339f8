"""A control of our own: the drop-down list of municipalities, written once; only the chosen one differs."""

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from wtforms import SelectField

from portal.authorities import municipalities


class MunicipalityControl(SelectField):
    """The drop-down list of municipalities; `choices` holds the words for no choice."""

    def __call__(self, **kwargs: Any) -> Markup:
        """Write the list with its options; every attribute is escaped."""
        choices: Any = self.iter_choices()
        given = {"id": self.id, "name": self.name, **(self.render_kw or {}), **kwargs}
        attributes = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in given.items())
        required = " required" if self.flags.required else ""
        options = f'<option value="">{escape(choices[0].label)}</option>{_places()}'
        mark = f'value="{escape(self.data or "")}"'
        chosen = options.replace(mark, f"{mark} selected", 1)
        return Markup(f"<select{attributes}{required}>{chosen}</select>")  # noqa: S704


@lru_cache(maxsize=1)
def _places() -> str:
    return "".join(
        f'<option value="{escape(place.code)}">{escape(place.place)}</option>' for place in municipalities()
    )
