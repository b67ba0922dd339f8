"""A citizen as the load knows them: what their browser would hold."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Citizen:
    """Whose session it is, and the draft that is open."""

    party: str
    cookie: str
    csrf: str
    draft: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)
