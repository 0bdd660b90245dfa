"""A choice for letters that could not be delivered."""

from django import forms

from jirani.acting.forms import ActingForm
from jirani.ui.forms import AddressField


class LettersForm(ActingForm, forms.Form):
    """To one address: "again", or "leave"."""

    address = AddressField()
    do = forms.ChoiceField(choices=[("again", "again"), ("leave", "leave")])
