"""A choice for letters that could not be delivered."""

from django import forms

from jirani.acting.forms import ActingForm
from jirani.ui.forms import AddressField


class LettersForm(ActingForm, forms.Form):
    """What to do with letters to one address: send "again" or "leave"."""

    address = AddressField()
    do = forms.ChoiceField(choices=[("again", "again"), ("leave", "leave")])
