"""How files come into Wagtail: told by what is in them, as evidence is."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from jirani.core.files import checked_upload


class DocumentForm(BaseDocumentForm):
    """A document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Others can fetch it once a published page leads to it. The names of a document’s authors are taken out, except from an encrypted "
            "or signed PDF; what stands on its pages stays."
        )

    def clean_file(self) -> Any:
        """The file as it may be stored. Raises ValidationError for what is too large or none of our kinds."""
        return _checked(self.cleaned_data["file"])


class ImageForm(BaseImageForm):
    """A picture; it loses what a camera wrote into it (where and when it was taken)."""

    def clean_file(self) -> Any:
        """The picture as it may be stored. Raises ValidationError as for a document."""
        return _checked(self.cleaned_data["file"])


def _checked(sent: Any) -> Any:
    """What was sent, under the stem of its name; what is stored already where only the title changes."""
    if not isinstance(sent, UploadedFile):
        return sent
    checked = checked_upload(sent, limit=settings.MAX_UPLOAD_BYTES)
    stem = slugify(PurePath(sent.name or "").stem, allow_unicode=True)[:80] or "file"
    return ContentFile(checked.read(), name=stem + PurePath(str(checked.name)).suffix)
