"""The filters of the list of commitments."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.plans.enums import Completion, Status
from jirani.reading.filters import LARGEST, STATES, Filters, choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CommitmentFilter(Filters):
    """Filters of the list of commitments."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=choices(pgettext_lazy("status", "All"), [each for each in Status.choices if each[0] != Status.DRAFT]),
    )
    completion = forms.ChoiceField(
        label=_("Completion"), required=False, choices=choices(pgettext_lazy("completion", "All"), Completion.choices)
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", _("All countries"))])
    state = forms.ChoiceField(required=False, choices=[(state, "") for state in STATES], widget=forms.HiddenInput)
    lesson = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    event = forms.SlugField(required=False, widget=forms.HiddenInput)
    session = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    plan = forms.SlugField(required=False, widget=forms.HiddenInput)
    authority = forms.SlugField(required=False, widget=forms.HiddenInput)
    organisation = forms.SlugField(required=False, widget=forms.HiddenInput)
    origin = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], **values: Iterable[tuple[str, "StrOrPromise"]]) -> None:
        super().__init__(data, **values)
        # The word of the address is one of Python's own.
        self.fields["from"] = self.fields.pop("origin")
