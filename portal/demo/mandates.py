"""What the simulated Pääsuke holds: an invented care home's board member, and a son whom his mother has named."""

from collections.abc import Sequence
from typing import Final

from portal.demo.govsso.paasuke import Mandate
from portal.demo.people import IGOR, PEETER, VALENTINA

CARE_HOME: Final = "EE99999994"
_BOARD_MEMBER: Final = "BR_REPRIGHT:JUHL_SOLEREP"
_HELPER: Final = "UKS:ESINDAJA"

MANDATES: Final[Sequence[Mandate]] = (
    Mandate(PEETER.code, CARE_HOME, (_BOARD_MEMBER,), name="Näidise Hooldekodu SA"),
    Mandate(
        IGOR.code,
        VALENTINA.code,
        (_HELPER,),
        given_name=VALENTINA.given_name,
        family_name=VALENTINA.family_name,
    ),
)

ROLES: Final = f"""\
# Mida Pääsukese rollid siin lubavad; muu roll ei luba midagi.
[roles."{_BOARD_MEMBER}"]
abilities = ["see", "fill", "send", "notices"]

[roles."{_HELPER}"]
abilities = ["see", "fill", "send", "notices"]
"""
