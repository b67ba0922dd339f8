"""What Pääsuke's roles allow in an installation, from the TOML file that `UKS_PAASUKE_ROLES` names."""

import tomllib
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.auth.representation.roles import Allowed, Roles
from portal.identity import Ability, RightKind


class _Role(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    abilities: frozenset[Ability] = Field(min_length=1)
    services: frozenset[str] = frozenset()
    kind: RightKind = RightKind.MANDATE


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: dict[str, _Role] = Field(min_length=1)


class BadRoles(ValueError):
    """The file of Pääsuke's roles cannot be used; the text says why."""


def load_roles(path: Path, services: Collection[str]) -> Roles:
    """Read the file; `services` are those that exist. Raises `BadRoles`."""
    try:
        read = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        return {code: _allowed(code, role, services) for code, role in read.roles.items()}
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRoles(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise BadRoles(f"{path}: {error}") from error


def _allowed(code: str, role: _Role, services: Collection[str]) -> Allowed:
    if role.kind is RightKind.SELF:
        raise ValueError(f"{code}: nobody represents themselves")
    # A misspelt service would silently allow nothing.
    if strange := sorted(role.services - set(services)):
        raise ValueError(f"{code}: there is no service {strange[0]}")
    return Allowed(role.abilities, role.services, role.kind)
