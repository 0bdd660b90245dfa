"""What a person agrees to."""

from collections.abc import Iterable
from typing import Any

from django import forms

from jirani.acting.forms import ActingForm
from jirani.members.models import Person
from jirani.members.text import CONSENTS


class ConsentForm(ActingForm, forms.Form):
    """A checkbox for each consent, in full words."""

    def __init__(self, data: Any = None, *, person: Person, purposes: Iterable[str] = CONSENTS) -> None:
        super().__init__(data)
        self.standing = {one.purpose: one for one in person.consents.all() if one.withdrawn_at is None}
        for purpose in purposes:
            agreed = purpose in self.standing
            self.fields[purpose] = forms.BooleanField(label=CONSENTS[purpose], required=False, initial=agreed)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each question, and since when it has been agreed to."""
        return [
            {"field": self[purpose], "since": one.given_at if (one := self.standing.get(purpose)) else None}
            for purpose in self.fields
        ]

    @property
    def given(self) -> list[str]:
        """The purposes agreed to."""
        return [purpose for purpose in self.fields if self.cleaned_data[purpose]]
