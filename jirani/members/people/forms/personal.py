"""Forms in which people change their own data."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import VersionForm
from jirani.members.enums import Sector
from jirani.members.models import Person
from jirani.ui.forms import PersonNameField


class PersonForm(VersionForm):
    """My name, language and sector."""

    name = PersonNameField(label=_("Name"))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("The language in which you are written to.")
    )
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=lambda: [("", "–"), *Sector.choices])

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data, record=person)
