"""Brings the catalogues of English and Russian up to date with the sentences in code and templates."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.texts.languages import LOCALE

ROOT = Path(__file__).parents[1]
PACKAGES = ("portal", "journeys", "inbox", "embeds")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "say": (2,),
    "Problem": (1,),
}


def sentences() -> Catalog:
    """Collect every sentence that must be translated."""
    found = Catalog(fuzzy=False)
    for place, message in _extracted():
        found.add(message, locations=[(place, 0)])
    return found


def _extracted() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for package in PACKAGES:
        for name, _line, message, _comments, _context in extract_from_dir(
            ROOT / package, [("**/demo/**", "ignore"), ("**.py", "python")], keywords=KEYWORDS
        ):
            yield f"{package}/{name}", message
        # The second argument of `Problem` is a sentence too.
        for name, _line, message, _comments, _context in extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords={"Problem": (2,)}
        ):
            yield f"{package}/{name}", message
    options = {"**.html": {"newstyle_gettext": "true"}, "**.txt": {"newstyle_gettext": "true"}}
    for name, _line, message, _comments, _context in extract_from_dir(
        ROOT / "templates",
        [("demo/**", "ignore"), ("**.html", "jinja2"), ("**.txt", "jinja2")],
        options_map=options,
    ):
        yield f"templates/{name}", message


def read(language: str) -> Catalog:
    """Read a catalogue."""
    return read_po(BytesIO((LOCALE / f"{language}.po").read_bytes()), locale=language)


def main() -> None:
    """Update both catalogues: keep what is translated, add what is new, drop what is gone."""
    wanted = sentences()
    for language in ("en", "ru"):
        catalogue = read(language)
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        out = BytesIO()
        write_po(
            out,
            catalogue,
            width=110,
            sort_output=True,
            omit_header=False,
            ignore_obsolete=True,
            include_lineno=False,
        )
        (LOCALE / f"{language}.po").write_bytes(out.getvalue())
        missing = [entry.id for entry in catalogue if entry.id and not all(_strings(entry.string))]
        print(f"{language}: {len(catalogue)} sentences, {len(missing)} not translated")


def _strings(string: Sequence[str] | None) -> Sequence[str]:
    return (string or "",) if isinstance(string, str | None) else string


if __name__ == "__main__":
    main()
