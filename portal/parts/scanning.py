"""Scanning in the worker: what it imports (pikepdf) the web process never does."""

from portal.clock import Clock
from portal.db import Database
from portal.files import Files
from portal.settings import Settings


async def scanning(settings: Settings, db: Database, files: Files, clock: Clock) -> bool:
    """Scan one waiting file; without a scanner there is none that waits."""
    if not settings.clamd_url:
        return False
    from portal.files.clamd import Clamd
    from portal.files.scan import scan_next

    return await scan_next(db, files, Clamd.at(settings.clamd_url), clock)
