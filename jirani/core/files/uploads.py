"""A file on its way in: its kind, its size, and what it must not bring with it.

Images lose what a camera writes into them (where and when they were taken, by whose telephone).
"""

import zipfile
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from .kinds import IMAGES, KINDS, OFFICE, kind_of, part_name

MAX_UNPACKED = 100 * 1024 * 1024


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
        raise ValidationError(_("The file must be %(kinds)s."), params={"kinds": KINDS})
    if kind in IMAGES:
        body = _plain_image(body, IMAGES[kind])
    if kind in OFFICE:
        _check_package(body)
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


def _check_package(body: bytes) -> None:
    """A document of an office programme: whole, not a bomb, without macros."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValidationError(_("The document is damaged. Send it again, or another one.")) from error
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ValidationError(_("The document is too large once unpacked. Send a smaller one."))
    names = [part_name(entry) for entry in entries]
    if any("vbaproject" in name or name.startswith("basic/") for name in names):
        raise ValidationError(_("The document holds macros. Save it without them."))
