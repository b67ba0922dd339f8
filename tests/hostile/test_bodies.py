"""Bodies that no browser sends: broken multipart, odd encodings, files where words belong, lies about lengths."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile.world import JOURNEY, PDF, Person, World, told_plainly, words

pytestmark = pytest.mark.anyio


def multipart(fields: list[tuple[str, bytes]], *raw: bytes, boundary: bytes = b"X") -> bytes:
    """Write parts, each with its headers and its bytes."""
    parts = [b"--%s\r\n%s\r\n\r\n%s\r\n" % (boundary, headers.encode(), body) for headers, body in fields]
    return b"".join(parts) + b"".join(raw) + b"--%s--\r\n" % boundary


def named(name: str, value: bytes | str) -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="{name}"', value if isinstance(
        value, bytes
    ) else value.encode()


@pytest.fixture(scope="module")
async def mari(world: World) -> Person:
    return await world.person("Mari-Liis", "Männik")


Targets = list[tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
async def targets(mari: Person) -> Targets:
    """List where forms go, with the names of what a person writes there."""
    draft, sent = await mari.draft(), await mari.sent()
    return [
        (f"/et/drafts/{draft}/teie", {"residence": "Pikk 1", "act": "next"}),
        (f"/et/drafts/{draft}/teie/autosave", {"residence": "Pikk 1"}),
        (f"/et/drafts/{draft}/review", {"confirm": "y", "revision": "1"}),
        (f"/et/drafts/{draft}/files/bills", {"files": ""}),
        (f"/et/drafts/{draft}/period", {}),
        (f"/et/apply/{JOURNEY}", {"kov": "0663"}),
        (f"/et/inbox/{sent}/messages", {"text": "Tere"}),
        ("/et/messages/new", {"authority": "0663", "subject": "Küsimus", "text": "Tere"}),
        (f"/et/inbox/{sent}/withdrawal", {"reason": "Ei vaja"}),
        ("/et/me", {"address": "mari@naide.ee", "language": "et"}),
        ("/auth/renew", {"next": "/et/inbox"}),
    ]


def answered(answer: Any, path: str) -> None:
    assert answer.status_code < 500 or path == "/auth/renew", (path, answer.status_code, words(answer))
    if answer.status_code >= 400 and "json" not in answer.headers.get("content-type", ""):
        told_plainly(answer, *range(400, 504))


async def test_a_file_where_words_belong_is_no_fault(mari: Person, targets: Targets) -> None:
    for path, typed in targets:
        own = await mari.fresh()
        for name in {*typed, *own}:
            given = (own | typed).items()
            parts = [named(n, v) for n, v in given if n != name]
            parts.append((f'Content-Disposition: form-data; name="{name}"; filename="x.pdf"', PDF))
            headers = {"Content-Type": "multipart/form-data; boundary=X"}
            answered(
                await mari.client.post(path, content=multipart(parts), headers=headers), f"{path} {name}"
            )


CHARSETS = ("utf-16", "utf-7", "unicode_escape", "punycode", "undefined", "x" * 5000, "utf-8;charset=idna")


@pytest.mark.parametrize("charset", CHARSETS, ids=lambda name: name[:20])
async def test_no_declared_encoding_is_a_fault(mari: Person, targets: Targets, charset: str) -> None:
    own = await mari.fresh()
    for path, typed in targets:
        for kind in ("multipart/form-data; boundary=X", "application/x-www-form-urlencoded"):
            headers = {"Content-Type": f"{kind}; charset={charset}"}
            parts = [named(n, v) for n, v in (own | typed).items()]
            parts += [named(n, b"\\ud800\xff\xfe\x00+2AA-") for n in typed]
            upload = (
                b'--X\r\nContent-Disposition: form-data; name="files"; filename="\\ud800.pdf"\r\n\r\n'
                + PDF
                + b"\r\n"
            )
            answered(await mari.client.post(path, content=multipart(parts, upload), headers=headers), path)


def broken() -> Iterator[tuple[str, str, bytes]]:
    whole = multipart([named("text", "Tere")])
    yield "no boundary", "multipart/form-data", whole
    yield "empty boundary", "multipart/form-data; boundary=", whole
    yield "another boundary", "multipart/form-data; boundary=Y", whole
    yield "boundary of 10000", "multipart/form-data; boundary=" + "b" * 10_000, whole
    yield "boundary with a quote", 'multipart/form-data; boundary="a\\"b', whole
    yield "cut off", "multipart/form-data; boundary=X", whole[:40]
    yield "nothing", "multipart/form-data; boundary=X", b""
    yield "only the end", "multipart/form-data; boundary=X", b"--X--"
    yield "after the end", "multipart/form-data; boundary=X", whole + b"garbage" * 100
    yield "before the start", "multipart/form-data; boundary=X", b"garbage\r\n" + whole
    yield "no name", "multipart/form-data; boundary=X", multipart([("Content-Disposition: form-data", b"x")])
    yield "no disposition", "multipart/form-data; boundary=X", multipart([("X: y", b"x")])
    yield "no headers", "multipart/form-data; boundary=X", b"--X\r\n\r\nx\r\n--X--"
    yield "odd header", "multipart/form-data; boundary=X", multipart([("\x00\xff: \x01", b"x")])
    yield (
        "header of a megabyte",
        "multipart/form-data; boundary=X",
        multipart([("X: " + "y" * 1_000_000, b"x")]),
    )
    yield "bare line feeds", "multipart/form-data; boundary=X", whole.replace(b"\r\n", b"\n")
    yield "5000 parts", "multipart/form-data; boundary=X", multipart([named("text", "x")] * 5000)
    yield (
        "25 files",
        "multipart/form-data; boundary=X",
        multipart([('Content-Disposition: form-data; name="files"; filename="a.pdf"', PDF)] * 25),
    )
    yield "random", "multipart/form-data; boundary=X", bytes(range(256)) * 100
    yield "a type of garbage", "\xff\xfe/;;;=", whole
    yield "no type", "", whole
    yield "json", "application/json", b'{"csrf_token": "x"}'
    yield "broken percents", "application/x-www-form-urlencoded", b"csrf_token=%zz%&=&&&;%ff=%ff%00"
    yield "invalid utf-8", "application/x-www-form-urlencoded", b"\xff\xfe=\xc3\x28&text=%c3%28"
    yield "5000 fields", "application/x-www-form-urlencoded", b"a=b&" * 5000
    yield "a name of 2 MB", "application/x-www-form-urlencoded", b"a" * 2_000_000 + b"=b"
    yield "text/plain", "text/plain", b"text=Tere"


@pytest.mark.parametrize(
    ("kind", "body"), [each[1:] for each in broken()], ids=[each[0] for each in broken()]
)
async def test_a_broken_body_is_answered_in_words(
    mari: Person, targets: Targets, kind: str, body: bytes
) -> None:
    for path, _ in targets:
        headers = {"Content-Type": kind.encode("latin-1")}
        answer = await mari.client.post(path, content=body, headers=headers)  # type: ignore[arg-type]
        told_plainly(answer)


async def test_more_than_a_request_may_hold_is_told_in_words(world: World, mari: Person) -> None:
    draft = await mari.draft()
    answer = await mari.attach(draft, ("suur.pdf", PDF + b"x" * 23_000_000))
    told_plainly(answer, 413)
    assert "20 MB" in answer.text

    async def chunks() -> Any:
        for _ in range(30):
            yield b"x" * 1_000_000

    kind = {"Content-Type": "multipart/form-data; boundary=X"}
    told_plainly(
        await mari.client.post(f"/et/drafts/{draft}/files/bills", content=chunks(), headers=kind), 413, 400
    )


@pytest.mark.parametrize("length", ["0", "5", "99999999999999999999", "-1", "x", "1e3", ""])
async def test_a_lie_about_the_length_is_no_fault(mari: Person, length: str) -> None:
    draft = await mari.draft()
    form = await mari.fresh()
    from urllib.parse import urlencode

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": length}
    answer = await mari.client.post(
        f"/et/drafts/{draft}/teie", content=urlencode(form | {"act": "leave"}).encode(), headers=headers
    )
    assert answer.status_code < 500, words(answer)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "ru;q=nan,en;q=1e999,et;q=-1,;;;==,"),
        ("Accept-Language", "x" * 50_000),
        ("Cookie", "uks_session=\x7f; uks_session; =; uks_signin=" + "a" * 50_000),
        ("Cookie", 'uks_session="' + "\xff" * 43),
        ("Referer", "http://["),
        ("Referer", "http://[::1/et/inbox"),
        ("Referer", "\xff\xfe"),
        ("Accept", "\xff"),
        ("If-Modified-Since", "Thu, 99 Foo 99999 99:99:99"),
        ("If-None-Match", 'W/"' * 500),
        ("Range", "bytes=-1-,x"),
        ("Range", "bytes=" + "0-," * 5000),
        ("X-Forwarded-For", "' OR 1=1; --"),
        ("X-Forwarded-Host", "evil.example"),
        ("Authorization", "Bearer \xff\xfe"),
        ("Transfer-Encoding", "x"),
    ],
    ids=lambda text: text[:24],
)
async def test_no_header_is_a_fault(world: World, name: str, value: str) -> None:
    # One of the forms is the log-out's.
    mari = await world.person()
    own = await mari.fresh()
    headers = {name: value.encode("latin-1")}
    css = (await mari.get("/et/inbox")).text.split('rel="stylesheet" href="')[1].split('"')[0]
    for path in (
        "/",
        "/et/",
        "/et/inbox",
        "/auth/login",
        "/metrics",
        "/health/live",
        css,
        "/et/no-such-page",
    ):
        answer = await mari.client.get(path, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code < 500 or path == "/auth/login", (path, words(answer))
        assert "evil.example" not in answer.text
    for path in ("/auth/renew", "/auth/logout", "/et/me", "/bridge/v1/events", "/auth/backchannel-logout"):
        answer = await mari.client.post(path, data=own, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code < 500 or path.startswith("/auth/"), (path, words(answer))
        assert "Meie viga" not in answer.text, path
