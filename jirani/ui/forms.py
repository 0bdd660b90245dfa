"""Widgets that every form uses."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A day, chosen with the browser's own calendar in the reader's own way of writing dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


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
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("What was learned"), widget=forms.Textarea(attrs={"class": "large"}), required=False)
    due = forms.DateField(label=_("To be done by"), widget=DayInput)
    evidence = forms.FileField(label=_("Evidence"), help_text=_("PDF, image or table, up to 10 MB."), required=False)
    illustrative = forms.BooleanField(
        label=_("Illustrative"), help_text=_("Not from a source; shown as such."), required=False
    )


def let_text_lead(fields: Iterable[forms.Field]) -> None:
    """Let what is typed say in which direction it runs: Arabic on an English page, French on an Arabic one."""
    for field in fields:
        if type(field) is forms.CharField and isinstance(field.widget, forms.Textarea | forms.TextInput):
            field.widget.attrs["dir"] = "auto"
