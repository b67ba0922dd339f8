"""The way back to the page of another site from which somebody came."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WayBack:
    """A page of a site that is registered here; `host` names it to the reader."""

    address: str
    host: str


class FindWayBack(Protocol):
    """Tells whether an address may be led back to: what is no page of a registered site is None.

    With a municipality's EHAK code the site must be that municipality's.
    """

    def __call__(self, address: str | None, code: str | None = None) -> WayBack | None:
        """Find the way back."""
        ...


def no_way_back(address: str | None, code: str | None = None) -> WayBack | None:
    """Lead nowhere: the answer where no sites are registered."""
    return None
