"""What WordPress makes of an address on a line of its own: it asks for the oEmbed, and lets little of it through.

After the documented behaviour of WordPress: discovery is on for everybody, HTML of a provider that it does not
know is cut down to a link in a quotation and one frame, and the frame is put into a sandbox.
"""

import json
import re
import secrets
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

_TIMEOUT: Final = 3.0
_ALLOWED: Final = {
    "a": {"href"},
    "blockquote": set[str](),
    "iframe": {
        "src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title",
    },
}  # fmt: skip
_SHOWN: Final = re.compile(r"(<blockquote>.*?</blockquote>)?.*?(<iframe [^>]*></iframe>)", re.S)
# The quotation is seen until the frame has spoken.
_HIDDEN: Final = '<iframe class="wp-embedded-content" style="position: absolute; visibility: hidden;" '
_SANDBOX: Final = '<iframe sandbox="allow-scripts" security="restricted" '


def embedded(url: str) -> str:
    """Give the HTML that stands for an address; a link to it when nothing better is found."""
    return _filtered(brought(url)) or f'<a href="{escape(url)}">{escape(url)}</a>'


def brought(url: str) -> str:
    """Give the HTML that the oEmbed of an address brings, as it comes; nothing when there is none."""
    try:
        address = _discovered(_get(url).decode())
        told: dict[str, Any] = json.loads(_get(address)) if address else {}
    except (OSError, HTTPException, ValueError):
        return ""
    return str(told.get("html", "")) if told.get("type") == "rich" else ""


def _get(url: str) -> bytes:
    to = urlsplit(url)
    connection = HTTPConnection(to.netloc, timeout=_TIMEOUT)
    try:
        connection.request("GET", f"{to.path}?{to.query}" if to.query else to.path)
        answer = connection.getresponse()
        if answer.status != 200:
            raise HTTPException(str(answer.status))
        return answer.read()
    finally:
        connection.close()


@dataclass
class _Discovery(HTMLParser):
    found: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "link" and said.get("type") == "application/json+oembed" and not self.found:
            self.found = said.get("href") or ""


def _discovered(page: str) -> str:
    discovery = _Discovery()
    discovery.feed(page)
    return discovery.found


@dataclass
class _Filter(HTMLParser):
    kept: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ALLOWED:
            told = (f' {name}="{escape(value or "")}"' for name, value in attrs if name in _ALLOWED[tag])
            self.kept.append(f"<{tag}{''.join(told)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _ALLOWED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.kept.append(escape(data))


def cut_down(html: str) -> str:
    """Leave of some HTML what may stay."""
    kept = _Filter()
    kept.feed(html)
    return "".join(kept.kept)


def _filtered(html: str) -> str:
    found = _SHOWN.search(cut_down(html))
    if found is None:
        return ""
    quotation, frame = found[1] or "", found[2]
    secret = secrets.token_urlsafe(30).replace("-", "").replace("_", "")[:10]
    if quotation:
        frame = frame.replace("<iframe ", _HIDDEN)
        quotation = quotation.replace(
            "<blockquote>", f'<blockquote class="wp-embedded-content" data-secret="{secret}">'
        )
    frame = frame.replace("<iframe ", _SANDBOX)
    frame = re.sub(r' src="([^"]*)"', rf' src="\1#?secret={secret}" data-secret="{secret}"', frame)
    return quotation + frame
