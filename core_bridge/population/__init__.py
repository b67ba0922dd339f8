"""The population register over X-tee: who is alive, and who may represent whom by custody or guardianship."""

from core_bridge.population.client import PopulationRegister
from core_bridge.population.codes import BadCodes, Codes, Meaning
from core_bridge.population.errors import RegisterBroken, RegisterError, RegisterRejected, RegisterUnavailable
from core_bridge.population.record import Custody, Record
from core_bridge.population.request import RegisterWay, Wanted

__all__ = [
    "BadCodes",
    "Codes",
    "Custody",
    "Meaning",
    "PopulationRegister",
    "Record",
    "RegisterBroken",
    "RegisterError",
    "RegisterRejected",
    "RegisterUnavailable",
    "RegisterWay",
    "Wanted",
]
