"""Which kind of file it is, by its content."""

import unicodedata
from pathlib import PurePath

from django.utils.translation import gettext_lazy

IMAGES = {"png", "jpg", "webp"}
#: A document of an office programme, or any other archive: which one is told by what it holds.
PACKAGE = "package"
PLAIN = ("txt", "csv")
#: For the browser's file chooser; the check looks inside.
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.odt,.txt,.csv"
KINDS = gettext_lazy("a PDF, an image (PNG, JPEG, WebP), a document (DOCX, XLSX, ODT) or plain text (TXT, CSV)")

#: Control characters that texts may hold: tab, line ends old and new, form feed, and what DOS ends a file with.
_IN_TEXTS = "\t\n\v\f\r\x1a\x85"


def kind_of(body: bytes, name: str) -> str:
    """Return the file extension that fits the content; "" for a kind that we don't take. The name only decides between TXT and CSV."""
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    if body.startswith(b"PK"):
        return PACKAGE
    ending = PurePath(name).suffix.lower().removeprefix(".")
    return ending if ending in PLAIN and _is_text(body) else ""


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
