"""What Pääsuke's roles allow here, by the table of the settings; pure. A role that is not in it allows nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.identity import Ability, Right, RightKind


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one role allows: `services` are journeys' ids, empty for all of them."""

    abilities: frozenset[Ability]
    services: frozenset[str] = frozenset()
    kind: RightKind = RightKind.MANDATE


Roles = Mapping[str, Allowed]


def right_by(roles: Roles, held: Iterable[str], source: str, until: datetime) -> Right | None:
    """Give the right that roles amount to, or None.

    A scope says "these abilities in these services", so only roles for the same services are added up: else
    somebody who may see A and send B would come to send A. Of several sums the one with most abilities counts,
    and of equal ones the one for all services.
    """
    sums: dict[tuple[RightKind, frozenset[str]], frozenset[Ability]] = {}
    for role in sorted(held):
        if role in roles:
            allowed = roles[role]
            key = (allowed.kind, allowed.services)
            sums[key] = sums.get(key, frozenset()) | allowed.abilities
    if not sums:
        return None
    (kind, services), abilities = max(sums.items(), key=_width)
    return Right(kind, source, abilities | {f"service:{one}" for one in services}, until)


def _width(entry: tuple[tuple[RightKind, frozenset[str]], frozenset[Ability]]) -> tuple[int, bool, int, str]:
    (kind, services), abilities = entry
    return len(abilities), not services, len(services), kind
