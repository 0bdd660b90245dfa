"""Files are told by what is in them, and keep nothing of the camera."""

import struct
import zipfile
import zlib
from io import BytesIO
from random import Random
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

from jirani.core.files import checked_image, checked_upload
from jirani.core.sandbox import reading_for, running
from tests.pdfs import pdf

LIMIT = 200_000
PDF = pdf()


def image(kind: str, *, size: tuple[int, int] = (40, 20)) -> bytes:
    picture, out = Image.new("RGB", size, "teal"), BytesIO()
    notes = picture.getexif()
    notes[0x010F], notes[0x0112] = "SecretPhone", 6
    picture.save(out, format=kind, exif=notes)
    return out.getvalue()


def package(*names: str, first: str = "", late: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "<x/>")
        if late:
            archive.writestr("mimetype", late)
    return out.getvalue()


def workbook() -> bytes:
    out = BytesIO()
    Workbook().save(out)
    return out.getvalue()


ODT_KIND = "application/vnd.oasis.opendocument.text"
DOCX = package("[Content_Types].xml", "_rels/.rels", "word/document.xml")
ODT = package("content.xml", first=ODT_KIND)


def check(body: bytes, name: str = "evidence.bin") -> str:
    return str(checked_upload(SimpleUploadedFile(name, body), limit=LIMIT).name)


