"""Which acts a state allows."""

from core_bridge.reference_core.casework import Proceeding
from core_bridge.reference_core.words import CLOSED, DECIDED, State

_UNDECIDED = frozenset({"ask", "third", "extend", "hearing", "decide", "unexamined", "cancel"})


def possible(proceeding: Proceeding | None, decided: bool, challenged: bool) -> frozenset[str]:
    """Name the acts that may be done now."""
    if proceeding is None:
        return frozenset({"register", "message"})
    state = State(proceeding.state)
    acts = {"message"}
    if state not in DECIDED:
        acts |= _UNDECIDED
    if state not in DECIDED and state is not State.IN_PROGRESS:
        acts.add("continue")
    if state is State.DECIDED:
        acts |= {"in-force", "decide"}
    if decided and state not in CLOSED:
        acts.add("end")
    if challenged:
        acts.add("challenge")
    return frozenset(acts)
