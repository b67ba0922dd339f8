"""A core as its own process: `python -m core_bridge.reference_core --name STAR --port 8002 …`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import TypeAdapter, ValidationError

from core_bridge.clock import SystemClock
from core_bridge.signing import public
from core_bridge.wire import Fact

from . import CoreSettings, create_core

_REGISTER: TypeAdapter[dict[str, tuple[Fact, ...]]] = TypeAdapter(dict[str, tuple[Fact, ...]])


def main() -> None:
    """Run until stopped; a 201 that was answered survives a kill at any moment."""
    options = _options()
    options.data.mkdir(parents=True, exist_ok=True)
    try:
        settings = _settings(options)
    except (OSError, ValueError, KeyError) as error:
        sys.exit(_wrong(f"A key or the register cannot be read: {error}"))
    app = create_core(settings, SystemClock())
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", access_log=False, ws="none")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m core_bridge.reference_core", description=__doc__)
    parser.add_argument("--name", required=True, help="STAR or SKAIS")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--data", required=True, type=Path, help="the folder of its database")
    parser.add_argument("--portal-name", default="uks", help="the issuer of the portal's tokens")
    parser.add_argument("--portal-key", required=True, type=Path, help="the portal's public key, a JWK")
    parser.add_argument("--portal-url", help="where events are pushed; without it only the feed tells them")
    parser.add_argument("--key", required=True, type=Path, help="the core's own private key, a JWK")
    parser.add_argument("--register", type=Path, help="what the registers know, by personal code (JSON)")
    return parser.parse_args()


def _settings(options: argparse.Namespace) -> CoreSettings:
    portal: dict[str, Any] = json.loads(options.portal_key.read_text())
    try:
        register = _REGISTER.validate_json(options.register.read_bytes()) if options.register else {}
    except ValidationError as error:
        raise ValueError(f"{error.error_count()} facts are wrong") from None
    return CoreSettings(
        name=options.name,
        database=options.data / f"{options.name.lower()}.sqlite",
        key=json.loads(options.key.read_text()),
        portal_keys={options.portal_name: public(portal)},
        portal_name=options.portal_name,
        portal_url=options.portal_url,
        register=register,
    )


def _wrong(words: str) -> int:
    print(words, file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
