"""The core's own words for states; they stay Estonian and are told beside the portal's, never instead."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """How it stands with a proceeding in the core."""

    REGISTERED = "registered"
    WAITING_CITIZEN = "waiting_citizen"
    IN_PROGRESS = "in_progress"
    WAITING_THIRD = "waiting_third"
    HEARING = "hearing"
    EXTENDED = "extended"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    UNEXAMINED = "unexamined"


CLOSED = frozenset({State.ENDED, State.WITHDRAWN, State.UNEXAMINED})
DECIDED = frozenset({State.DECIDED, State.IN_FORCE, State.SUSPENDED}) | CLOSED

_STAR: Mapping[State, str] = {
    State.REGISTERED: "registreeritud",
    State.WAITING_CITIZEN: "ootab puuduste kõrvaldamist",
    State.IN_PROGRESS: "menetluses",
    State.WAITING_THIRD: "ootab andmeid teiselt asutuselt",
    State.HEARING: "ärakuulamisel",
    State.EXTENDED: "tähtaega pikendatud",
    State.DECIDED: "otsustatud",
    State.IN_FORCE: "kehtib",
    State.SUSPENDED: "peatatud",
    State.ENDED: "lõpetatud",
    State.WITHDRAWN: "taotlus tagasi võetud",
    State.UNEXAMINED: "läbi vaatamata jäetud",
}
_SKAIS: Mapping[State, str] = {
    **_STAR,
    State.REGISTERED: "vastu võetud",
    State.WAITING_CITIZEN: "puudustega",
    State.IN_PROGRESS: "töös",
    State.WAITING_THIRD: "ootel",
    State.IN_FORCE: "maksmisel",
}


def words_of(core: str) -> Mapping[State, str]:
    """Return how this core calls each state."""
    return _SKAIS if core == "SKAIS" else _STAR
