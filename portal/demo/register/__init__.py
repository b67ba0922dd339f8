"""A population register of our own behind a pretend security server, for the demo and the tests; it is not the state's.

Written after what is publicly seen of the real service. Codes that were never seen are invented here and begin
with `X`, so that nobody takes them for the real ones.
"""

from portal.demo.register.app import create_register
from portal.demo.register.faults import Faults
from portal.demo.register.state import INVENTED_CODES, Link, Register, family

__all__ = ["INVENTED_CODES", "Faults", "Link", "Register", "create_register", "family"]
