"""What is an address and what is not."""

import pytest

from portal.auth.me.contacts import BadAddress, read_address

HOSTILE = [
    "",
    "   ",
    "jaak",
    "@post.example",
    "jaak@",
    "jaak@post",
    "jaak@@post.example",
    "jaak kristjan@post.example",
    "jaak@post example.ee",
    "jaak@post.example\r\nBcc: koik@post.example",
    "jaak@post.example\nSubject: tere",
    "jaak\x00@post.example",
    "jõeorg@post.example",
    "<script>alert(1)</script>@post.example",
    '"jaak kristjan"@post.example',
    "jaak@[127.0.0.1]",
    "jaak@127.0.0.1",
    "jaak@-post.example",
    "jaak@post..example",
    ".jaak@post.example",
    "jaak@" + "x" * 300 + ".example",
    "x" * 300 + "@post.example",
    "x" * 60_000,
    "jaak@post.example,mari@post.example",
    "jaak@post.example;",
    "Jaak <jaak@post.example>",
    "jaak@post\u200b.example",
    "jaak@\u202epost.example",
    "jaak@post.example'--",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_written_to_is_refused_with_a_way_to_mend_it(typed: str) -> None:
    with pytest.raises(BadAddress, match=r"[A-ZÕÄÖÜ]\w+ .+"):
        read_address(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  jaak@post.example ", "jaak@post.example"),
        ("\u00a0jaak@post.example", "jaak@post.example"),
        ("Jaak.Kristjan+uks@POST.Example", "Jaak.Kristjan+uks@post.example"),
        ("jaak@jo\u0303geva.example", "jaak@jõgeva.example"),
        ("o'neill@post.example", "o'neill@post.example"),
    ],
)
def test_forgivable_spellings_are_understood(typed: str, kept: str) -> None:
    assert read_address(typed) == kept
