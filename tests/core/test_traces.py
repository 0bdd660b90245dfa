"""Files forget who made them: what they say stays, what they tell of their author goes."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, EncodedStreamObject, NameObject, NumberObject, StreamObject

from jirani.core.files import checked_upload
from tests.pdfs import pdf

from .test_uploads import LIMIT, ODT_KIND, image

NAME = "Amina Haddad"


def kept(body: bytes) -> bytes:
    """Return what is stored of a document."""
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
