"""The filters of the list of plans."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.plans.enums import PlanState
from jirani.reading.filters import Filters, choices


class PlanFilter(Filters):
    """Filters of the list of plans."""

    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", _("All countries"))])
    state = forms.ChoiceField(
        label=pgettext_lazy("plan", "State"),
        required=False,
        choices=choices(
            pgettext_lazy("plans", "All"), [each for each in PlanState.choices if each[0] != PlanState.DRAFT]
        ),
    )
