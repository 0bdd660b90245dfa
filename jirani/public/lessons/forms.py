"""The filters of the library."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from jirani.events.enums import EventKind
from jirani.language import fold
from jirani.lessons.enums import Addressee, LessonKind, ReviewLevel
from jirani.reading.filters import LARGEST, STATES, Filters

#: Letters and digits of a search, at least.
LEAST_LETTERS = 2


class LessonFilter(Filters):
    """Filters of the list of lessons. Only the search words are typed; the rest are links with counts."""

    q = forms.CharField(
        label=_("Search the lessons"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(required=False, choices=LessonKind.choices, widget=forms.HiddenInput)
    level = forms.ChoiceField(required=False, choices=ReviewLevel.choices, widget=forms.HiddenInput)
    addressee = forms.ChoiceField(required=False, choices=Addressee.choices, widget=forms.HiddenInput)
    event_kind = forms.ChoiceField(required=False, choices=EventKind.choices, widget=forms.HiddenInput)
    state = forms.ChoiceField(required=False, choices=[(state, "") for state in STATES], widget=forms.HiddenInput)
    country = forms.RegexField("^[A-Z]{2}$", required=False, widget=forms.HiddenInput)
    theme = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    driver = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    authority = forms.SlugField(required=False, widget=forms.HiddenInput)
    event = forms.SlugField(required=False, widget=forms.HiddenInput)
    session = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def clean_q(self) -> str:
        """Words to look for: one letter begins too many of them."""
        words: str = self.cleaned_data["q"]
        if words and len(re.findall(r"[^\W_]", fold(words))) < LEAST_LETTERS:
            raise forms.ValidationError(_("Enter at least two letters."))
        return words
