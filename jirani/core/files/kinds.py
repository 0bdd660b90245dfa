"""Which kind of file it is, by its content.

Office documents are packages (zip): ECMA-376 part 2 and OpenDocument 1.3 part 2 say which entry tells the kind. In which order entries
stand says nothing: some programmes write trash or custom XML first, and some begin names with a slash or part them by backslashes.
"""

import unicodedata
import zipfile
from io import BytesIO
from pathlib import PurePath

from django.utils.translation import gettext_lazy

#: Kinds of images, with the name that Pillow has for each.
IMAGES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
OFFICE = ("docx", "xlsx", "odt")
PLAIN = ("txt", "csv")
#: For the browser's file chooser; the check looks inside.
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.odt,.txt,.csv"
KINDS = gettext_lazy("a PDF, an image (PNG, JPEG, WebP), a document (DOCX, XLSX, ODT) or plain text (TXT, CSV)")

ODT = b"application/vnd.oasis.opendocument.text"
#: Control characters that stand in texts: tab, line ends old and new, form feed, and what DOS ends a file with.
_IN_TEXTS = "\t\n\v\f\r\x1a\x85"


def kind_of(body: bytes, name: str) -> str:
    """The ending that fits the content; "" for what is none of ours. The name decides only what plain text is: TXT or CSV."""
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    if body.startswith(b"PK"):
        return _package_kind(body)
    ending = PurePath(name).suffix.lower().removeprefix(".")
    return ending if ending in PLAIN and _is_text(body) else ""


def _package_kind(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            names = {part_name(entry): entry for entry in package.infolist()}
            mimetype = names.get("mimetype")
            if mimetype is not None:
                with package.open(mimetype) as stream:
                    return "odt" if stream.read(len(ODT) + 1).strip() == ODT else ""
    except Exception:  # noqa: BLE001  a damaged archive raises whatever zipfile, zlib or lzma stumble over
        return next((kind for kind in OFFICE if _begins_like(body, kind)), "")
    if "[content_types].xml" not in names:
        return ""
    return next((kind for kind, main in _MAIN.items() if any(name.startswith(main) for name in names)), "")


#: How the name of the part begins that holds the text or the sheets.
_MAIN = {"docx": "word/document", "xlsx": "xl/workbook"}


def _begins_like(body: bytes, kind: str) -> bool:
    """Whether the first entries of an archive that broke off are those of that kind: then it is damaged rather than none of ours."""
    return (_MAIN[kind].encode() if kind in _MAIN else ODT) in body


def part_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name as packages compare them: without case, a slash before it, backslashes."""
    return entry.filename.replace("\\", "/").removeprefix("/").casefold()


def _is_text(body: bytes) -> bool:
    """Whether a person could read it: UTF-8, or UTF-16 that says so; marks that nobody sees are part of texts."""
    try:
        text = body.decode("utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    signs = set(text) - set(_IN_TEXTS)
    return bool(text.strip()) and not any(
        unicodedata.category(sign) in {"Cc", "Cs"} or sign in "\ufffe\uffff" for sign in signs
    )
