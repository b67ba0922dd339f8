"""What can be made to go wrong, by a test or by hand."""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Faults:
    """The faults now in force; all off at first."""

    down: bool = False
    slow_seconds: float = 0.0
    contradictory: bool = False
    garbage: bool = False
    refusing: bool = False

    def clear(self) -> None:
        """Make everything work again."""
        for each in fields(self):
            setattr(self, each.name, each.default)
