"""The caseworker's screens: plain pages in Estonian, as another system has them."""

import hashlib
from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from core_bridge.clock import Clock
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.faults import Faults
from core_bridge.reference_core.settings import CoreSettings

from .acts import ActScreens
from .entry import EntryScreens
from .fault_page import FaultScreens
from .letters import LetterScreens
from .lists import ListScreens
from .matter import MatterScreens
from .rights import RightScreens
from .visit import HERE, Door


def screens(settings: CoreSettings, db: CoreDatabase, clock: Clock, faults: Faults) -> Sequence[BaseRoute]:
    """List the screens' routes, with a session cookie of this core's own name."""
    door = Door(settings, clock)
    session = Middleware(
        SessionMiddleware,
        secret_key=hashlib.sha256(f"screens {settings.key['d']}".encode()).hexdigest(),
        session_cookie=f"uks_core_{settings.name.lower()}",
        max_age=8 * 3600,
        same_site="lax",
    )
    pages = [
        *EntryScreens(door).routes(),
        *ListScreens(door, db).routes(),
        *MatterScreens(door, db).routes(),
        *ActScreens(door, db).routes(),
        *LetterScreens(door, db).routes(),
        *RightScreens(door, db).routes(),
        *FaultScreens(door, faults).routes(),
    ]
    static = Mount("/static", StaticFiles(directory=HERE / "static"))
    return [static, Mount("", routes=pages, middleware=[session])]
