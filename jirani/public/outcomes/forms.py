"""The filters of the list of outcomes."""

from django import forms

from jirani.reading.filters import LARGEST, Filters


class OutcomeFilter(Filters):
    """Filters of the list of outcomes: only by the records that they came of."""

    lesson = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    event = forms.SlugField(required=False)
    session = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    authority = forms.SlugField(required=False)
    activity = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    plan = forms.SlugField(required=False)
