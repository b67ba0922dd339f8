"""A step's controls by name only: for pages that show answers and ask nothing."""

from types import SimpleNamespace
from typing import Any


class Outline:
    """Stands where a form stands; every control has its id and takes its words."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix

    def __getitem__(self, name: str) -> Any:
        return OutlineControl(self._prefix + name)


class OutlineControl:
    """One control, or one list of items, whichever is asked of it."""

    def __init__(self, control_id: str) -> None:
        self.id = control_id
        self.label = SimpleNamespace(text="")
        self.description = ""
        self.errors: list[str] = []
        self.flags = SimpleNamespace(required=False, quiet=False)
        self.choices: list[Any] = []

    @property
    def entries(self) -> "OutlineEntries":
        """The items of a list."""
        return OutlineEntries(self.id)


class OutlineEntries:
    """The items of a list, as many as are asked for."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def __getitem__(self, number: int) -> Any:
        return SimpleNamespace(form=Outline(f"{self._prefix}-{number}-"))
