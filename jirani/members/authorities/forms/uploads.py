"""A spreadsheet on its way in: sent, looked at, then said yes to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import ActingForm, OnceForm
from jirani.core.sandbox import MOST_TEXT
from jirani.core.sheets import MOST_BYTES, Row, pack_rows, unpack_rows

#: How long a file that was looked at may be said yes to, in seconds.
FRESH = 6 * 3600


class UploadForm(ActingForm, forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(
            "An .xlsx, .ods or CSV file made from the template, up to 10 MB. Hidden sheets are left out, hidden rows are read. "
            "Nothing is saved before you have seen what it does."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv,text/csv"}),
    )

    def clean_file(self) -> bytes:
        """The content, within bounds."""
        file: Any = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB. Split it into several."))
        content: bytes = file.read()
        return content


class ConfirmForm(OnceForm):
    """The file again, as it was looked at: packed and signed, so that nothing has to be kept in between."""

    #: As long as the text of the longest sheet that is read: its rows are packed smaller than they are.
    packed = forms.CharField(widget=forms.HiddenInput, max_length=MOST_TEXT)

    @staticmethod
    def pack(kind: str, rows: Iterable[Row]) -> str:
        """Pack and sign what was read, for the hidden field."""
        return signing.dumps([kind, pack_rows(rows)], salt="jirani.import", compress=True)

    def clean_packed(self) -> tuple[str, list[Row]]:
        """Return the kind and the rows that were read. Refuse data that is not ours or too old."""
        try:
            kind, rows = signing.loads(self.cleaned_data["packed"], salt="jirani.import", max_age=FRESH)
        except signing.BadSignature as error:
            raise ValidationError(_("The upload has expired. Send the file again.")) from error
        return kind, unpack_rows(rows)

    @property
    def facts(self) -> dict[str, Any]:
        """What is brought in."""
        kind, rows = self.cleaned_data["packed"]
        return {"kind": kind, "rows": rows}
