"""What `serve` loads: nothing heavy that only the worker or the demo needs."""

import os
import subprocess
import sys
from pathlib import Path

from portal.crypto import new_key

_HEAVY = {
    "aiosmtpd",
    "alembic",
    "fontTools",
    "hypothesis",
    "lxml",
    "pikepdf",
    "playwright",
    "pyhanko",
    "pytest",
    "reportlab",
    "typst",
}
# Ours, that the serving of pages has no use for.
_ELSEWHERE = {
    "portal.demo",
    "portal.migrations",
    "portal.worker",
    "core_bridge.reference_core",
    "core_bridge.conformance",
}
_SERVE = """
import sys
from portal.app import create_app
from portal.parts import build
from portal.settings import Settings
create_app(build(Settings()))
print("\\n".join(sys.modules))
"""


def test_serving_pages_imports_nothing_heavy(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path)

    assert "portal.app" in loaded
    assert not {name.partition(".")[0] for name in loaded} & _HEAVY
    assert not {name for name in loaded if any(f"{name}.".startswith(f"{one}.") for one in _ELSEWHERE)}


def _loaded(folder: Path) -> set[str]:
    environment = {
        "PATH": os.defpath,
        "UKS_ENV": "test",
        "UKS_KEYS": f"index:{new_key()},k1:{new_key()}",
        "UKS_DATABASE_URL": f"sqlite:///{folder / 'uks.db'}",
        "UKS_FILES_URL": f"file://{folder / 'files'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", _SERVE], env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())
