"""The published documents; a change of the contract shows as a change of a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core_bridge.openapi import core_side, portal_side
from tests.core_bridge.running import Running

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("document", [core_side, portal_side])
def test_the_contract_is_the_one_that_was_published(document: Callable[[], dict[str, Any]]) -> None:
    made = json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    kept = SNAPSHOTS / f"{document.__name__}.json"
    if not kept.exists():  # to renew on purpose: delete the file and run the test
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(made)
        pytest.fail(f"{kept.name} was written anew: look it through and commit it")
    assert made == kept.read_text()


@pytest.mark.parametrize("document", [core_side, portal_side])
def test_every_reference_leads_somewhere(document: Callable[[], dict[str, Any]]) -> None:
    told = document()
    known = {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    assert set(_references(told)) <= known


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in _references(value)]
    if isinstance(part, list):
        return [found for value in part for found in _references(value)]
    return []


@pytest.mark.anyio
async def test_the_core_serves_its_document(star: Running) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        served = await client.get(f"{star.url}/openapi.json")
    assert served.json() == json.loads(json.dumps(core_side()))
