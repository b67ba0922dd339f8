"""A GovSSO of our own for the demo and the tests: it behaves like the state's service, and is not it.

Written after RIA's technical specification 2.6; where the real service is known to differ, like the service.
"""

from portal.demo.govsso.app import create_govsso
from portal.demo.govsso.control import Govsso
from portal.demo.govsso.faults import Faults
from portal.demo.govsso.paasuke import Mandate
from portal.demo.govsso.settings import GovssoSettings, RegisteredClient

__all__ = ["Faults", "Govsso", "GovssoSettings", "Mandate", "RegisteredClient", "create_govsso"]
