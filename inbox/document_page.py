"""Downloading a document: as a file to keep, from an address that runs nothing."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from inbox import queries
from inbox.loading import load, one
from portal import audit
from portal.db import Database
from portal.files import Files
from portal.ui import NotFound, Problem, Visit

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


async def download(visit: Visit, db: Database, files: Files) -> Response:
    """Give a document of the person's own matter; one of a decision only once that has been opened."""
    matter, entries = await load(visit, db)
    document = one(entries, "document", visit.id("document_id"))
    decision = next((row for row in entries if row.id == document.of_id and row.kind == "decision"), None)
    if decision is not None and decision.opened_at is None:
        return visit.redirect(f"/inbox/{matter.id}/decisions/{decision.id}")
    if document.file_id is None:
        raise NotFound
    async with db.read() as session:
        if await queries.scan_of(session, visit.actor, document.file_id) == "infected":
            raise Problem("Seda faili ei saa avada", "Viirusekontroll leidis failist pahavara.", status=410)
        try:
            content = await files.read(session, document.file_id)
        except (KeyError, FileNotFoundError) as error:
            raise Problem(
                "Dokumenti ei saa praegu avada",
                "Proovige mõne minuti pärast uuesti. Kui see ei aita, kirjutage asutusele.",
                status=503,
            ) from error
    async with db.write() as tx:
        await audit.record(tx, visit.actor, "document-opened", about=document.id, at=visit.now)
    return Response(content, headers=_HEADERS | _as_file(document.content))


def _as_file(about: dict[str, Any]) -> dict[str, str]:
    name = about["name"]
    plain = "".join(each if each.isascii() and (each.isalnum() or each in " .-_") else "_" for each in name)
    return {
        "Content-Type": about["mediaType"],
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }
