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
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, EncodedStreamObject, NameObject, NumberObject, StreamObject

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
    """A WebP that is hardly more than the header of its first chunk."""
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
    """Whoever sends files that take all their time would keep everybody else out."""
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


# ── Whose document it is ────────────────────────────────────────────────────────────────────────────────────────────────

NAME = "Amina Haddad"


def kept(body: bytes) -> bytes:
    """What of a document is stored."""
    stored: bytes = checked_upload(SimpleUploadedFile("minutes", body), limit=LIMIT).read()
    return stored


def entries(body: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(body: bytes) -> tuple[int, str]:
    """Pages and text of a PDF."""
    pages = PdfReader(BytesIO(body)).pages
    return len(pages), pages[0].extract_text()


def everything(body: bytes) -> str:
    """All objects of a PDF, unpacked."""
    reader = PdfReader(BytesIO(body))
    numbers = range(1, body.count(b" obj\n") + 1)
    found = [reader.trailer, *(reader.get_object(number) for number in numbers)]
    return " ".join(f"{one} {one.get_data()!r}" if isinstance(one, StreamObject) else str(one) for one in found)


def test_a_pdf_forgets_its_author_and_nothing_else() -> None:
    sent = pdf(NAME)
    stored = kept(sent)

    assert (NAME in everything(sent), everything(sent).count("Why?")) == (True, everything(stored).count("Why?"))
    assert NAME not in everything(stored)
    assert NAME.encode() not in stored
    assert NAME.encode("utf-16-be") not in stored
    assert words_of(stored) == words_of(sent) == (1, "Seats rotate")


def test_what_was_saved_over_an_author_does_not_stay_behind() -> None:
    once = pdf(NAME)
    writer, out = PdfWriter(BytesIO(once), incremental=True), BytesIO()
    writer.metadata = {"/Author": "Nobody"}
    writer.write(out)
    assert NAME.encode() in out.getvalue()

    assert NAME.encode() not in kept(out.getvalue())


@pytest.mark.parametrize("password", [("open", "open"), ("", "change")])
def test_an_encrypted_pdf_is_kept_as_it_was_sent(password: tuple[str, str]) -> None:
    sent = pdf(NAME, password)
    assert kept(sent) == sent


def test_a_signed_pdf_is_kept_as_it_was_sent() -> None:
    writer, out = PdfWriter(BytesIO(pdf(NAME))), BytesIO()
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/SigFlags"): NumberObject(3)})
    writer.write(out)
    assert kept(out.getvalue()) == out.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = f"<w:p xmlns:w='{WORD}'><w:ins w:id='1' w:author='{NAME}' w:date='2026-05-04T00:00:00Z'><w:t>The author of this: Amina</w:t></w:ins></w:p>"
RELATION = '<Relationship Id="r{}" Type="http://schemas.openxmlformats.org/{}" Target="{}"/>'


def document(properties: str) -> bytes:
    """A DOCX with its author in properties of that name, in a change and in a remark."""
    links = RELATION.format(1, "officeDocument/2006/relationships/officeDocument", "word/document.xml")
    links += RELATION.format(2, "package/2006/relationships/metadata/core-properties", properties)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f"<Relationships>{links}</Relationships>",
        "docProps/app.xml": f"<Properties><Company>{NAME}</Company><Manager>{NAME}</Manager></Properties>",
        "docProps/custom.xml": f"<Properties>{NAME}</Properties>",
        "word/document.xml": TEXT,
        "word/comments.xml": f'<w:comment xmlns:w="{WORD}" w:id="0" w:author="{NAME}" w:initials="AH">Why?</w:comment>',
        "word/people.xml": f'<w15:person w15:author="{NAME}"><w15:presenceInfo w15:providerId="AD" w15:userId="{NAME}"/></w15:person>',
        "word/media/image1.png": b"\x89PNG",
        properties.lstrip("/"): f"<cp:coreProperties><dc:creator>{NAME}</dc:creator></cp:coreProperties>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("properties", ["docProps/core.xml", "/package/services/metadata/core-properties/1f.psmdcp"])
def test_a_word_document_forgets_who_wrote_it(properties: str) -> None:
    sent, stored = entries(document(properties)), entries(kept(document(properties)))

    assert [name for name, part in stored.items() if NAME.encode() in part] == []
    assert list(stored) == list(sent)
    same = ("[Content_Types].xml", "_rels/.rels", "word/media/image1.png")
    assert {name: stored[name] for name in same} == {name: sent[name] for name in same}
    assert stored["word/document.xml"].decode() == TEXT.replace(f"'{NAME}'", '"A"')


def _pixels(body: bytes) -> tuple[bytes, int]:
    with Image.open(BytesIO(body)) as picture:
        return picture.tobytes(), picture.getexif().get(0x0112, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_in_a_document_forget_their_camera_and_keep_their_pixels(kind: str) -> None:
    sent, out = image(kind), BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>")):
            archive.writestr(name, part)
        archive.writestr(f"word/media/image1.{kind.lower()}", sent)
    stored = entries(kept(out.getvalue()))[f"word/media/image1.{kind.lower()}"]

    assert (b"SecretPhone" in sent, b"SecretPhone" in stored) == (True, False)
    assert _pixels(stored)[0] == _pixels(sent)[0]
    assert (_pixels(sent)[1], _pixels(stored)[1]) == (6, 6 if kind == "JPEG" else 1)


@pytest.mark.parametrize("cut", [3, 30, 200, 400])
def test_a_damaged_picture_does_not_keep_a_document_out(cut: int) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in (
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", b"<w/>"),
            ("a.jpg", image("JPEG")[:cut]),
        ):
            archive.writestr(name, part)
    assert list(entries(kept(out.getvalue()))) == ["[Content_Types].xml", "word/document.xml", "a.jpg"]


def test_pictures_in_a_pdf_forget_their_camera() -> None:
    writer, out, picture = PdfWriter(BytesIO(pdf())), BytesIO(), EncodedStreamObject()
    picture._data = image("JPEG")
    told = {"Type": "XObject", "Subtype": "Image", "Filter": "DCTDecode", "ColorSpace": "DeviceRGB"}
    picture.update({NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in told.items()})
    sizes = {"Width": 40, "Height": 20, "BitsPerComponent": 8}
    picture.update({NameObject(f"/{name}"): NumberObject(value) for name, value in sizes.items()})
    shown = DictionaryObject({NameObject("/I1"): writer._add_object(picture)})
    writer.pages[0]["/Resources"][NameObject("/XObject")] = shown  # type: ignore[index]
    writer.write(out)
    stored = kept(out.getvalue())

    assert (b"SecretPhone" in out.getvalue(), b"SecretPhone" in stored) == (True, False)
    assert [found.image.size for found in PdfReader(BytesIO(stored)).pages[0].images if found.image] == [(40, 20)]


def test_a_workbook_forgets_who_wrote_it_and_keeps_its_cells() -> None:
    book, out = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet.append(("Seats", 12, "=B1*2"))
    sheet["A1"].comment = Comment("Why?", NAME)
    book.properties.creator = book.properties.lastModifiedBy = NAME
    book.save(out)
    stored = kept(out.getvalue())

    assert [name for name, part in entries(stored).items() if NAME.encode() in part] == []
    read = load_workbook(BytesIO(stored)).worksheets[0]
    assert [cell.value for cell in read[1]] == ["Seats", 12, "=B1*2"]
    assert (read["A1"].comment.text, read["A1"].comment.author) == ("Why?", "A")


def test_an_opendocument_forgets_who_wrote_it() -> None:
    content = f"<office:document-content><dc:creator>{NAME}</dc:creator><text:p>Seats rotate</text:p></office:document-content>"
    parts = {
        "mimetype": ODT_KIND,
        "content.xml": content,
        "meta.xml": f"<office:meta><meta:initial-creator>{NAME}</meta:initial-creator></office:meta>",
        "META-INF/manifest.xml": "<manifest:manifest/>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    stored = entries(kept(out.getvalue()))

    assert [name for name, part in stored.items() if NAME.encode() in part] == []
    assert (list(stored), stored["mimetype"].decode()) == (list(parts), ODT_KIND)
    assert stored["content.xml"].decode() == content.replace(NAME, "A")
