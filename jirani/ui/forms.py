"""Widgets and small promises that every form shares."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A day, chosen with the browser's own calendar in the reader's own way of writing dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class Words(forms.RadioSelect):
    """Choices as a row of words; print the field with ui/components/kinds.html."""


def new_key() -> str:
    """A key for a form that is about to be shown; it names nobody."""
    return str(uuid4())


class SentOnce(forms.Form):
    """Mix in: the form carries a key of its own, so that sent twice (a double press, a lost answer) it counts once."""

    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36, initial=new_key)

    @property
    def key(self) -> str:
        """The key that came with the form, or a new one."""
        return str(self.cleaned_data.get("form_key") or new_key())

    @property
    def digest(self) -> str:
        """Stands for what was typed: 64 hex digits (SHA-256)."""
        typed = sorted(
            (name, value) for name, value in self._typed() if name not in {"form_key", "csrfmiddlewaretoken"}
        )
        return sha256(repr(typed).encode()).hexdigest()

    def _typed(self) -> list[tuple[str, str]]:
        lists: Any = getattr(self.data, "lists", None)
        if lists is None:
            return [(name, str(value)) for name, value in self.data.items()]
        return [(name, value) for name, values in lists() for value in values]


class Versioned(forms.Form):
    """Mix in to a form that changes a record: it carries the version it was opened at."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @property
    def opened_at(self) -> str:
        """The version of the record when the page was opened."""
        return str(self.cleaned_data.get("version") or "")


class DesignForm(forms.Form):
    """One field of each sort, for the design page; nothing is kept."""

    title = forms.CharField(label=_("The lesson, as a sentence"), help_text=_("One that a colleague could repeat."))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("lesson", _("Lesson")),
            ("practice", _("Good practice")),
            ("challenge", _("Challenge")),
            ("recommendation", _("Recommendation")),
        ],
        widget=Words,
    )
    text = forms.CharField(label=_("What was learned"), widget=forms.Textarea(attrs={"class": "large"}), required=False)
    due = forms.DateField(label=_("To be done by"), widget=DayInput)
    evidence = forms.FileField(label=_("Evidence"), help_text=_("PDF, image or table, up to 10 MB."), required=False)
    illustrative = forms.BooleanField(
        label=_("Illustrative"), help_text=_("Not from a source; shown as such."), required=False
    )
