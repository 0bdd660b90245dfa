"""Forms of a forum's seats."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.audit.forms import VersionForm
from jirani.members.forms import NamedForm
from jirani.members.models import Organisation
from jirani.translation.forms import choose_among
from jirani.ui.forms import DayInput

from .enums import SeatRole
from .models import Forum


def organisations_near(forum: Forum) -> Any:
    """Organisations that could sit there: those of the country, and those that do or did."""
    near = Q(country=forum.authority.country) | Q(forum_seats__forum=forum)
    return Organisation.objects.filter(near).distinct()


class HolderForm(NamedForm):
    """Who sits in a seat from now on in place of another."""

    from_on = forms.DateField(label=pgettext_lazy("a post", "From"), widget=DayInput, initial=timezone.localdate)

    field_order = ("email", "name", "language", "from_on", "once")


class SeatForm(NamedForm):
    """A seat: the organisation that holds it and, where it is known, who sits in it."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Seat"), initial=SeatRole.MEMBER)
    from_on = forms.DateField(label=pgettext_lazy("a post", "From"), widget=DayInput, initial=timezone.localdate)

    field_order = ("organisation", "role", "email", "name", "language", "from_on", "once")

    def __init__(self, data: Any = None, *, forum: Forum, secretary: bool) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = organisations_near(forum)
        choose_among(fields["organisation"], fields["organisation"].queryset, empty="")
        fields["role"].choices = [one for one in SeatRole.choices if secretary or one[0] != SeatRole.SECRETARY]
        fields["email"].required = fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        """Address and name go together; who keeps the forum has both."""
        data = super().clean() or self.cleaned_data
        for one, other in (("email", "name"), ("name", "email")):
            if data.get(other) and not data.get(one) and one not in self.errors:
                self.add_error(one, ValidationError(self.fields[one].error_messages["required"]))
        if data.get("role") == SeatRole.SECRETARY and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("A secretary keeps the forum here, so enter who it is."))
        return data


class SeatEndForm(VersionForm):
    """The last day of a seat."""

    until_on = forms.DateField(label=_("Last day"), widget=DayInput, initial=timezone.localdate)
