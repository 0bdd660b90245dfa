"""Forms of invitations and of who came: written to, answered, seen, marked as present."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import ActingForm, OnceForm
from jirani.events.models import Event, Participation
from jirani.notifications.forms import MailingForm


class InviteForm(MailingForm):
    """The recipients of invitations: the people whom the page showed, minus those unticked."""

    def clean(self) -> dict[str, Any]:
        """Check that at least one is ticked."""
        data = super().clean()
        if not data["shown"]:
            self.add_error(None, _("Choose at least one person."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Return the keys of the people to write to, out of those that were shown."""
        return {**super().facts, "participations": self.chosen}


class RenewForm(OnceForm):
    """An invitation sent again: nothing to type, but it goes once."""


class AttendanceForm(ActingForm, forms.Form):
    """Who of those on the page was there."""

    shown = forms.ModelMultipleChoiceField(queryset=Participation.objects.none())
    present = forms.ModelMultipleChoiceField(queryset=Participation.objects.none(), required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["shown"].queryset = fields["present"].queryset = Participation.objects.filter(event=event)

    @property
    def facts(self) -> dict[str, Any]:
        """Return the keys of the people that the page showed, and of those that were ticked."""
        return {name: [one.pk for one in rows] for name, rows in super().facts.items()}


class SeenForm(ActingForm, forms.Form):
    """Up to when refusals and changes of mind have been seen: the latest that the page showed."""

    until = forms.DateTimeField(widget=forms.HiddenInput)


class AnswerForm(ActingForm, forms.Form):
    """Whether somebody comes."""

    comes = forms.TypedChoiceField(
        choices=[("yes", _("I will come")), ("no", _("I cannot come"))], coerce=lambda value: value == "yes"
    )
