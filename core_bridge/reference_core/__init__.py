"""A small real core for the demo and the tests: STAR and SKAIS are two instances of it."""

from .app import create_core
from .faults import Fault, Faults
from .settings import Caseworker, CoreSettings

__all__ = ["Caseworker", "CoreSettings", "Fault", "Faults", "create_core"]
