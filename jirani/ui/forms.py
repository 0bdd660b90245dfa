"""The form of the design page: one field of each sort."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DesignForm(forms.Form):
    """Shown bound and empty, so that its faults show; nothing is kept."""

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
        initial="practice",
    )
    text = forms.CharField(
        label=_("What was learned"), widget=forms.Textarea(attrs={"class": "large"}), required=False
    )
    due = forms.DateField(label=_("To be done by"), widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.FileField(label=_("Evidence"), help_text=_("PDF, image or table, up to 10 MB."), required=False)
    illustrative = forms.BooleanField(
        label=_("Illustrative"), help_text=_("Not from a source; shown as such."), required=False
    )
