"""Reading a page as a browser would: what its forms would send; every page is inspected on the way."""

from html.parser import HTMLParser
from typing import Any

VOID = {"input", "br", "meta", "link", "img", "hr"}


class Page(HTMLParser):
    """One page: forms by their action, the text, the ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, Any]] = {}
        self.ids: list[str] = []
        self.headings = 0
        self.words: list[str] = []
        self.links: list[str] = []
        self._form: dict[str, Any] | None = None
        self._select: tuple[str, bool] | None = None
        self._textarea: str | None = None
        self.feed(html)
        assert self.headings == 1, "one h1 a page"
        assert len(self.ids) == len(set(self.ids)), (
            f"ids repeat: {[i for i in self.ids if self.ids.count(i) > 1]}"
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if "id" in a:
            self.ids.append(a["id"])
        self.headings += tag == "h1"
        if tag == "a":
            self.links.append(a.get("href", ""))
        if tag == "form":
            self._form = self.forms.setdefault(a.get("action", ""), {})
        if self._form is None:
            return
        if tag == "input" and a.get("name"):
            self._input(a, dict(attrs))
        elif tag == "select":
            self._select = (a["name"], False)
            self._form[a["name"]] = ""
        elif tag == "option" and self._select and ("selected" in dict(attrs)):
            self._form[self._select[0]] = a.get("value", "")
        elif tag == "textarea":
            self._textarea = a["name"]
            self._form[a["name"]] = ""

    def _input(self, a: dict[str, str], raw: dict[str, str | None]) -> None:
        assert self._form is not None
        if a.get("type") in ("radio", "checkbox"):
            if "checked" in raw:
                self._form[a["name"]] = a.get("value", "y")
        elif a.get("type") != "file":
            self._form[a["name"]] = a.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea and self._form is not None:
            # A browser drops the line end that stands right after the tag.
            typed = self._form[self._textarea]
            self._form[self._textarea] = typed.removeprefix("\r").removeprefix("\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form[self._textarea] += data
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(" ".join(self.words).split())

    def form(self, ending: str = "") -> dict[str, Any]:
        """What the form whose address ends so would send."""
        return dict(next(form for action, form in self.forms.items() if action.endswith(ending)))
