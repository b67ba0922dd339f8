"""Checks of the change feed and the documents."""

from collections import defaultdict
from uuid import uuid4

from core_bridge.wire import ChangesPage, Unrecognised, changes_page

from .bench import Bench, demand, must

_AT_MOST = 20  # pages read; a core in use may have years of them


async def feed_is_in_order(bench: Bench) -> None:
    """Each stream is counted from 1 without a gap, each event said once, as its type demands."""
    counted: dict[str, int] = defaultdict(int)
    seen: set[str] = set()
    cursor: str | None = None
    for _ in range(_AT_MOST):
        page = await _page(bench, cursor, 500)
        for event in page.events:
            demand(not isinstance(event.data, Unrecognised), f"{event.type} is not as its type demands")
            demand(event.id not in seen, f"event {event.id} is said twice")
            demand(event.source == bench.audience, f"the source is {event.source}")
            counted[event.subject] += 1
            right = event.sequence == counted[event.subject]
            demand(right, f"{event.subject} jumps to {event.sequence}")
            seen.add(event.id)
        cursor = page.next
        if not page.more:
            return


async def pages_join_up(bench: Bench) -> None:
    """Pages of one make the same list as one page; the same cursor gives the same again."""
    whole = await _page(bench, None, 3)
    cursor: str | None = None
    for event in whole.events:
        page = await _page(bench, cursor, 1)
        demand([each.id for each in page.events] == [event.id], "pages of one differ from one page")
        demand(page == await _page(bench, cursor, 1), "the same cursor gave something else")
        cursor = page.next
    demand(whole.next == cursor or not whole.events, "the last cursors differ")


async def end_of_feed_is_said(bench: Bench) -> None:
    """At the end there are no events, no more, and the cursor stays good."""
    page = await _page(bench, None, 500)
    for _ in range(_AT_MOST):
        if not page.more:
            break
        page = await _page(bench, page.next, 500)
    if not page.more:
        rest = await _page(bench, page.next, 500)
        demand(not rest.more, "more is promised after the end")


async def bad_cursor_is_refused(bench: Bench) -> None:
    """A cursor that the core never gave is 400, not an empty page."""
    for query in ("after=nonsense", "after=-1", "after=999999999999", "limit=0", "limit=501", "limit=x"):
        must(await bench.call("GET", f"/v1/changes?{query}"), 400)


async def unknown_document_is_told(bench: Bench) -> None:
    """A document that is not there is 404."""
    must(await bench.call("GET", f"/v1/documents/{uuid4()}"), 404)


async def _page(bench: Bench, after: str | None, limit: int) -> ChangesPage:
    query = f"limit={limit}" if after is None else f"after={after}&limit={limit}"
    answer = await bench.call("GET", f"/v1/changes?{query}")
    must(answer, 200)
    return changes_page(answer.content)
