"""Whether the clock is right."""

from django import forms

from jirani.acting.forms import ActingForm


class ClockForm(ActingForm, forms.Form):
    """Confirms that the server's date is right."""

    day = forms.DateField(widget=forms.HiddenInput)
