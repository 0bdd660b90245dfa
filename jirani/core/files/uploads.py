"""A file on its way in: its kind, its size, and what it must not bring with it.

Images lose what a camera writes into them (where and when they were taken, by whose telephone), documents the names of their authors.
"""

from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.core.sandbox import NotRead, Task, read_apart

from .kinds import IMAGES, KINDS, PACKAGE, kind_of


def checked_upload(upload: "UploadedFile[bytes]", *, limit: int) -> ContentFile[bytes]:
    """The file as it may be stored, named by its kind. Raises ValidationError with a sentence for whoever sent it."""
    if (upload.size or 0) > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Send a smaller one, or a link."),
            params={"limit": limit // (1024 * 1024)},
        )
    body = upload.read()
    kind = kind_of(body, upload.name or "")
    if not kind:
        raise _not_ours()
    if kind in IMAGES:
        body = _plain_image(body, IMAGES[kind])
    if kind in {"pdf", PACKAGE}:
        body, kind = _nameless(body, kind)
    return ContentFile(body, name=f"file.{kind}")


def _plain_image(body: bytes, format_: str) -> bytes:
    """The same picture, upright and without its metadata. How large it is stands in its header, which is read first."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(body), formats=[format_]) as image:
            if image.width * image.height > settings.MAX_IMAGE_PIXELS:
                raise ValidationError(_("The image has too many pixels. Send a smaller one."))
            upright = ImageOps.exif_transpose(image)
            bare = upright.convert("RGB") if format_ == "JPEG" else upright.copy()
        bare.info = {}
        out = BytesIO()
        bare.save(out, format=format_, quality=88)
    except ValidationError:
        raise
    except (
        Exception
    ) as error:  # Pillow raises whatever a damaged file provokes: OSError, ValueError, SyntaxError, struct.error …
        raise ValidationError(_("The image is damaged. Send it again, or another one.")) from error
    return out.getvalue()


def _nameless(body: bytes, kind: str) -> tuple[bytes, str]:
    """A document without the names of those who wrote it, and its kind."""
    try:
        if kind == "pdf":
            return read_apart(Task.PDF, body), kind
        found, _end, document = read_apart(Task.PACKAGE, body).partition(b"\n")
        return document, found.decode()
    except NotRead as error:
        if error.code == "kind":
            raise _not_ours() from error
        raise ValidationError(_REASONS[error.code]) from error


#: Why a document was not read.
_REASONS = {
    "busy": gettext_lazy("Other files are being read just now. Send this one again in a minute."),
    "limit": gettext_lazy(
        "The document takes too much time or memory to read. Save it again in a simpler form, or send a link."
    ),
    "damaged": gettext_lazy("The document is damaged. Send it again, or another one."),
    "unpacked": gettext_lazy("The document is too large once unpacked. Send a smaller one."),
    "macros": gettext_lazy("The document holds macros. Save it without them."),
}


def _not_ours() -> ValidationError:
    return ValidationError(_("The file must be %(kinds)s."), params={"kinds": KINDS})