@pytest.mark.parametrize(
    ("body", "name", "stored"),
    [
        (PDF, "minutes.exe", "file.pdf"),
        (image("PNG"), "a.html", "file.png"),
        (image("JPEG"), "photo", "file.jpg"),
        (image("WEBP"), "photo.png", "file.webp"),
        (DOCX, "minutes.docx", "file.docx"),
        (workbook(), "figures.xlsx", "file.xlsx"),
        (ODT, "minutes.odt", "file.odt"),
        ("Ukumbi – القاعة\n".encode(), "notes.TXT", "file.txt"),
        (b"a,b\n1,2\n", "figures.csv", "file.csv"),
        (package("[trash]/0001.dat", "word/document.xml", "[Content_Types].xml"), "minutes", "file.docx"),
        (package("customXml/item3.xml", "[Content_Types].xml", "word/document2.xml"), "minutes.pdf", "file.docx"),
        (package("\\xl\\workbook.xml", "[Content_Types].xml"), "figures", "file.xlsx"),
        (package("Thumbnails/thumbnail.png", late=ODT_KIND), "minutes", "file.odt"),
        ("السلام \u2067عليكم\u2069\n".encode(), "words.txt", "file.txt"),
        ("mtaa\u00adni, ba\u200braza, \u2060\ufeff".encode(), "words.csv", "file.csv"),
        ("Réunion\x85\u2028".encode("utf-16"), "words.txt", "file.txt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_be_kept_is_named_by_its_kind(body: bytes, name: str, stored: str) -> None:
    assert check(body, name) == stored


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"<html><script>alert(1)</script>", "page.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg"),
        (b"MZ\x90\x00" + b"\0" * 300, "minutes.pdf"),
        (b"GIF89a" + b"\0" * 40, "moving.png"),
        (package("a.txt"), "archive.docx"),
        (package("word/document.xml"), "no-package.docx"),
        (package("[Content_Types].xml", first="application/vnd.oasis.opendocument.graphics"), "drawing.odt"),
        (b"plain\x1b[31mtext", "colours.txt"),
        (image("PNG").replace(b"IDAT", b"IDAX"), "damaged.png"),
        (image("PNG")[:-30] + b"\xff" * 18, "crc.png"),
        (image("WEBP")[:40], "broken.webp"),
        (package("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/vbaProject.bin"), "macros.docx"),
        (package("content.xml", "Basic/Standard/Module1.xml", first=ODT_KIND), "macros.odt"),
        (b"\xff\xfe\x00binary", "notes.txt"),
        (b"bell \x07", "notes.txt"),
        (b"", "empty.txt"),
        (image("PNG")[:60], "broken.png"),
        (PDF + b"\0" * LIMIT, "huge.pdf"),
        (PDF[:200], "broken.pdf"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "page.pdf"),
        (DOCX[:60], "broken.docx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_not_be_kept_is_refused_with_a_sentence(body: bytes, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check(body, name)

    assert refused.value.messages[0].endswith(".")


def test_a_photograph_forgets_its_camera_and_stands_upright() -> None:
    kept = checked_upload(SimpleUploadedFile("photo.jpg", image("JPEG")), limit=LIMIT).read()

    assert b"SecretPhone" not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert (dict(picture.getexif()), picture.size) == ({}, (20, 40))


def test_an_image_of_too_many_pixels_is_refused_by_its_header() -> None:
    def header(width: int, height: int) -> bytes:
        size = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
        return (
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + size + struct.pack(">I", zlib.crc32(size)) + b"\0\0\1\0IDAT"
        )

    with pytest.raises(ValidationError, match="too many pixels"):
        check(header(8000, 7400), "huge.png")  # there is nothing to decode
    with pytest.raises(ValidationError, match="damaged"):
        check(header(600, 400), "broken.png")


# ── Images that were made to hurt ───────────────────────────────────────────────────────────────────────────────────────


def webp(kind: bytes, packed: bytes) -> bytes:
    """Make a WebP that is hardly more than the header of its first chunk."""
    chunk = kind + struct.pack("<I", len(packed)) + packed + b"\0" * 40
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


@pytest.mark.parametrize(
    "large",
    [
        webp(b"VP8X", b"\0\0\0\0" + (5999).to_bytes(3, "little") + (5000).to_bytes(3, "little")),
        webp(b"VP8L", b"\x2f" + (5999 | 5000 << 14).to_bytes(4, "little")),
        webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 6000, 5001)),
    ],
)
def test_a_webp_of_too_many_pixels_is_refused_by_its_header(large: bytes) -> None:
    with pytest.raises(ValidationError, match="too many pixels"):
        check(large)


def noise(width: int, height: int) -> bytes:
    """A WebP of few bytes and costly pixels: a tile of noise, which no encoder can predict, over and over."""
    tile = Image.frombytes("RGBA", (64, 64), Random(7).randbytes(64 * 64 * 4))
    picture, out = Image.new("RGBA", (width, height)), BytesIO()
    for left in range(0, width, 64):
        for top in range(0, height, 64):
            picture.paste(tile, (left, top))
    picture.save(out, format="WEBP", lossless=True, method=0)
    return out.getvalue()


def test_an_image_that_takes_too_much_memory_ends_with_the_child() -> None:
    hungry = noise(6100, 4090)
    assert len(hungry) < 50_000
    with pytest.raises(ValidationError, match="takes too much time or memory"):
        check(hungry)
    assert check(noise(200, 100)) == "file.webp"


def test_an_image_waits_for_its_turn_as_documents_do() -> None:
    sent = [image("JPEG"), image("PNG"), image("WEBP"), PDF]
    for _ in range(3):
        assert running._PRESENT.acquire(blocking=False)
    try:
        for body in sent:
            with pytest.raises(ValidationError, match="Send this one again in a minute"):
                check(body)
    finally:
        for _ in range(3):
            running._PRESENT.release()
    assert [check(body) for body in sent] == ["file.jpg", "file.png", "file.webp", "file.pdf"]


def test_one_person_has_one_file_read_and_one_waiting_and_others_find_a_place() -> None:
    """Otherwise a person who sends files that use up their time limit would keep everybody else out."""
    hungry, begun, results = noise(6100, 4090), Barrier(4), list[str]()

    def send() -> None:
        with reading_for(lambda: 7):
            begun.wait()
            try:
                check(hungry)
            except ValidationError as refused:
                results.extend(refused.messages)

    senders = [Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    begun.wait()
    with reading_for(lambda: 8):
        assert check(DOCX) == "file.docx"
    for sender in senders:
        sender.join()

    assert "Another file of yours is still being read. Send this one again in a minute." in results
    with reading_for(lambda: 7):
        assert check(DOCX) == "file.docx"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_for_pages_is_no_larger_than_screens_show(kind: str) -> None:
    def size_of(size: tuple[int, int]) -> tuple[int, int]:
        sent = SimpleUploadedFile("photo", image(kind, size=size))
        with Image.open(checked_image(sent, limit=LIMIT)) as stored:
            assert stored.format == kind
            return stored.size

    assert (size_of((3000, 1500)), size_of((40, 20))) == ((1280, 2560), (20, 40))
    with pytest.raises(ValidationError, match="Choose an image: PNG"):
        checked_image(SimpleUploadedFile("photo.png", PDF), limit=LIMIT)
