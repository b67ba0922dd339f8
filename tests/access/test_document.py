"""The page about access is what the code says."""

from tests.access.document import PATH, document


def test_the_page_is_written_from_the_code_as_it_is() -> None:
    assert PATH.read_text(encoding="utf-8") == document(), "write it anew: .venv/bin/python -m tests.access"
