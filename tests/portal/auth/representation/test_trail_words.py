"""Whatever is written into the trail for another has words for the person whom it was done for."""

import re
from pathlib import Path

from portal.auth.representation.trail_pages import WORDS

ROOT = Path(__file__).parents[4]
_CALLS = re.compile(
    r"(?:audit\.record\(\s*tx,\s*[\w.]+,|_record\(\s*tx, act,|seen_for_another\(visit, self\.db,|seen_for_another\(visit, db,"
    r"|note_reading\([\w.]+, visit,)\s*\"([a-z.-]+)\""
)
# These concern the one who does them, not the one for whom somebody acts.
OWN = re.compile(
    r"sign-|session|contact|govsso|notices-|passkey|rights-ended|official-right|draft-expired|mandate-"
)


def test_every_act_for_another_is_said_in_words() -> None:
    found = {
        act
        for package in ("portal", "inbox", "journeys")
        for path in (ROOT / package).rglob("*.py")
        for act in _CALLS.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 15
    assert {act for act in found if not OWN.search(act)} <= set(WORDS)
