"""Forms that write to several people."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db import models

from jirani.audit.forms import ActingForm

from .actions import Mailing, NotShown

M = TypeVar("M", bound=models.Model)


class Stamps(forms.Field):
    """What a page showed of a mailing (`Mailing.samples`). `notifications/mailing.html` prints them; the field itself is on no page."""

    widget = forms.SelectMultiple


class MailingForm(ActingForm, forms.Form):
    """A form whose action writes to several people, and does so only once they and their letter were shown.

    Give it the `mailing` if it is known when the page is opened. Otherwise the action's first try finds it, is undone, and
    the page then shows `form.mailing`. `form.facts` holds `shown`; the action passes it to `Mailing.send`.
    """

    shown = Stamps(required=False)

    def __init__(self, *args: Any, mailing: Mailing | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailing = mailing

    @property
    def chosen(self) -> list[int]:
        """Keys of the recipients that came back: all who were shown, or those of them left ticked."""
        keys = (str(stamp).partition("-")[0] for stamp in self.cleaned_data["shown"])
        return [int(key) for key in keys if re.fullmatch(r"[0-9]{1,18}", key)]

    def make(self, action: Callable[[], M]) -> M | None:
        """Return what `action` returns; None, with the mailing to preview, if it would send something that was not shown."""
        return super().make(lambda: self._only_shown(action))

    def _only_shown(self, action: Callable[[], M]) -> M:
        try:
            return action()
        except NotShown as error:
            self.mailing = error.mailing
            raise
