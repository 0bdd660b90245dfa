"""Widgets that every form uses, and how they are drawn."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .text import alone


class Renderer(DjangoTemplates):
    """Draws choices with a capital where they are words of the interface; names of records stay as they are."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """A widget, in a select or beside a button to choose it."""
        for _group, options, _index in context.get("widget", {}).get("optgroups", ()):
            for option in options:
                option["label"] = alone(option["label"])
        return super().render(template_name, context, request)


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
