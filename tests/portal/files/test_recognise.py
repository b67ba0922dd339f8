"""What a file is, told by its content."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from pikepdf import Pdf

from portal.files import MAX_BYTES, Unacceptable, recognise


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def pdf() -> bytes:
    made, out = Pdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


def jpeg(kind: bytes = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") -> bytes:
    return b"\xff\xd8" + kind + b"\xff\xdb\x00C\x00" + bytes(64) + b"\xff\xd9"


def office() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (png(), "image/png"),
        (jpeg(), "image/jpeg"),
        (jpeg(b"\xff\xe1\x00\x18Exif\x00\x00II*\x00\x08\x00\x00\x00"), "image/jpeg"),
        (jpeg(b"\xff\xe2\x02\x1cICC_PROFILE\x00\x01\x01"), "image/jpeg"),
    ],
    ids=["pdf", "png", "jpeg", "phone photo", "jpeg with a profile"],
)
def test_pdf_jpeg_and_png_are_taken(content: bytes, media_type: str) -> None:
    assert recognise(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a" + bytes(50),
        b"#!/bin/sh\nrm -rf /\n",
        b"just words",
        bytes(5000),
        b"\xff",
        office(),
    ],
    ids=["exe", "elf", "html", "svg", "gif", "shell", "text", "zeros", "one byte", "docx"],
)
def test_anything_else_is_not(content: bytes) -> None:
    with pytest.raises(Unacceptable) as refusal:
        recognise(content)
    assert refusal.value.reason == "type"


def test_nothing_and_too_much_are_told_apart() -> None:
    with pytest.raises(Unacceptable) as nothing:
        recognise(b"")
    assert nothing.value.reason == "empty"
    with pytest.raises(Unacceptable) as much:
        recognise(png() + bytes(MAX_BYTES))
    assert much.value.reason == "size"
    assert recognise(png() + bytes(MAX_BYTES - len(png()))) == "image/png"
