"""Whether the clock is right."""

from django import forms

from jirani.acting.forms import ActingForm


class ClockForm(ActingForm, forms.Form):
    """That it is this day."""

    day = forms.DateField(widget=forms.HiddenInput)
