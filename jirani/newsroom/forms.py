"""How files and texts come into Wagtail: files told by what is in them, as evidence is; texts as its editor writes them."""

import json
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from jirani.core.files import checked_image, checked_upload


class _WholeForm(forms.ModelForm[Any]):
    """A form whose new file must be sent again if anything is wrong: Wagtail would keep it, unchecked, for a second try."""

    def _post_clean(self) -> None:
        """Check after the model's own validation, so that errors found there count too."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, as its forms for accounts use it
        if self.errors and self.instance.pk is None and not self.has_error("file"):
            self.add_error("file", _("Choose the file again: it is not kept while something is wrong."))


class DocumentForm(_WholeForm, BaseDocumentForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Others can download it once a published page links to it. The names of a document’s authors are removed, except from an encrypted or "
            "signed PDF; the content of its pages is kept."
        )

    def clean_file(self) -> Any:
        """The file as it may be stored. Raises ValidationError for what is too large or none of our kinds."""
        return _checked(self.cleaned_data["file"], checked_upload)


class ImageForm(_WholeForm, BaseImageForm):
    """A picture, stripped of what the camera wrote into it (where and when it was taken)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file: Any = self.fields["file"]
        file.to_python = _of_safe_image(file.to_python)


def _of_safe_image(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let Wagtail decode a picture only if it may be stored. Raises ValidationError as for a document."""

    def reading(data: Any) -> Any:
        return read(_checked(data, checked_image))

    return reading


class RichTextArea(DraftailRichTextArea):
    """Wagtail's rich-text editor. Content that the editor could not have produced is a field error."""

    #: A value that no text field takes.
    UNREADABLE = "\x00"
    DEEPEST = 20

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The text as it is stored."""
        sent = data.get(name)
        if not sent:
            return sent
        try:
            told = json.loads(sent) or {}
            if any(int(block.get("depth", 0)) > self.DEEPEST for block in told.get("blocks", [])):
                return self.UNREADABLE
            text: str = super().value_from_datadict(data, files, name)
            text.encode()  # half of a pair of surrogates is no text that the database could hold
            return text
        except Exception:  # noqa: BLE001  the converter raises whatever it stumbles over
            return self.UNREADABLE

    def format_value(self, value: Any) -> Any:
        """The text as the editor shows it."""
        return super().format_value("" if value == self.UNREADABLE else value)


def _checked(sent: Any, check: Callable[..., ContentFile[bytes]]) -> Any:
    """Return the checked upload under the stem of its name; the stored file if only the title changes."""
    if not isinstance(sent, UploadedFile):
        return sent
    checked = check(sent, limit=settings.MAX_UPLOAD_BYTES)
    stem = slugify(PurePath(str(sent.name)).stem, allow_unicode=True)[:80] or "file"
    return ContentFile(checked.read(), name=stem + PurePath(str(checked.name)).suffix)
