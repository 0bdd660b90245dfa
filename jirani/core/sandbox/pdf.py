"""A PDF without the names of those who wrote it.

Its pages stay as they are. What goes: the document's information (author, programme, dates), metadata (XMP) of the document and of what it
holds, what programmes keep for themselves, what cameras wrote into pictures, who wrote a remark, and earlier versions of all this that saving leaves in a file. A PDF that is
encrypted cannot be looked through, and one that is signed would not be signed any more: these come back as they were sent.
"""

import io
from collections.abc import Iterator
from itertools import count

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError
from pypdf.generic import DictionaryObject, EncodedStreamObject, PdfObject

from .pictures import bare_picture

#: Annotations whose /T is the name of a field of a form and not of a person.
_FIELDS = "/Widget"


def clean_pdf(body: bytes) -> bytes:
    """The PDF. Raises whatever a damaged one provokes."""
    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted or _is_signed(reader):
        return body
    writer = PdfWriter(clone_from=reader)
    for found in _objects(writer):
        _strip(found)
    # Cloned once more, since only what the pages lead to is: what led to the names is gone, and so are they.
    return _written(PdfWriter(clone_from=io.BytesIO(_written(writer))))


def _written(writer: PdfWriter) -> bytes:
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _objects(writer: PdfWriter) -> Iterator[PdfObject | None]:
    """All that will be written; numbers whose object was taken out are passed over."""
    for number in count(1):
        try:
            yield writer.get_object(number)
        except PdfReadError:
            continue
        except IndexError:
            return


def _is_signed(reader: PdfReader) -> bool:
    form = reader.root_object.get("/AcroForm")
    flags = form.get_object().get("/SigFlags", 0) if form is not None else 0
    return bool(flags & 1)


def _strip(found: PdfObject | None) -> None:
    if not isinstance(found, DictionaryObject):
        return
    for name in ("/Metadata", "/PieceInfo", "/LastModified"):
        found.pop(name, None)
    if isinstance(found, EncodedStreamObject) and found.get("/Filter") == "/DCTDecode":
        found._data = bare_picture(found._data)  # noqa: SLF001  (a JPEG as it is: pypdf's own way to it would decode and encode it)
    if "/Rect" in found and found.get("/Subtype") != _FIELDS and found.get("/FT") is None:
        found.pop("/T", None)
