"""A file on its way in: its kind, its size, and what it must not bring with it.

Images lose what a camera writes into them (where and when they were taken, by whose telephone), documents the names of their authors.
"""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.core.sandbox import NotRead, Task, read_apart

from .kinds import IMAGES, KINDS, PACKAGE, kind_of


def checked_upload(upload: "UploadedFile[bytes]", *, limit: int) -> ContentFile[bytes]:
    """The file as it may be stored, named by its kind. Raises ValidationError with a sentence for whoever sent it."""
    body = _read(upload, limit)
    kind = kind_of(body, upload.name or "")
    if not kind:
        raise _not_ours()
    if kind in IMAGES:
        body = _plain_image(body, Task.IMAGE)
    if kind in {"pdf", PACKAGE}:
        body, kind = _nameless(body, kind)
    return ContentFile(body, name=f"file.{kind}")


def checked_image(upload: "UploadedFile[bytes]", *, limit: int) -> ContentFile[bytes]:
    """Return an image that is only shown on pages, no larger than screens show it. Raises ValidationError as above."""
    body = _read(upload, limit)
    kind = kind_of(body, "")
    if kind not in IMAGES:
        raise ValidationError(_("Choose an image: PNG, JPEG or WebP."))
    return ContentFile(_plain_image(body, Task.PAGE_IMAGE), name=f"file.{kind}")


def _read(upload: "UploadedFile[bytes]", limit: int) -> bytes:
    if (upload.size or 0) > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Send a smaller one, or a link."),
            params={"limit": limit // (1024 * 1024)},
        )
    body: bytes = upload.read()
    return body


def _plain_image(body: bytes, task: Task) -> bytes:
    """The same picture, upright and without its metadata."""
    try:
        return read_apart(task, body)
    except NotRead as error:
        raise ValidationError(_IMAGE_REASONS[error.code]) from error


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


_BUSY = gettext_lazy("Other files are being read just now. Send this one again in a minute.")
_OWN = gettext_lazy("Another file of yours is still being read. Send this one again in a minute.")
#: Why an image was not read.
_IMAGE_REASONS = {
    "busy": _BUSY,
    "own": _OWN,
    "limit": gettext_lazy("The image takes too much time or memory to read. Send a smaller one."),
    "damaged": gettext_lazy("The image is damaged. Send it again, or another one."),
    "pixels": gettext_lazy("The image has too many pixels. Send a smaller one."),
}
#: Why a document was not read.
_REASONS = {
    "busy": _BUSY,
    "own": _OWN,
    "limit": gettext_lazy(
        "The document takes too much time or memory to read. Save it again in a simpler form, or send a link."
    ),
    "damaged": gettext_lazy("The document is damaged. Send it again, or another one."),
    "unpacked": gettext_lazy("The document is too large once unpacked. Send a smaller one."),
    "macros": gettext_lazy("The document holds macros. Save it without them."),
}


def _not_ours() -> ValidationError:
    return ValidationError(_("The file must be %(kinds)s."), params={"kinds": KINDS})
