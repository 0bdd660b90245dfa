"""Uploaded files: told by what is in them, never by what they are called.

Images lose what a camera writes into them (where and when they were taken, by whose telephone).
"""

import zipfile
from io import BytesIO
from pathlib import PurePath

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What a file may be: the ending of its content type.
IMAGES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
OFFICE = ("docx", "xlsx", "odt")
PLAIN = ("txt", "csv")
#: For the browser's file chooser; the check looks inside.
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.odt,.txt,.csv"
KINDS = gettext_lazy("a PDF, an image (PNG, JPEG, WebP), a document (DOCX, XLSX, ODT) or plain text (TXT, CSV)")

MAX_PIXELS = 60_000_000
MAX_UNPACKED = 200 * 1024 * 1024


def checked_upload(upload: "UploadedFile[bytes]", *, limit: int) -> ContentFile[bytes]:
    """The file as it may be stored, named by its kind. Raises ValidationError with a sentence for whoever sent it."""
    if (upload.size or 0) > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Send a smaller one, or a link."),
            params={"limit": limit // (1024 * 1024)},
        )
    body = upload.read()
    kind = _kind(body, upload.name or "")
    if not kind:
        raise ValidationError(_("The file must be %(kinds)s."), params={"kinds": KINDS})
    if kind in IMAGES:
        body = _plain_image(body, IMAGES[kind])
    if kind in OFFICE:
        _check_package(body)
    return ContentFile(body, name=f"file.{kind}")


def _kind(body: bytes, name: str) -> str:
    guess = filetype.guess(body)
    if guess is not None:
        found = str(guess.extension)
        return found if found == "pdf" or found in IMAGES or found in OFFICE else ""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    return ending if ending in PLAIN and _is_text(body) else ""


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(
        sign.isprintable() or sign in "\t\r\n\f\u200e\u200f\u200c\u200d\u00a0\u202f" for sign in text
    )


def _plain_image(body: bytes, format_: str) -> bytes:
    """The same picture, upright and without its metadata."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(body), formats=[format_]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("The image has too many pixels. Send a smaller one."))
            upright = ImageOps.exif_transpose(image)
            bare = upright.convert("RGB") if format_ == "JPEG" else upright.copy()
        bare.info = {}
        out = BytesIO()
        bare.save(out, format=format_, quality=88)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(_("The image is damaged. Send it again, or another one.")) from error
    return out.getvalue()


def _check_package(body: bytes) -> None:
    """A document of an office programme: whole, not a bomb, without macros."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValidationError(_("The document is damaged. Send it again, or another one.")) from error
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ValidationError(_("The document is too large once unpacked. Send a smaller one."))
    if any("vbaproject" in entry.filename.lower() or entry.filename.startswith("Basic/") for entry in entries):
        raise ValidationError(_("The document holds macros. Save it without them."))
