"""The filters of the list of events."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.events.enums import EventFormat, EventKind
from jirani.reading.filters import Filters, choices


class EventFilter(Filters):
    """Filters of the list of events."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=choices(_("All kinds"), EventKind.choices))
    format = forms.ChoiceField(
        label=pgettext_lazy("event", "Format"), required=False, choices=choices(_("All formats"), EventFormat.choices)
    )
    hub = forms.ChoiceField(
        label=pgettext_lazy("of the network", "Regional hub"), required=False, choices=[("", _("All hubs"))]
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", _("All countries"))])
    year = forms.ChoiceField(label=_("Year"), required=False, choices=[("", _("All years"))])
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=[("", _("All themes"))])
    when = forms.ChoiceField(required=False, choices=[("coming", ""), ("past", "")], widget=forms.HiddenInput)
    authority = forms.SlugField(required=False, widget=forms.HiddenInput)
    organisation = forms.SlugField(required=False, widget=forms.HiddenInput)
