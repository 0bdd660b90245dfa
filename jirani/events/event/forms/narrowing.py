"""Who may see a record, changed so that fewer may: said beforehand what follows it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from jirani.acting.facts import OWN, type_held
from jirani.acting.forms import ActingForm
from jirani.core.enums import narrower_than
from jirani.events.registry import what_would_follow


class NarrowingForm(ActingForm, forms.Form):
    """A form whose `access` may be narrowed. If something was made from the record, it says what will happen to that
    and asks for confirmation.

    What is then saved is narrowed with its source by the action, whether a form asked or not.
    """

    narrowed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)
    held: ClassVar[type_held] = {"narrowed": OWN}

    def source(self) -> Any:
        """Return the stored record, before the form changes it."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Ask for confirmation if other records would be narrowed too."""
        data = super().clean()
        source, access = self.source(), data.get("access", "")
        if access not in narrower_than(source.access) or data.get("narrowed") == access:
            return data
        if follows := what_would_follow(source, access):
            self._send_next("narrowed", access)
            self.add_error("access", [*follows, _("Save once more to do this.")])
        return data
