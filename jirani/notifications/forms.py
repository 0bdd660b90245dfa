"""Forms that write to several people."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from jirani.acting.facts import type_held
from jirani.acting.forms import ActingForm

from .actions import Mailing, NotShown


class Stamps(forms.Field):
    """What a page showed of a mailing (`Mailing.samples`). `notifications/mailing.html` prints them; the field itself is on no page."""

    widget = forms.SelectMultiple


class MailingForm(ActingForm, forms.Form):
    """A form whose action writes to several people, and does so only once they and their letter were shown.

    Give it the `mailing` if it is known when the page is opened. Otherwise the action's first try finds it, is undone, and
    the page then shows `form.mailing`. `form.facts` holds `shown`; the action passes it to `Mailing.send`.
    """

    shown = Stamps(required=False)
    held: ClassVar[type_held] = {"shown": None}

    def __init__(self, *args: Any, mailing: Mailing | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailing = mailing

    @property
    def chosen(self) -> list[int]:
        """Keys of the recipients that came back: all who were shown, or those of them left ticked."""
        keys = (str(stamp).partition("-")[0] for stamp in self.cleaned_data["shown"])
        # As many digits as fit into a key for certain: PostgreSQL answers a larger number with an error.
        return [int(key) for key in keys if re.fullmatch(r"[0-9]{1,18}", key)]

    def refuse(self, error: ValidationError) -> None:
        """Show the error as any form does; if the action would have written letters that were not shown, show these."""
        if isinstance(error, NotShown):
            self.mailing = error.mailing
        super().refuse(error)
